"""Real servers of remote control, played live at a mirror port: what a recording promises is what is heard."""

from __future__ import annotations

from pathlib import Path

import pytest
import viewing
from lab import Net, recording, until

from tests import corpus
from tests.replay.test_remote import assert_as_described


@pytest.mark.root
@pytest.mark.parametrize(("name", "guarded"), [("remote-vnc-open", False), ("remote-vnc-password", True)])
def test_a_viewer_that_logs_in_is_a_session(net: Net, tmp_path: Path, name: str, guarded: bool) -> None:
    segment = net.segment("lan", flooding=True)
    served = net.host("served", segment, "192.168.10.25/24", mac="10:b6:76:10:20:25")
    viewer = net.host("viewer", segment, "192.168.10.26/24", mac="10:b6:76:10:20:26")
    leg, heard = segment.leg(), tmp_path / "capture.pcap"
    viewing.xvnc(served, 45 + guarded, guarded=guarded)
    with recording(leg, heard):
        shown = viewing.view(viewer, "192.168.10.25", viewing.PASSWORD if guarded else b"")
        until(lambda: viewing.KEY in heard.read_bytes(), "the key in the recording")
    assert shown == "shown"
    assert_as_described(heard, corpus.LAB / name / "capture.pcap")


@pytest.mark.root
def test_an_rdp_server_that_is_asked_is_found_with_its_guard(net: Net, tmp_path: Path) -> None:
    segment = net.segment("lan", flooding=True)
    served = net.host("served", segment, "192.168.10.25/24", mac="10:b6:76:10:20:25")
    viewer = net.host("viewer", segment, "192.168.10.26/24", mac="10:b6:76:10:20:26")
    leg, heard = segment.leg(), tmp_path / "capture.pcap"
    viewing.xrdp(served)
    with recording(leg, heard):
        agreed = viewing.ask_rdp(viewer, "192.168.10.25")
        until(lambda: b"\x08\x00\x01\x00\x00\x00" in heard.read_bytes(), "the answer in the recording")
    # [MS-RDPBCGR] §2.2.1.2.1: 1 is TLS without network level authentication.
    assert agreed == 1
    assert_as_described(heard, corpus.LAB / "remote-rdp-xrdp" / "capture.pcap")
