"""Rendered looks of a running box: a suspicion becomes a picture, in the evidence and on the page, made by real Chromium in the small internet."""

from __future__ import annotations

import json
import os
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.lab.lab import Process
from tests.portals.lab.case import all_cases
from tests.portals.lab.internet import Internet
from tests.system.program import PATIENCE, VONGGAC, Box, address, spawned, until

pytestmark = pytest.mark.root

# Reading tells of the first, and the browser shows it; of the second only the browser can tell.
READ, RUN = "attack/meta-plain", "attack/rendered-fetched"
# A round is twenty seconds of looks two seconds apart, with up to three rendered pages among them.
WATCHED = 3 * PATIENCE
PORTALS = '[portals]\ndns = "{dns}"\nsamples = 0\nmissing = 0\nrender = "suspicion"\n'


@dataclass
class Running:
    """A box at work in the small internet, and its page."""

    internet: Internet
    box: Box
    process: Process
    page: str

    def got(self, path: str) -> bytes:
        """A part of the page, over the namespace the box is in."""
        with self.internet.inside(), urllib.request.urlopen(self.page + path, timeout=PATIENCE) as answered:
            body: bytes = answered.read()
            return body

    def finding(self, portal: str) -> dict[str, Any]:
        """The redirect that is held against a portal; empty while none is."""
        return next((line for line in self.box.findings("VG-WEB-01") if line["subject"]["id"] == portal), {})

    def pictured(self, portal: str) -> list[str]:
        """The captures with a picture that the page of a portal shows."""
        html = self.got(f"cong/{portal}").decode()
        return [part.partition('"')[0] for part in html.split(f'<img src="/cong/{portal}/anh/')[1:]]


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the test portal needs root: it makes network namespaces")
    cases = [found for found in all_cases() if found.id in (READ, RUN)]
    with Internet(cases) as internet, tempfile.TemporaryDirectory(prefix="vg-r-") as name:
        hosts = {found.id: found.case.hosts[0] for found in cases}
        box = Box(Path(name)).site()
        (box.folder / "declared" / "portals.csv").write_text(f"id,url,name\nxa-a,https://{hosts[READ]}/,Cổng xã A\nxa-b,https://{hosts[RUN]}/,Cổng xã B\n")
        box.write(PORTALS.format(dns=internet.dns))
        with internet.inside():
            process = spawned([str(VONGGAC), "run", "--config", str(box.config)], box.folder / "run.log", env={"SSL_CERT_FILE": str(internet.authority)})
        try:
            yield Running(internet, box, process, address(process))
        finally:
            process.stop()
        assert "Traceback" not in process.said(), process.said()


@pytest.mark.parametrize(("portal", "target"), [("xa-a", "vuasan88.vip"), ("xa-b", "longphat68.com")], ids=["read", "run"])
def test_a_suspicion_is_rendered_kept_and_shown(running: Running, portal: str, target: str, tmp_path: Path) -> None:
    until(lambda: bool(running.pictured(portal)), f"a picture of {portal}", WATCHED)
    finding = running.finding(portal)
    assert target in json.dumps(finding)
    for capture in running.pictured(portal):
        picture = running.got(f"cong/{portal}/anh/{capture}")
        assert picture.startswith(b"\xff\xd8\xff")
        assert len(picture) > 4_000, "a blank page is no evidence"
    running.box.ask("portals", "evidence", finding["id"], "--out", str(tmp_path / "chung-cu.zip"))
    with zipfile.ZipFile(tmp_path / "chung-cu.zip") as packed:
        pictures = [packed.read(name) for name in packed.namelist() if "screenshots/" in name]
    assert running.got(f"cong/{portal}/anh/{running.pictured(portal)[0]}") in pictures


def test_what_the_browser_saw_says_so_on_the_page(running: Running) -> None:
    until(lambda: bool(running.pictured("xa-b")), "the rendered look", WATCHED)
    html = running.got("cong/xa-b").decode()
    assert "chạy trong trình duyệt" in html
    assert "hxxps://longphat68.com" in html
