"""Options that cannot be used are refused when the sink is made, by one sentence."""

import base64

import pytest
from aiohttp import web

from collector.config.sinks import Elasticsearch as Configured
from exporters.elastic import Elastic, ElasticOptions, words
from exporters.sink import OptionsError, Paced, Pacing, Sink
from model.times import SECOND
from tests.exporters.samples import told
from tests.servers.process import free_port

URL = "http://127.0.0.1:1"


def secret(folder, text, mode=0o600):
    file = folder / "secret"
    file.write_text(text)
    file.chmod(mode)
    return file


def refusal(**options):
    with pytest.raises(OptionsError) as error:
        Elastic(ElasticOptions(**{"urls": (URL,), **options}), now=lambda: 0)
    return error.value.text


def test_addresses_of_both_kinds_are_refused():
    assert "urls" in refusal(urls=(URL, "https://127.0.0.1:2")).vi


async def test_a_name_that_dns_cannot_hold_is_an_outage_like_any_other():
    sink = Elastic(ElasticOptions(urls=(f"http://{'x' * 70}:9200",)), now=lambda: 0)
    try:
        (receipt,) = await sink.send([told(1)])
    finally:
        await sink.close()
    assert (receipt.outcome, receipt.reason) == ("retry", words.NO_NAME.vi)


def test_a_secret_that_anybody_may_read_is_refused(tmp_path):
    file = secret(tmp_path, "chìa-khóa", 0o644)
    for options in ({"api_key_file": file}, {"username": "edge", "password_file": file}):
        text = refusal(**options)
        assert "chmod 600" in text.vi
        assert "chìa-khóa" not in text.vi


def test_files_that_are_not_there_are_named(tmp_path):
    missing = tmp_path / "không-có"
    assert str(missing) in refusal(api_key_file=missing).vi
    assert str(missing) in refusal(urls=("https://127.0.0.1:1",), ca_file=missing).vi
    empty = tmp_path / "rỗng.pem"
    empty.write_text("")
    assert str(empty) in refusal(urls=("https://127.0.0.1:1",), ca_file=empty).vi


def test_options_have_the_names_that_config_toml_has():
    configured = set(Configured.model_fields) - {"type"}
    assert configured == set(ElasticOptions.__struct_fields__) - {"language", "origin"}
    bare = Configured.model_validate({"type": "elasticsearch", "urls": [URL]}, context={"base": "."})
    options = ElasticOptions(**bare.model_dump(exclude={"type"}))
    assert options == ElasticOptions(urls=(URL,))


def test_it_is_a_sink():
    sink: Sink = Elastic(ElasticOptions(urls=(URL,), name="tỉnh", spread=90 * SECOND, rate=7), now=lambda: 0)
    assert isinstance(sink, Paced)
    assert sink.pacing == Pacing(spread=90.0, rate=7)
    assert (sink.name, sink.streams) == ("tỉnh", ("finding", "posture", "health", "observation"))


@pytest.mark.parametrize(
    ("text", "options", "header"),
    [
        ("bWE6a2hvYQ==\n", {"api_key_file": True}, "ApiKey bWE6a2hvYQ=="),
        ("ma:khoa", {"api_key_file": True}, "ApiKey " + base64.b64encode(b"ma:khoa").decode()),
        ("mật khẩu", {"username": "edge", "password_file": True}, "Basic " + base64.b64encode("edge:mật khẩu".encode()).decode()),
        ("bWE6a2hvYQ==", {"credential": "secret"}, "ApiKey bWE6a2hvYQ=="),
        ("khoa", {"username": "edge", "credential": "secret"}, "Basic " + base64.b64encode(b"edge:khoa").decode()),
    ],
)
async def test_the_login_goes_out_as_the_engine_reads_it(text, options, header, tmp_path, monkeypatch):
    file = secret(tmp_path, text)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    given = {key: file if value is True else value for key, value in options.items()}
    assert await _seen(given) == header


async def _seen(options):
    """The Authorization header of a request."""
    seen = []

    async def answer(request):
        seen.append(request.headers.get("authorization"))
        return web.Response(status=401)

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", answer)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    sink = Elastic(ElasticOptions(urls=(f"http://127.0.0.1:{port}",), **options), now=lambda: 0)
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        assert (await sink.send([told(1)]))[0].outcome == "retry"
    finally:
        await sink.close()
        await runner.cleanup()
    return seen[0]
