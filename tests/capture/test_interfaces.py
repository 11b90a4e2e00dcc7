"""Interfaces are those of the calling thread's network namespace; the default route is read where the rest of /proc is hidden."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lab import Net

from collector import interfaces
from tests.capture.conftest import inside
from tests.system.program import until

ROOT = Path(__file__).parents[2]
HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"


def routes(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "route"
    path.write_text(HEAD + "".join(line + "\n" for line in lines))
    return path


def test_the_default_route_with_the_lowest_metric(tmp_path: Path) -> None:
    table = routes(
        tmp_path,
        "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0",
        "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0",
        "tun0\t00000000\t0101A8C0\t0003\t0\t0\t50\t00000080\t0\t0\t0",  # half of everything, as some VPNs do: not the line out
        "eth1\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
    )
    assert interfaces.default_route_interface(table) == "eth0"


def test_no_default_route(tmp_path: Path) -> None:
    assert interfaces.default_route_interface(routes(tmp_path)) is None
    assert interfaces.default_route_interface(tmp_path / "hidden") is None


@pytest.mark.root
def test_what_a_namespace_has(net: Net) -> None:
    space, other = net.space("here"), net.space("there")
    space.shell(f"ip link add leg0 address 02:aa:00:00:00:01 type veth peer name far0 netns {other.pid}; ip link set leg0 up")
    with inside(space):
        assert interfaces.list_interfaces() == ["lo", "leg0"]
        assert interfaces.own_addresses() == {bytes.fromhex("02aa00000001")}
        assert not interfaces.has_carrier("leg0")
        other.shell("ip link set far0 up")
        # The other end's carrier is told by a work queue of the kernel, a moment later on a busy machine.
        until(lambda: interfaces.has_carrier("leg0"), "the carrier of leg0")
        assert interfaces.index_of("leg0") is not None
        assert interfaces.index_of("eth9") is None
        assert not interfaces.has_carrier("eth9")
        assert interfaces.default_route_interface() is None
        space.shell("ip address add 10.0.0.1/24 dev leg0; ip route add default via 10.0.0.2")
        assert interfaces.default_route_interface() == "leg0"


@pytest.mark.root
def test_the_default_route_is_found_with_a_restricted_proc(net: Net) -> None:
    space, other = net.space("here"), net.space("there")
    space.shell(f"ip link add leg0 type veth peer name far0 netns {other.pid}; ip link set leg0 up")
    other.shell("ip link set far0 up")
    space.shell("ip address add 10.0.0.1/24 dev leg0; ip route add default via 10.0.0.2; mount -t proc -o subset=pid proc /proc")
    program = "from collector.interfaces import default_route_interface; print(default_route_interface())"
    assert space.run(["env", f"PYTHONPATH={ROOT}", sys.executable, "-c", program]).strip() == "leg0"


def test_a_bridge_port(tmp_path: Path) -> None:
    (tmp_path / "eth1" / "brport").mkdir(parents=True)
    assert interfaces.is_bridge_port("eth1", tmp_path)
    assert not interfaces.is_bridge_port("eth0", tmp_path)
