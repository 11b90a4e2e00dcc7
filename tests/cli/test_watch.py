"""`vonggac watch`: what a person, or a program, is told of one check of a portal, whatever the portal answers."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from collector.cli.say import speak
from collector.cli.watch_line import line_of
from collector.cli.watch_tree import draw
from collector.clock import SystemClock
from collector.portals import Looking
from collector.registry import build_all
from collector.sensors.portals.resolver import SystemResolver
from collector.watchonce import Checked, check_all, portal_of
from model.text import Text
from model.webfacts import LookFailed, PageLooked
from tests.cli.strangers import NOWHERE, Strangers
from tests.cli.test_bad_input import sentence
from tests.servers.certificates import Certificates
from tests.system.program import ran

# What a look may take of a body: 2 MiB, and what stands in the sockets between.
MOST_TAKEN = 12 << 20


class NoNames(SystemResolver):
    """Every name is this machine's own server, where nobody listens: no question leaves it."""

    async def resolve(self, host):
        if host == NOWHERE:
            return ["127.0.9.200"]
        return await super().resolve(host)


@dataclass
class Answered:
    """All checks, by the kind of stranger."""

    checked: dict[str, Checked]
    strangers: Strangers

    def printed(self, kind: str, capsys: pytest.CaptureFixture[str], *hints: Text) -> str:
        draw(self.checked[kind], hints)
        return capsys.readouterr().out

    def line(self, kind: str) -> dict[str, Any]:
        return json.loads(line_of(self.checked[kind]))

    def verdicts(self, kind: str) -> dict[str, str]:
        return {verdict.detector: verdict.outcome for verdict in self.checked[kind].verdicts}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answered(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Answered]:
    certificates = Certificates(tmp_path_factory.mktemp("tls"))
    detectors = [detector for detector in build_all() if 4 in detector.about.findings]
    found: dict[str, Checked] = {}
    async with Strangers(certificates.wrong_name.server_context()) as strangers:
        portals = [portal_of(url, kind) for kind, url in strangers.urls.items()]
        how = Looking(vantage="watch", gap=0.0, allow=("127.0.0.0/8",), authorities=str(certificates.authority))
        await check_all(portals, NoNames(), SystemClock(), detectors, how, done=lambda checked: found.update({checked.portal.id: checked}))
        yield Answered(found, strangers)


@pytest.fixture(autouse=True)
def vietnamese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "1000")
    speak("vi")
    yield
    speak("vi")


@pytest.mark.parametrize(("kind", "reason"), [("loop", "loop"), ("endless", "loop"), ("bomb", "too_large"), ("header", "protocol"), ("garbage", "protocol")])
def test_what_no_visitor_could_see_is_unknown_with_its_reason(answered: Answered, kind: str, reason: str) -> None:
    checked = answered.checked[kind]
    assert not checked.seen
    assert {look.reason for look in checked.looks if isinstance(look, LookFailed)} == {reason}
    assert set(answered.verdicts(kind).values()) == {"unknown"}
    assert answered.line(kind)["outcome"] == "unknown"


@pytest.mark.parametrize("kind", ["ordinary", "utf8", "control"])
def test_an_odd_page_is_a_page(answered: Answered, kind: str) -> None:
    assert set(answered.verdicts(kind).values()) == {"clear"}


@pytest.mark.parametrize("kind", ["windows-1258", "tcvn3"])
def test_old_encodings_hide_nothing(answered: Answered, kind: str) -> None:
    assert answered.verdicts(kind)["VG-WEB-02"] == "violation"


@pytest.mark.parametrize("kind", ["loop", "endless", "frames"])
def test_no_way_is_followed_without_end(answered: Answered, kind: str) -> None:
    assert 10 <= max(len(look.hops) for look in answered.checked[kind].looks) <= 12


def test_of_two_gigabytes_a_look_takes_two_megabytes(answered: Answered) -> None:
    strangers = answered.strangers
    assert strangers.taken["huge"] / strangers.looks["huge"] < MOST_TAKEN
    assert answered.verdicts("huge")["VG-WEB-01"] == "unknown"


def test_a_certificate_for_another_name_is_told_and_the_page_read_all_the_same(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    looks = answered.checked["certificate"].looks
    assert {look.hops[0].trouble for look in looks} == {"tls:name"}
    assert all(isinstance(look, PageLooked) for look in looks)
    assert "chứng thư của tên miền khác" in answered.printed("certificate", capsys)


def test_where_all_are_refused_it_is_not_called_clean(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(answered.verdicts("refusing").values()) == {"unknown"}
    printed = answered.printed("refusing", capsys)
    assert "chưa rõ: bị chặn" in printed
    assert "đạt" not in printed


def test_the_tree_tells_what_is_wrong_first_and_who_was_led_where(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    lines = answered.printed("google", capsys, Text("còn nữa", "more")).splitlines()
    assert "vi phạm" in lines[1]
    assert "VG-WEB-01" in lines[1]
    ways = [number for number, line in enumerate(lines) if re.match(r"[├└]── [●✓◌○] ", line) and "VG-WEB" not in line]
    led, stayed = lines[ways[0]], lines[ways[1]]
    assert "● máy tính, đến từ Google · điện thoại, đến từ Google" in led
    assert "✓ máy tính · điện thoại Android" in stayed
    assert "không bị chuyển đi đâu (trang chủ ×8" in stayed
    way = "\n".join(lines[ways[0] : ways[1]])
    assert way.index("(302, của cổng)") < way.index(f"máy chủ chuyển hướng → hxxp://{NOWHERE}/")
    assert "ngoài danh sách cho phép" in way
    assert lines[-1] == "└── ⓘ còn nữa"


def test_the_tree_speaks_english_where_people_do(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    speak("en")
    printed = answered.printed("google", capsys)
    assert "the server redirects" in printed
    assert "sent nowhere" in printed


@pytest.mark.parametrize("kind", ["google", "control", "utf8", "header"])
def test_nothing_a_portal_says_reaches_the_terminal_as_a_command(answered: Answered, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    printed = answered.printed(kind, capsys)
    assert all(letter.isprintable() or letter == "\n" for letter in printed)


def test_no_address_in_the_tree_can_be_clicked(answered: Answered, capsys: pytest.CaptureFixture[str]) -> None:
    assert "http" not in answered.printed("google", capsys)


def test_a_program_is_told_every_hop_of_every_look(answered: Answered) -> None:
    line = answered.line("google")
    assert (line["outcome"], line["severity"]) == ("violation", "medium")
    assert {verdict["detector"] for verdict in line["verdicts"]} == {"VG-WEB-01", "VG-WEB-02", "VG-WEB-03"}
    led = [look for look in line["looks"] if look["persona"] == "search_google" and look["part"] == "home"]
    assert [[(hop["how"], hop["host"], hop["lawful"]) for hop in look["hops"]] for look in led] == [
        [("asked", line["looks"][0]["hops"][0]["host"], "own"), ("http", NOWHERE, "none")]
    ]
    assert {look["outcome"] for look in line["looks"]} <= {"seen", "unknown"}


def test_every_persona_of_everybody_looked(answered: Answered) -> None:
    personas = {look.persona for look in answered.checked["ordinary"].looks}
    assert len(personas) == 10
    assert not {persona for persona in personas if persona.startswith("crawler")}


def test_what_is_no_web_address_is_a_usage_error() -> None:
    assert "không phải địa chỉ web" in sentence(ran("watch", "xã an bình"), 2)
    assert "không phải địa chỉ web" in sentence(ran("watch", "ftp://xa-a.test/"), 2)


def test_options_that_cannot_be_meant_are_usage_errors(tmp_path: Path) -> None:
    assert "dải địa chỉ" in sentence(ran("watch", "https://xa-a.test", "--allow", "10.0.0.0.0/8"), 2)
    assert "nowhere.pem" in sentence(ran("watch", "https://xa-a.test", "--ca", str(tmp_path / "nowhere.pem")), 2)


def test_a_portal_that_cannot_be_seen_is_said_to_be_unknown_and_ends_with_one() -> None:
    # A port where nobody listens: refused at once, and no question leaves this machine.
    done = ran("watch", "https://xa-a.test", "--dns", "127.0.0.1:9")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "chưa rõ, không phải là đạt" in done.stderr
    assert "không phân giải được tên miền" in done.stdout
    assert "đạt (VG" not in done.stdout
