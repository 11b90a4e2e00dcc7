"""Services as users of their own: who is let in where, the one key that marks, the program that sends probes under systemd."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from collector.config import defaults
from collector.marks import mark_of
from collector.refusal import ConfigError
from collector.sockets.peers import Peer
from collector.sockets.services import NEEDS, admitted, by_role
from collector.sockets.wire import ROLES
from exporters import maintenance

USERS = {f"vonggac-{name}": 60_001 + number for number, name in enumerate(("collect", "probe", "screens", "portals", "endpoints", "export", "web"))}


def peer(name: str) -> Peer:
    return Peer(1, USERS[f"vonggac-{name}"], frozenset())


def sockets_of(name: str) -> set[str]:
    return {socket for socket in NEEDS if admitted(socket, uid_of=USERS.get).admits(peer(name))}


def test_a_service_is_let_in_where_its_work_is_and_nowhere_else() -> None:
    assert {name: sockets_of(name) for name in ("collect", "probe", "screens", "portals", "endpoints", "export", "web")} == {
        "collect": {"facts"}, "probe": {"probe"}, "screens": {"facts", "read"}, "portals": {"facts"}, "endpoints": {"facts", "read"},
        "export": {"facts", "read", "outbox"}, "web": {"read", "acts"},
    }  # fmt: skip


def test_where_there_are_no_such_users_only_ourselves_root_and_who_is_named_come_in() -> None:
    allowed = admitted("facts", frozenset({4242}), uid_of={}.get)
    assert allowed.uids == {0, os.geteuid(), 4242}
    assert set(by_role()) == set(ROLES)


def test_services_apart_mark_alike_by_the_key_that_systemd_gives_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "mark.key").write_bytes(bytes(range(32)))
    (given / "mark.key").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    one, other = (mark_of(defaults(tmp_path / name))("4C530001") for name in ("collect", "endpoints"))
    assert one == other
    assert not (tmp_path / "collect").exists()
    (given / "mark.key").chmod(0o444)
    with pytest.raises(ConfigError, match=r"mark\.key"):
        mark_of(defaults(tmp_path / "collect"))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert mark_of(defaults(tmp_path / "collect"))("4C530001") != one
    assert stat.S_IMODE((tmp_path / "collect" / "state" / "mark.key").stat().st_mode) == 0o600


def test_a_maintenance_window_reaches_services_with_folders_of_their_own(tmp_path: Path) -> None:
    for name in ("core", "export"):
        (tmp_path / name).mkdir()
        (tmp_path / name / maintenance.NAME).symlink_to(tmp_path / "one" / maintenance.NAME)
    (tmp_path / "one").mkdir()
    window = maintenance.Window(id="W1", site="xa-a", begins=1, ends=99, by="Lan", why="thay máy chiếu")
    read = maintenance.Windows(tmp_path / "export" / maintenance.NAME)
    assert read.all() == ()
    maintenance.write(tmp_path / "core" / maintenance.NAME, [window], 5)
    assert read.all() == (window,)
    maintenance.write(tmp_path / "core" / maintenance.NAME, [], 5)
    assert read.all() == ()


@pytest.mark.root
def test_the_program_that_sends_probes_says_that_it_is_ready_and_feeds_its_watchdog(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, socket.socket(socket.AF_UNIX) as core:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        core.bind(str(tmp_path / "probe.sock"))
        core.listen()
        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "100000"}
        argv = [sys.executable, "-I", "-m", "collector.probe", f"--socket={tmp_path / 'probe.sock'}", "--leg=lan=lo"]
        with subprocess.Popen(argv, env=environ) as probe:
            connection, _ = core.accept()
            assert [manager.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
            assert connection.recv(99) == b'{"hello":"probe","version":1}\n'
            connection.close()
            assert probe.wait(30) == 0
