"""What stands between two segments of the laboratory: leaks, relays, routers, a laptop that is now on the one and now on the other."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lab import Host, Net, Segment

if TYPE_CHECKING:
    from stage import Box, Stage

FORWARD = Path(__file__).with_name("forward.py")
# A station needs longer than a second to leave one network and join another.
_AWAY = 1.1
_SHOUT = "import socket as s; u = s.socket(2, 2); u.setsockopt(1, 6, 1); [u.sendto(b'x', ('192.168.10.255', 9)) for _ in range(3)]"
# What says, at the end, that the test frames were sent and not heard.
SILENT = "Đã xem, không thấy: khung thử lớp 2"
_REFLECTOR = """\
[server]
host-name=cau
use-ipv6=no
enable-dbus=no
allow-interfaces=eth0,eth1
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
[reflector]
enable-reflector=yes
"""


def forwarder(net: Net, source: Segment, sink: Segment, *options: str) -> None:
    """Something that carries frames from one segment to the other (forward.py)."""
    space = net.space("forwarder")
    for segment, interface in ((source, "in0"), (sink, "out0")):
        segment.plug(space, interface)
        space.shell(f"echo 1 >/proc/sys/net/ipv6/conf/{interface}/disable_ipv6; ip link set {interface} promisc on up")
    space.popen([sys.executable, FORWARD, "in0", "out0", *options]).wait_for("forwarding")


def router(stage: Stage) -> Host:
    """A router without a firewall between the first segment and the second."""
    made = stage.host("router", 1, "a4:f4:c2:10:20:01")
    stage.switch(stage.scenario.segments[1].name).plug(made, "eth1", "a4:f4:c2:10:20:02")
    made.shell("ip address add 192.168.20.1/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    return made


def reflector(stage: Stage) -> None:
    """avahi carries mDNS between the first segment and the second."""
    host = stage.host("cau", 7, "a4:f4:c2:10:20:07")
    stage.switch(stage.scenario.segments[1].name).plug(host, "eth1", "a4:f4:c2:10:20:08")
    host.shell("ip address add 192.168.20.7/24 dev eth1; ip link set eth1 up")
    (host.folder / "avahi.conf").write_text(_REFLECTOR)
    daemon = host.popen(["avahi-daemon", "-f", host.folder / "avahi.conf", "--no-drop-root", "--no-rlimits", "--no-chroot"])
    daemon.wait_for("Server startup complete")


def goes_out(box: Box) -> None:
    """The box, which has an address on each leg, goes out by each segment's own router."""
    box.space.shell("ip route add default via 192.168.10.1 dev leg0 metric 1; ip route add default via 192.168.20.1 dev leg1 metric 2")
    box.space.shell("ping -c1 -W2 192.168.10.1; ping -c1 -W2 192.168.20.1")


def roams(*places: Host, times: int = 2) -> None:
    """One laptop: hosts with the same addresses, of which one alone is there at a time and says something."""
    for place in places:
        place.shell("ip link set eth0 down")
    for place in places * times:
        place.shell("ip link set eth0 up; ip route replace 224.0.0.0/4 dev eth0")
        place.run([sys.executable, "-c", _SHOUT])
        time.sleep(_AWAY)
        place.shell("ip link set eth0 down")
