"""TLS and logins of the real server: what a box's own login can do, and one sentence for each that is wrong."""

import pytest

from exporters.elastic import ElasticOptions, words
from exporters.sink import DUPLICATE
from tests.exporters.elastic.conftest import installed
from tests.exporters.samples import health, posture, told
from tests.servers.elasticsearch import EDGE
from tests.servers.engine import ADMIN
from tests.servers.fault_proxy import FaultProxy

pytestmark = pytest.mark.servers


def login(folder, who, password=None):
    file = folder / f"{who.user}.secret"
    file.write_text((password or who.password) + "\n")
    file.chmod(0o600)
    return {"username": who.user, "password_file": file}


@pytest.fixture(scope="module")
def guarded(secured_elasticsearch, certificates, tmp_path_factory):
    """The secured server with our templates, installed by its administrator."""
    options = login(tmp_path_factory.mktemp("admin"), ADMIN)
    steps = installed(ElasticOptions(urls=(secured_elasticsearch.url,), ca_file=certificates.authority, **options))
    assert {step.outcome for step in steps} == {"done"}, steps
    return secured_elasticsearch


async def sent(sink):
    (receipt,) = await sink.send([told(1)])
    return receipt.outcome, receipt.reason


async def test_a_login_that_can_only_create_is_enough(guarded, certificates, namespace, sink_to, tmp_path):
    sink = sink_to(guarded.url, ca_file=certificates.authority, **login(tmp_path, EDGE))
    rows = [told(0), posture(1), health(2)]
    assert [receipt.outcome for receipt in await sink.send(rows)] == ["accepted"] * 3
    assert [receipt.reason for receipt in await sink.send(rows)] == [DUPLICATE] * 3
    assert set(guarded.documents(f"logs-vonggac.*-{namespace}")) == {"row-0", "row-1", "row-2"}


async def test_a_boxs_login_installs_no_templates(guarded, certificates, tmp_path):
    (step,) = installed(ElasticOptions(urls=(guarded.url,), ca_file=certificates.authority, **login(tmp_path, EDGE)))
    assert (step.outcome, step.text) == ("failed", words.MANAGE.vi)


async def test_a_wrong_password_is_said_and_nothing_is_lost(guarded, certificates, sink_to, tmp_path):
    outcome, reason = await sent(sink_to(guarded.url, ca_file=certificates.authority, **login(tmp_path, EDGE, "sai")))
    assert outcome == "retry"
    assert reason.startswith(words.LOGIN.vi)
    assert "sai" not in reason.removeprefix(words.LOGIN.vi)


async def test_no_login_and_an_unknown_key_are_said_alike(guarded, certificates, sink_to, tmp_path):
    key = tmp_path / "key"
    key.write_text("bm9ib2R5OmtleQ==")
    key.chmod(0o600)
    for options in ({}, {"api_key_file": key}):
        outcome, reason = await sent(sink_to(guarded.url, ca_file=certificates.authority, **options))
        assert (outcome, reason.startswith(words.LOGIN.vi)) == ("retry", True)


async def test_the_name_in_the_address_must_be_in_the_certificate_even_where_it_is_an_ip(guarded, certificates, sink_to, tmp_path):
    sink = sink_to(guarded.wrong_name_url, ca_file=certificates.authority, **login(tmp_path, EDGE))
    assert await sent(sink) == ("retry", words.WRONG_NAME.vi)


@pytest.mark.parametrize(("leaf", "sentence"), [("wrong_name", words.WRONG_NAME), ("expired", words.EXPIRED), ("stranger", words.UNTRUSTED)])
async def test_each_bad_certificate_has_its_sentence(leaf, sentence, server, certificates, sink_to):
    async with FaultProxy(server.url, tls=getattr(certificates, leaf)) as proxy:
        assert await sent(sink_to(proxy.url, ca_file=certificates.authority)) == ("retry", sentence.vi)
        assert proxy.seen == []


async def test_without_ca_file_a_private_authority_is_not_trusted(guarded, sink_to):
    assert await sent(sink_to(guarded.url)) == ("retry", words.UNTRUSTED.vi)


async def test_https_to_a_server_without_tls_and_the_other_way_round(guarded, server, certificates, sink_to):
    assert await sent(sink_to(server.url.replace("http:", "https:"))) == ("retry", words.NO_TLS.vi)
    outcome, reason = await sent(sink_to(guarded.url.replace("https:", "http:")))
    assert (outcome, reason) in {("retry", words.CUT.vi), ("retry", words.STRANGER.vi)}
