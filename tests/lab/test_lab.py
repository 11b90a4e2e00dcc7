"""The laboratory's blocks do what tests elsewhere lean on: reach, hearing by vantage, privacy, and no trace afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
from pathlib import Path

import capturefile
import pytest
from lab import Host, LabError, Leg, Net, Process, Segment, recording, until

NEIGHBOUR = "192.168.10.2"
SHOUT = "import socket as s; u = s.socket(2, 2); u.setsockopt(1, 6, 1); u.sendto(b'end mark', ('192.168.10.255', 9))"


def heard(leg: Leg, file: Path, *options: str) -> str:
    """A recording as tcpdump prints it."""
    return leg.space.run(["tcpdump", "-n", *options, "-r", file])


def pair(net: Net, segment: Segment) -> tuple[Host, Host]:
    """Two stations on one segment."""
    return net.host("asker", segment, "192.168.10.1/24"), net.host("neighbour", segment, f"{NEIGHBOUR}/24")


def hear_ping(net: Net, segment: Segment, file: Path) -> str:
    """What a leg hears while one host pings another and then shouts to all, which every vantage hears."""
    asker, _ = pair(net, segment)
    leg = segment.leg()
    with recording(leg, file):
        asker.run(["ping", "-c2", "-i0.1", NEIGHBOUR])
        asker.run([sys.executable, "-c", SHOUT])
        until(lambda: "end mark" in heard(leg, file, "-A"), "the broadcast in the recording")
    return heard(leg, file)


@pytest.mark.root
def test_two_hosts_on_one_segment_reach_each_other(net: Net) -> None:
    asker, neighbour = pair(net, net.segment("staff"))
    assert "2 received" in asker.run(["ping", "-c2", "-i0.1", NEIGHBOUR])
    assert neighbour.ip == NEIGHBOUR


@pytest.mark.root
def test_hosts_on_two_segments_do_not_reach_each_other(net: Net) -> None:
    asker = net.host("asker", net.segment("staff"), "192.168.10.1/24")
    net.host("neighbour", net.segment("citizen"), f"{NEIGHBOUR}/24")
    with pytest.raises(LabError, match="ping ended with 1"):
        asker.run(["ping", "-c1", "-W1", NEIGHBOUR])


@pytest.mark.root
def test_flooding_bridge_lets_a_leg_hear_unicast_between_others(net: Net, tmp_path: Path) -> None:
    text = hear_ping(net, net.segment("staff", flooding=True), tmp_path / "mirror.pcap")
    assert text.count("ICMP echo request") == 2
    assert text.count("ICMP echo reply") == 2


@pytest.mark.root
def test_switch_like_bridge_hides_unicast_between_others(net: Net, tmp_path: Path) -> None:
    text = hear_ping(net, net.segment("staff", flooding=False), tmp_path / "plain.pcap")
    assert "ARP, Request who-has 192.168.10.2" in text
    assert "ICMP" not in text
    assert "ARP, Reply" not in text


@pytest.mark.root
def test_leg_sends_nothing_by_itself(net: Net, tmp_path: Path) -> None:
    segment = net.segment("staff")
    listener = segment.leg()
    file = tmp_path / "silent.pcap"
    with recording(listener, file):
        box = segment.leg()
        segment.leg(box.space)
        asker = net.host("asker", segment, "192.168.10.1/24")
        asker.run([sys.executable, "-c", SHOUT])
        until(lambda: "end mark" in heard(listener, file, "-A"), "the broadcast in the recording")
    assert box.space.interfaces == ["leg0", "leg1"]
    assert [line for line in heard(listener, file).splitlines() if "192.168.10.1" not in line] == []


@pytest.mark.root
def test_replayed_capture_is_heard_whole(net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Path(__file__).parents[1] / "cases" / "lab" / "only-questions"
    monkeypatch.chdir(case)  # a relative path is meant from where the test stands
    segment = net.segment("staff", flooding=True)
    player, listener = segment.leg(), segment.leg()
    heard_file = tmp_path / "heard.pcap"
    with recording(listener, heard_file):
        player.space.run(["tcpreplay", "-q", "-i", player.interface, "capture.pcap"])
        until(lambda: heard_file.stat().st_size >= (case / "capture.pcap").stat().st_size, "every frame in the recording")
    assert [frame.data for frame in capturefile.read(heard_file)] == [frame.data for frame in capturefile.read(case / "capture.pcap")]


@pytest.mark.root
def test_frames_carry_whole_checksums(net: Net, tmp_path: Path) -> None:
    hear_ping(net, net.segment("staff"), file := tmp_path / "sums.pcap")
    leg = net.segment("other").leg()
    assert "cksum" not in heard(leg, file, "-vv", "icmp")
    assert "bad udp cksum" not in heard(leg, file, "-vv", "udp")


@pytest.mark.root
def test_host_has_a_world_of_its_own(net: Net) -> None:
    outside = Path("/etc/resolv.conf").read_bytes(), socket.gethostname()
    host = net.host("may-in-tang-2", net.segment("staff"), "192.168.10.1/24")
    host.shell("echo nameserver 192.0.2.1 >/etc/resolv.conf; touch /run/lab-was-here")
    assert host.shell("cat /etc/resolv.conf; hostname").split() == ["nameserver", "192.0.2.1", "may-in-tang-2"]
    assert (Path("/etc/resolv.conf").read_bytes(), socket.gethostname()) == outside
    assert not Path("/run/lab-was-here").exists()


@pytest.mark.root
def test_program_that_ends_early_is_told_with_its_words(net: Net) -> None:
    program = net.space("alone").popen(["sh", "-c", "echo no such display; exit 3"])
    with pytest.raises(LabError, match="no such display"):
        program.wait_for("ready")


def within(net: Net) -> list[str]:
    """Every process that lives in a laboratory's spaces, as `alive` knows it. Spaces have no names of their own: the kernel gives a number again at once."""
    spaces = {os.readlink(f"/proc/{space.pid}/ns/net") for space in net.spaces}
    assert len(spaces) == 3
    found = []
    for process in Path("/proc").glob("[0-9]*/ns/net"):
        with contextlib.suppress(OSError):  # the process ended while we looked
            found += [born(process.parents[1])] if os.readlink(process) in spaces else []
    return found


def born(process: Path) -> str:
    """A process and when it began, for its number too is given again."""
    return f"{process.name}/{(process / 'stat').read_text().rpartition(')')[2].split()[19]}"


def alive(process: str) -> bool:
    """Whether a process is still there, and not only waiting to be reaped by init."""
    folder = Path("/proc") / process.partition("/")[0]
    with contextlib.suppress(OSError):  # it ended while we looked
        return born(folder) == process and (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def running(session: int) -> list[str]:
    """The processes of a session; one that only waits to be reaped by init runs no more."""
    found = []
    for process in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # the process ended while we looked
            name, _, rest = process.read_text().rpartition(")")
            state, _, _, its_session = rest.split()[:4]
            found += [name] if int(its_session) == session and state != "Z" else []
    return found


def used(net: Net) -> list[Process]:
    """A laboratory with a child that ignores the polite signal, and a grandchild."""
    host, _ = pair(net, net.segment("staff"))
    stubborn = host.popen(["sh", "-c", "trap '' TERM; sleep 1000 & echo up; wait"])
    stubborn.wait_for("up")
    return [stubborn, host.popen(["sleep", "1000"])]


def fail_inside(seen: list[Process], inside: list[str]) -> None:
    """A laboratory whose owner fails in the middle."""
    with Net() as own:
        seen += used(own)
        inside += [str(own.folder), *within(own)]
        raise ZeroDivisionError


@pytest.mark.root
def test_everything_is_gone_after_a_failure(net: Net) -> None:
    links = sorted(os.listdir("/sys/class/net"))
    programs: list[Process] = []
    inside: list[str] = []
    with pytest.raises(ZeroDivisionError):
        fail_inside(programs, inside)
    folder, *processes = inside
    assert not Path(folder).exists()
    until(lambda: not any(running(program.popen.pid) for program in programs), "the end of every program, grandchildren too")
    assert len(processes) >= 3 + len(programs)
    assert not any(map(alive, processes))
    assert sorted(os.listdir("/sys/class/net")) == links


@pytest.mark.root
def test_everything_ends_with_a_killed_owner() -> None:
    if os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("the laboratory needs root: it makes network namespaces")
    read, write = os.pipe()
    owner = os.fork()
    if owner == 0:
        inside = Net()
        pair(inside, inside.segment("staff"))[0].popen(["sleep", "1000"])
        os.write(write, " ".join([str(inside.folder), *within(inside)]).encode())
        os.kill(os.getpid(), 9)
    os.waitpid(owner, 0)
    folder, *processes = os.read(read, 4096).decode().split()
    shutil.rmtree(folder)
    assert len(processes) >= 3
    until(lambda: not any(map(alive, processes)), "the spaces of a killed owner to vanish")
