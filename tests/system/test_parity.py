"""The same frames, live and from their file, give the same findings: in one process, and in two that meet in sockets."""

from __future__ import annotations

import contextlib
import difflib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests import corpus
from tests.lab.lab import LabError, Leg, Net
from tests.system.program import PATIENCE, VONGGAC, Box, running, until

LAB = ["airplay-uxplay-goodbye", "cast-busy", "dlna-gmediarender-push", "roku-emulated", "raop-shairport"]
# Of others, under a minute each: two screens and their searchers; mDNS with many names; adverts beside a conference call.
OUTSIDE = ["ndpi__anyconnect-vpn.pcap", "ipfixprobe__dnssd.pcap"]

Line = dict[str, Any]
# Evidence of a session holds its beginning.
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# And the code of who sent something.
KEYED = re.compile(r"\ba[0-9a-f]{16}\b")


def comparable(findings: list[Line], site: str) -> list[Line]:
    """Findings of a site without times, the identifiers made from a secret key, and where the box listened from."""
    kept = []
    for line in findings:
        if line["site"] != site or line["detector"] == "VG-COV-01":
            continue
        evidence = sorted((piece["kind"], KEYED.sub("a…", INSTANT.sub("then", piece["value"]))) for piece in line["evidence"] if piece["kind"] != "vantage")
        subject = {**line["subject"], "id": ""}
        # A sentence may tell since when a session runs.
        summary = re.sub(r"\b\d\d:\d\d ngày \d\d/\d\d(/\d{4})?", "hh:mm", line["summary"])
        kept.append({**line, "id": "", "opened": "", "updated": "", "summary": summary, "subject": subject, "evidence": evidence})
    return sorted(kept, key=lambda line: json.dumps(line, sort_keys=True))


def boxes(folder: Path, names: list[str]) -> tuple[Box, Box]:
    """One box that does all in one process and one that is split, alike but for their folders: a site and a leg for each capture."""
    made = []
    for kind in ("whole", "split"):
        box = Box(folder / kind)
        box.folder.mkdir()
        for name in names:
            box.site(f"site-{name}", [name], f'[[zones]]\nleg = "{name}"\nrole = "staff"\n', folder=name)
        made.append(box.write(*(f'[[legs]]\nname = "{name}"\ninterface = "leg{index}"\n' for index, name in enumerate(names))))
    return made[0], made[1]


def play(box: Box, capture: Path, leg: str) -> list[Line]:
    """What `replay` says of the file on that leg."""
    argv = ("replay", capture, "--leg", leg, "--format", "json")
    return [json.loads(line) for line in box.ask(*argv).splitlines()]


def laid(net: Net, names: list[str]) -> tuple[list[Leg], Leg, Leg]:
    """A flooding segment a capture, each with a place to play from; a box with a leg on all of them, twice."""
    segments = [net.segment(name) for name in names]
    players = [segment.leg() for segment in segments]
    sensors = []
    for _ in range(2):
        first = segments[0].leg()
        for segment in segments[1:]:
            segment.leg(first.space)
        sensors.append(first)
    return players, sensors[0], sensors[1]


def assert_same_live_as_from_file(net: Net, folder: Path, captures: dict[str, Path]) -> None:
    names = list(captures)
    whole, split = boxes(folder, names)
    players, one, other = laid(net, names)
    with (
        running(whole, "run", space=one.space) as everything,
        running(split, "core"),
        running(split, "collect", space=other.space) as collect,
    ):
        for service in (everything, collect):
            for index in range(len(names)):
                service.wait_for(f"đang nghe trên leg{index}", PATIENCE)
        playing = {
            name: player.space.popen(["tcpreplay", "-q", "--timer=nano", "-i", player.interface, captures[name]])
            for name, player in zip(names, players, strict=True)
        }
        for name, process in playing.items():
            expected = comparable(play(whole, captures[name], name), f"site-{name}")
            assert process.wait(PATIENCE) == 0, process.said()
            for box in (whole, split):
                settles(box, f"site-{name}", expected)


def settles(box: Box, site: str, expected: list[Line]) -> None:
    """The last frame may still be on its way to the journal; what is there after that is compared."""

    def same() -> bool:
        return comparable(box.lines("findings", "list"), site) == expected

    with contextlib.suppress(LabError):
        until(same, "the findings of the file", 15.0)
    live = comparable(box.lines("findings", "list"), site)
    differs = difflib.unified_diff(*(json.dumps(each, indent=1, ensure_ascii=False).splitlines() for each in (expected, live)), "file", box.folder.name)
    assert live == expected, "\n".join(differs)


def test_the_installed_program_is_there() -> None:
    assert VONGGAC.is_file()


# Where there is a corpus, its captures are played beside ours: they take their time anyway.
SETS = [pytest.param([*LAB, *OUTSIDE], marks=pytest.mark.corpus, id="lab-and-others"), *([] if corpus.root() else [pytest.param(LAB, id="lab")])]


@pytest.mark.root
@pytest.mark.parametrize("captures", SETS)
def test_captures_at_recorded_speed_give_what_replay_gives(net: Net, short_path: Path, captures: list[str]) -> None:
    assert_same_live_as_from_file(net, short_path, dict(map(found, captures)))


def found(name: str) -> tuple[str, Path]:
    """A leg's name for a capture, and where it is."""
    if name in LAB:
        return name, corpus.LAB / name / "capture.pcap"
    return name.partition("__")[2].partition(".")[0], corpus.capture(name)
