"""The page of the running program once people log in: over TLS, with core apart, and what keeps an unguarded page from other machines."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path

import aiohttp
import pytest
import trustme

from tests.console.people import SECRET, Person, user, write_users
from tests.lab.lab import Process
from tests.system.program import PATIENCE, Box, ran, running, until

# An interface that is not there is a finding somebody can take.
LEG = '[[legs]]\nname = "lan"\ninterface = "eth77"\nheartbeat = "1s"\n'


def staffed(box: Box) -> None:
    """Two users who need not change their passwords."""
    (box.folder / "state").mkdir(exist_ok=True)
    write_users(box.folder / "state/users.json", user("analyst"), user("administrator"))


def secured(box: Box, authority: trustme.CA, *names: str) -> str:
    """The table [web] with a certificate for `names`."""
    made = authority.issue_cert(*names)
    (box.folder / "web.pem").write_bytes(b"".join(pem.bytes() for pem in made.cert_chain_pems))
    made.private_key_pem.write_to_path(str(box.folder / "web.key"))
    (box.folder / "web.key").chmod(0o600)
    return '[web]\nport = 0\nhost = "0.0.0.0"\ncert_file = "web.pem"\nkey_file = "web.key"\n'


def port(process: Process) -> str:
    """Where the page is, as the program prints it."""
    until(lambda: "Trang theo dõi: " in process.said(), "the page's address")
    return process.said().partition("Trang theo dõi: ")[2].split()[0].rpartition(":")[2].strip("/")


async def taken(url: str, trust: ssl.SSLContext, box: Box) -> tuple[str, str]:
    """Logs in, takes the first finding; the cookie's head and the finding."""
    async with Person(url) as lan:
        await lan.client.close()
        lan.client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), connector=aiohttp.TCPConnector(ssl=trust))
        assert (await lan.get("/phat-hien")).status == 303
        cookie = (await lan.log_in("analyst")).headers["Set-Cookie"]
        async with asyncio.timeout(PATIENCE):
            while not (found := [line["id"] for line in box.lines("findings", "list")]):
                await asyncio.sleep(0.2)
        answer = await lan.submit(f"/phat-hien/{found[0]}/nhan")
        assert answer.status == 303, answer.text
        return cookie, found[0]


def test_an_act_on_the_page_goes_through_core_over_tls(box: Box) -> None:
    staffed(box)
    authority = trustme.CA()
    box.write(LEG, secured(box, authority, "localhost", "soc.xa-a.example"))
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        with running(box, "collect") as collect, running(box, "web") as web:
            collect.wait_for("eth77", PATIENCE)
            cookie, finding = asyncio.run(taken(f"https://localhost:{port(web)}", trust, box))
    assert cookie.startswith("__Host-vonggac=")
    assert "; Secure" in cookie
    (shown,) = [line for line in box.lines("findings", "list") if line["id"] == finding]
    assert shown["cause"] == "act by lan"
    deeds = [(line["by"], line["deed"], line["about"]) for line in box.lines("audit", "list")]
    assert deeds == [("lan", "login", ""), ("lan", "acknowledge", finding)]
    assert SECRET not in core.said() + web.said() + json.dumps(box.lines("audit", "list"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[web]\nhost = "0.0.0.0"\n', "trừ khi có TLS"),
        ('[web]\nhost = "192.0.2.1"\ncert_file = "a.pem"\n', "phải đi cùng nhau"),
        ('[web]\nproxy = "127.0.0.1"\n', "chưa có người dùng"),
        ('[web]\nhost = "0.0.0.0"\nproxy = "192.0.2.7"\n', "chưa có người dùng"),
        ('[web]\nproxy = "soc.example"\n', "một địa chỉ IP"),
        ('[web]\nurl = "soc.example"\n', "https://"),
        ('[web]\nmetrics_open = ["10.0.0.1/8"]\n', "các dải địa chỉ"),
        ('[web]\nidle = "10s"\n', "từ"),
        ('[web]\ncert_file = "a.pem"\nkey_file = "a.key"\n', "cert_file"),
    ],
)
def test_what_keeps_the_page_from_starting_is_one_sentence(box: Box, table: str, said: str) -> None:
    box.write(LEG, table)
    done = ran("web", "--config", box.config)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_key_that_others_may_read_is_refused(box: Box) -> None:
    staffed(box)
    box.write(LEG, secured(box, trustme.CA(), "localhost"))
    (box.folder / "web.key").chmod(0o640)
    done = ran("web", "--config", box.config)
    assert (done.returncode, "chmod 600" in done.stderr) == (1, True)


def test_the_certificate_says_by_which_names_the_page_is_opened(tmp_path: Path) -> None:
    from collector.config import load
    from collector.web import names_of

    made = Box(tmp_path)
    made.write(secured(made, trustme.CA(), "soc.xa-a.example", "192.0.2.9") + 'url = "https://vong-gac.example/"\n')
    assert names_of(load(made.config).web) == ["vong-gac.example", "soc.xa-a.example", "192.0.2.9"]
