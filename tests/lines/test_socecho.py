"""`vonggac soc-echo`: whom it answers, with what, and whose ports it tries: the caller's own, agreed in writing, and nobody else's."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from collector import socecho
from collector.clock import SystemClock
from collector.config.consents import load_consents
from collector.refusal import ConfigError
from collector.token import read_token
from tests.lines.conftest import OTHER, TOKEN, consents

AGREED = {"addresses": '["127.0.0.1"]', "signed_by": '"Nguyễn Văn A, Chủ tịch"', "until": "2025-12-31"}


@pytest.fixture
async def open_port():
    """A port of this machine that accepts, and how often somebody came."""
    came = []

    async def accept(_reader, writer):
        came.append(1)
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], came
    server.close()
    await server.wait_closed()


@pytest.fixture
async def shut_port():
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def ask(address, method="GET", path="/echo", token=TOKEN, **headers):
    async with aiohttp.ClientSession() as session, session.request(method, address + path, headers={"Authorization": f"Bearer {token}", **headers}) as answer:
        return answer.status, await answer.json(content_type=None) if answer.status == 200 else await answer.text()


async def knock(address, **fields):
    return await ask(address, "POST", "/knock", **fields)


async def test_a_site_is_told_where_it_comes_from(serve):
    assert await ask(await serve()) == (200, {"address": "127.0.0.1"})


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_no_proxys_word_is_believed(serve, name):
    assert await ask(await serve(), **{name: "for=203.0.113.9"}) == (200, {"address": "127.0.0.1"})


@pytest.mark.parametrize("token", ["", "sai", TOKEN + "x", TOKEN[:-1], "ngõ"])
async def test_who_has_no_token_is_told_nothing(serve, token):
    status, said = await ask(await serve(), token=token)
    assert (status, "127.0.0.1" in said) == (401, False)


async def test_who_asks_too_often_waits(serve, clock):
    address = await serve()
    assert (await ask(address))[0] == 200
    assert (await ask(address))[0] == 429
    assert (await ask(address, token=OTHER))[0] == 200
    clock.passed += socecho.ECHO_PAUSE
    assert (await ask(address))[0] == 200


async def test_agreed_ports_of_the_callers_own_address_are_tried(serve, open_port, shut_port, caplog):
    port, came = open_port
    caplog.set_level("INFO")
    status, told = await knock(await serve(ports=f"[{port}, {shut_port}]", **AGREED))
    assert (status, told) == (200, {"address": "127.0.0.1", "knocked": sorted([port, shut_port]), "open": [port]})
    assert came == [1]
    assert "Nguyễn Văn A" in caplog.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {**AGREED, "addresses": '["203.0.113.5"]', "ports": "[1]"},
        {**AGREED, "until": "2025-07-14", "ports": "[1]"},
    ],
    ids=["nothing agreed", "another address", "expired"],
)
async def test_without_consent_for_this_address_nothing_is_tried(serve, fields):
    status, said = await knock(await serve(**fields))
    assert (status, said) == (403, "no written consent for this address")


async def test_consent_holds_to_the_end_of_its_last_day(serve, shut_port):
    address = await serve(**{**AGREED, "until": "2025-07-15"}, ports=f"[{shut_port}]")
    assert (await knock(address))[0] == 200


async def test_any_address_means_wherever_the_site_calls_from(serve, shut_port):
    address = await serve(**{**AGREED, "addresses": '"any"'}, ports=f"[{shut_port}]")
    assert (await knock(address))[0] == 200


async def test_ports_cannot_be_asked_for(serve, open_port, shut_port):
    port, came = open_port
    address = await serve(**AGREED, ports=f"[{shut_port}]")
    status, told = await ask(address, "POST", f"/knock?ports={port}&address=127.0.0.2")
    assert (status, told["address"], told["knocked"], came) == (200, "127.0.0.1", [shut_port], [])


async def test_one_knock_in_ten_minutes(serve, clock, shut_port):
    address = await serve(ports=f"[{shut_port}]", **AGREED)
    assert [(await knock(address))[0] for _ in range(2)] == [200, 429]
    clock.passed += socecho.KNOCK_PAUSE
    assert (await knock(address))[0] == 200


async def test_nothing_else_is_served(serve):
    address = await serve()
    assert (await ask(address, "POST"))[0] == 405
    assert (await ask(address, path="/"))[0] == 404


# Files


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"ports": "[22]"}, "signed_by"),
        ({**AGREED, "signed_by": '" "', "ports": "[22]"}, "signed_by"),
        ({"ports": "[0]"}, "ports"),
        ({"ports": str(list(range(1, 80)))}, "64"),
        ({"addresses": '["moi-noi"]'}, "addresses"),
        ({"prots": "[22]"}, "prots"),
    ],
)
def test_a_consent_that_is_none_is_refused_in_one_sentence(tmp_path, fields, word):
    with pytest.raises(ConfigError) as refused:
        load_consents(consents(tmp_path, **fields))
    assert word in refused.value.text.vi
    assert "\n" not in refused.value.text.vi


@pytest.mark.parametrize(
    ("content", "mode", "word"), [(b"ngan", 0o600, "16"), (b"a" * 40, 0o644, "chmod"), ("ngõ nhỏ dài dài dài".encode(), 0o600, "chữ"), (None, 0, "đọc")]
)
def test_a_token_that_is_none_is_refused(tmp_path, content, mode, word):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    with pytest.raises(ConfigError) as refused:
        read_token(file)
    assert word in refused.value.text.vi
    assert "aaaa" not in refused.value.text.vi


@pytest.mark.parametrize(("listen", "word"), [("0.0.0.0:0", "--certificate"), ("nowhere", "MÁY:CỔNG"), ("127.0.0.1:99999", "MÁY:CỔNG")])
async def test_it_does_not_listen_to_the_world_in_clear(tmp_path, listen, word):
    with pytest.raises(ConfigError) as refused:
        await socecho.run(listen, consents(tmp_path), None, None, SystemClock(), lambda _address: None)
    assert word in refused.value.text.vi


def test_the_command_serves_until_told_to_stop(tmp_path):
    command = [str(Path(sys.executable).with_name("vonggac")), "soc-echo", "--consents", str(consents(tmp_path)), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        try:
            address = service.stdout.readline().split()[3]
            assert asyncio.run(ask(address)) == (200, {"address": "127.0.0.1"})
        finally:
            service.terminate()
        assert service.wait(10) == 0
