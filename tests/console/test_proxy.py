"""The page behind a real nginx with the very configuration that docs/page.md gives."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
import trustme

from tests.console.people import SECRET, Person
from tests.servers.process import ServerProcess, free_port

ROOT = Path(__file__).parents[2]
NAME = "vonggac.tinh.example"


def configuration(folder: Path, port: int, page: str, authority: trustme.CA) -> Path:
    """The shipped example with this test's ports and certificate, inside what nginx wants around it."""
    made = authority.issue_cert(NAME)
    made.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in made.cert_chain_pems))
    server = (ROOT / "deploy/proxy/nginx.conf").read_text()
    for example, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/vonggac.pem", str(folder / "cert.pem")),
        ("/etc/ssl/private/vonggac.key", str(folder / "key.pem")),
        ("http://127.0.0.1:8470", page),
    ):
        assert server.count(example) == 1
        server = server.replace(example, here)
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{server}\n}}\n"
    )
    return whole


class Here(aiohttp.abc.AbstractResolver):
    """Any name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[aiohttp.abc.ResolveResult]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def behind(folder: Path, page: str) -> AsyncIterator[Person]:
    """Somebody who comes through nginx."""
    if shutil.which("nginx") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("needs Debian's nginx: apt-get install nginx-light")
    authority, port = trustme.CA(), free_port()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    argv = ["nginx", "-c", str(configuration(folder, port, page, authority)), "-p", str(folder)]
    server = ServerProcess(argv, folder / "nginx.log", folder=folder)
    server.start()
    try:
        async with Person(f"https://{NAME}:{port}") as person:
            await person.client.close()
            person.client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust, resolver=Here()))
            async with asyncio.timeout(30):
                while True:
                    try:
                        await person.get("/-/healthy")
                        break
                    except aiohttp.ClientConnectorError:
                        assert server.pid is not None, (folder / "nginx.log").read_text()
                        await asyncio.sleep(0.05)
            yield person
    finally:
        server.stop()


@pytest.mark.servers
async def test_through_nginx_people_log_in_act_and_hear_of_news(staffed, tmp_path: Path) -> None:
    page, made, hand, _ = await staffed(proxy="127.0.0.1", named=[NAME])
    (tmp_path / "nginx").mkdir()
    async with behind(tmp_path / "nginx", page.url) as lan:
        spoofed = {"X_Forwarded_For": "203.0.113.66", "X_Forwarded_Host": "localhost", "X_Forwarded_Proto": "http"}
        answer = await lan.post("/dang-nhap", {"name": "lan", "password": SECRET}, **spoofed)
        assert answer.status == 303, answer.text
        assert answer.headers["Set-Cookie"].startswith("__Host-vonggac=")
        assert made.trail.latest(1)[0].address == "127.0.0.1", "whom nginx saw, not whom the visitor names"
        assert (await lan.submit("/phat-hien/000000000001/nhan")).status == 303
        assert [act.by for act in hand.asked] == ["lan"]
        async with lan.client.get(lan.url + "/events?since=1") as stream:
            assert await stream.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
            hand.journal.bump()
            async with asyncio.timeout(20):
                assert b"event: change" in await stream.content.readuntil(b"\n\n")
        port = urlsplit(lan.url).port
        assert (await lan.get("/", Host=f"evil.example:{port}")).status == 421
