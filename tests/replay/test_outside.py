"""Real captures of others (VONGGAC_CORPUS): each labelled receiver on its device, nobody who only asks, nothing bad where nothing is."""

from __future__ import annotations

import re
from functools import cache

import pytest

from collector import capturefile
from collector.captureerrors import CaptureError
from model.verdict import Severity
from tests import corpus
from tests.replay.played import DISPLAY, findings_on, json_of, played

pytestmark = pytest.mark.corpus

PAIR = r"([0-9a-f:]{17})/([0-9a-f:.]+[0-9a-f])"
MAC = r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}"
SEEN = {"cast-receiver", "dlna-server", "audio-receiver"}


@cache
def told() -> dict[str, str]:
    """File name -> its labels and what was read in it."""
    if corpus.root() is None:
        return {}
    text = corpus.capture("README.md").read_text()
    return dict(re.findall(r"^- `([^`]+)` — (.+?)(?=^- `|\Z)", text, re.MULTILINE | re.DOTALL))


def labels(name: str) -> set[str]:
    return set(told()[name].splitlines()[0].partition("|")[0].split())


def section(name: str, start: str) -> set[tuple[str, str]]:
    """Stations named in one part of a line, as (MAC, IP)."""
    found = re.search(rf"(?<=; ){start} (.*?)(?:; |$)", told()[name], re.MULTILINE)
    return set(re.findall(PAIR, found[1])) if found else set()


def with_label(*wanted: str) -> list[str]:
    return sorted(name for name in told() if labels(name) & set(wanted))


@cache
def replayed(name: str):
    return played(corpus.capture(name))


@pytest.mark.parametrize("path", corpus.captures(), ids=lambda path: path.name)
def test_every_capture_is_played_to_its_end_or_told_where_it_was_cut(path):
    player = replayed(path.name)
    assert player.frames >= player.undecodable
    for change in player.engine.standing():
        assert change.finding.title.vi


@pytest.mark.parametrize("name", with_label(*SEEN))
def test_each_labelled_receiver_is_found_on_the_right_device(name):
    announced = section(name, "announces")
    assert announced
    for mac, ip in announced:
        [change] = findings_on(replayed(name), mac)
        assert change.finding.state == "open"
        assert ip in change.ips
        assert change.macs == (mac,)


def test_a_television_stick_and_a_roku_are_both_open():
    player = replayed("ndpi__anyconnect-vpn.pcap")
    found = {change.macs: change.finding.severity for change in player.engine.standing() if change.finding.detector == DISPLAY}
    assert found == {("d8:31:34:20:77:fb",): Severity.HIGH, ("a4:77:33:8c:f1:40",): Severity.HIGH}


@pytest.mark.parametrize("name", with_label("cast-query"))
def test_who_only_asks_is_never_a_screen(name):
    asking = {mac for mac, _ in section(name, "asks for cast services:")}
    assert asking
    receivers = {mac for mac, _ in section(name, "announces")} if labels(name) & SEEN else set()
    for mac in asking - receivers:
        assert findings_on(replayed(name), mac) == []


@pytest.mark.parametrize("name", [name for name in told() if not labels(name) & SEEN])
def test_where_no_receiver_is_labelled_no_screen_is_found(name):
    assert [change for change in replayed(name).engine.standing() if change.finding.detector == DISPLAY] == []


def standing(name: str, detector: str) -> dict[tuple[str, ...], str]:
    return {change.macs: change.finding.state for change in replayed(name).engine.standing() if change.finding.detector == detector}


@pytest.mark.parametrize("name", with_label("arp-spoof"))
def test_who_poses_as_another_address_is_found(name):
    [impersonator, *_] = re.findall(MAC, told()[name].splitlines()[0])
    assert standing(name, "VG-NET-08") == {(impersonator,): "open"}


@pytest.mark.parametrize("name", [name for name in told() if "arp-spoof" not in labels(name)])
def test_nobody_else_poses_as_another_address(name):
    assert standing(name, "VG-NET-08") == {}


@pytest.mark.parametrize("name", told())
def test_without_declared_servers_none_is_a_stranger(name):
    """Composite captures above all: two servers of recordings years apart do not contradict each other."""
    assert standing(name, "VG-NET-04") == {}


REMOTE = {name: label.partition(":")[2] for name in told() for label in labels(name) if label.startswith("remote:")}
# How far the conversation in each capture goes: some end at a greeting or a refused log-in.
SESSIONS = {"ndpi__teamviewer.pcap", "suricata-verify__RDP-003.pcap", "zeek__rdp-to-ssl.pcap", "zeek__vnc-mac-to-linux.pcap"}


@pytest.mark.parametrize("name", REMOTE)
def test_remote_control_is_found_with_its_product(name):
    found = [change.finding for change in replayed(name).engine.standing() if change.finding.detector == "VG-NET-07"]
    assert {dict(finding.facets)["product"] for finding in found} == {REMOTE[name]}
    assert {finding.severity for finding in found} == {Severity.HIGH if name in SESSIONS else Severity.MEDIUM}


@pytest.mark.parametrize("name", [name for name in told() if name not in REMOTE])
def test_nobody_else_is_said_to_be_controlled(name):
    """Secure shell, pages of makers, plain TLS: none of it is a sign."""
    assert standing(name, "VG-NET-07") == {}


@pytest.mark.parametrize("name", told())
def test_nobody_is_said_to_activate_by_a_pirate(name):
    assert standing(name, "VG-NET-10") == {}


@pytest.mark.parametrize("name", with_label("benign"))
def test_nothing_of_medium_or_more_where_nothing_is_wrong(name):
    bad = [change for change in replayed(name).engine.standing() if change.finding.severity.rank >= Severity.MEDIUM.rank]
    assert bad == []


@pytest.mark.parametrize("name", [*with_label(*SEEN), "mercury__emix.pcap", "mercury__mdns_capture.pcap"])
@pytest.mark.parametrize("size", [1, 17])
def test_any_batch_size_gives_the_same_bytes(monkeypatch, name, size):
    usual = json_of(replayed(name))
    monkeypatch.setattr(capturefile, "BATCH", size)
    assert json_of(played(corpus.capture(name))) == usual


@pytest.mark.parametrize("share", [0.3, 0.8])
@pytest.mark.parametrize("name", with_label(*SEEN))
def test_a_cut_capture_keeps_what_was_found_before_the_cut(tmp_path, name, share):
    data = corpus.capture(name).read_bytes()
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(data[: int(len(data) * share) + 7])
    from collector.registry import build_all
    from collector.replay import Replay
    from model.declared import Declared

    player = Replay(Declared(site="xa-thu", legs=("file",)), build_all())
    with pytest.raises(CaptureError):
        player.run(cut)
    assert player.frames < replayed(name).frames
    whole = {change.macs for change in replayed(name).engine.standing()}
    assert {change.macs for change in player.engine.standing()} <= whole
