"""Ways in and out of a network in the laboratory, and what only looks like one: UPnP and NAT-PMP mappings, a phone's line, a hidden router, containers.

Each scenario is a function of a `Place`: one segment, a router, and somebody outside.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import addresses
import rogues
from lab import Host, Net, Process, Segment, until

ROUTER, PC, OTHER, HIDDEN = "a4:f4:c2:10:20:01", "00:06:5b:10:20:21", "00:06:5b:10:20:22", "c0:4a:00:10:20:66"
PUBLIC, OUTSIDE = "113.160.1.9", "113.160.1.50"
CASES = Path(__file__).parents[1] / "cases" / "lab"

_RULES = """\
table inet filter {
  chain forward { type filter hook forward priority 0; policy accept; jump miniupnpd; }
  chain miniupnpd { }
  chain prerouting { type nat hook prerouting priority -100; policy accept; jump prerouting_miniupnpd; }
  chain prerouting_miniupnpd { }
  chain postrouting { type nat hook postrouting priority 100; policy accept; jump postrouting_miniupnpd; }
  chain postrouting_miniupnpd { }
}
"""
_MINIUPNPD = f"""\
ext_ifname=eth1
ext_ip={PUBLIC}
listening_ip=eth0
http_port=5431
enable_upnp=yes
enable_natpmp=yes
min_lifetime=120
max_lifetime=86400
secure_mode=yes
notify_interval=60
uuid=5d0f1b1c-7a55-4e0c-9f5e-1d2a3b4c5d61
allow 1024-65535 192.168.10.0/24 0-65535
deny 0-65535 0.0.0.0/0 0-65535
upnp_table_name=filter
upnp_nat_table_name=filter
"""
# What a program of today says first; its payload is what the sensor reads the time to live of.
_POST = """
import http.client, sys
http.client.HTTPConnection(sys.argv[1], 8000, timeout=5).request("POST", "/", b"x")
"""


class Place:
    """One segment with a router."""

    def __init__(self, net: Net, segment: Segment) -> None:
        self.net = net
        self.segment = segment

    def host(self, name: str, last: int, mac: str, gateway: str | None = "192.168.10.1") -> Host:
        """A device with a fixed address, which says to all that it is there."""
        host = self.net.host(name, self.segment, f"192.168.10.{last}/24", mac=mac, gateway=gateway)
        rogues.speaks(host)
        return host

    def router(self) -> tuple[Host, Host]:
        """The lawful router with its line, and somebody at the other end of it."""
        line = self.net.segment("line")
        router = self.host("router", 1, ROUTER, None)
        line.plug(router, "eth1", mac="a4:f4:c2:10:20:99")
        router.shell(f"ip address add {PUBLIC}/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
        return router, self.net.host("ngoai", line, f"{OUTSIDE}/24")

    def answers(self, host: Host) -> Process:
        """A web server on port 8000 of a host."""
        server = host.popen([sys.executable, "-u", "-m", "http.server", "8000"])
        server.wait_for("Serving HTTP")
        return server


def gateway_daemon(router: Host) -> Process:
    """miniupnpd, which maps by UPnP IGD and by NAT-PMP."""
    rules, conf = router.folder / "nft", router.folder / "miniupnpd.conf"
    rules.write_text(_RULES)
    conf.write_text(_MINIUPNPD)
    router.run(["nft", "-f", rules])
    daemon = router.popen(["miniupnpd", "-d", "-f", conf, "-P", router.folder / "miniupnpd.pid"])
    until(lambda: ":5431" in router.run(["ss", "-Hltn"]) and ":5351" in router.run(["ss", "-Hlun"]), "miniupnpd's ports")
    return daemon


def mapped_by_upnp(place: Place) -> None:
    """A PC has the router open a port by UPnP, and somebody outside fetches a page through it."""
    router, outside = place.router()
    pc = place.host("pc", 21, PC)
    gateway_daemon(router)
    place.answers(pc)
    pc.run(["upnpc", "-e", "camera", "-a", "192.168.10.21", "8000", "18080", "TCP"])
    outside.run(["curl", "-s", "-o", "/dev/null", "--max-time", "5", f"http://{PUBLIC}:18080/"])


def mapped_by_nat_pmp(place: Place) -> None:
    """A PC has the router open a port by NAT-PMP; nobody comes."""
    router, _ = place.router()
    pc = place.host("pc", 21, PC)
    gateway_daemon(router)
    pc.run(["natpmpc", "-g", "192.168.10.1", "-a", "18081", "8000", "tcp", "3600"])


def taken_back(place: Place) -> None:
    """A mapping that is deleted again by the program that asked for it."""
    router, _ = place.router()
    pc = place.host("pc", 21, PC)
    gateway_daemon(router)
    pc.run(["upnpc", "-a", "192.168.10.21", "8000", "18082", "TCP"])
    pc.run(["upnpc", "-d", "18082", "TCP"])


def shared_line(place: Place) -> None:
    """A phone's line in the middle of an office network: it gives out addresses of its own plan (Android's) beside the office's."""
    place.host("pc", 21, PC, None)
    phone = place.net.host("dien-thoai", place.segment, "192.168.43.1/24", mac="c2:4a:00:10:20:43")
    addresses.dnsmasq(phone, {})
    client = place.net.host("pc-2", place.segment, mac=OTHER)
    addresses.udhcpc(client, "PC-2", "-B")
    client.run(["ping", "-c", "1", "-W", "2", "192.168.43.1"])


def _nat_box(place: Place, *ttls: int) -> Host:
    """A box that hides hosts of these systems (default times to live) behind its own address; each of them speaks to the PC, and it does itself."""
    pc = place.host("pc", 21, PC, None)
    place.answers(pc)
    inner = place.net.segment("trong")
    box = place.host("hop", 66, HIDDEN, None)
    inner.plug(box, "eth1", mac="c0:4a:00:10:20:67")
    box.shell("ip address add 172.17.0.1/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    box.shell("nft add table ip nat; nft 'add chain ip nat out { type nat hook postrouting priority 100; }'; nft add rule ip nat out oifname eth0 masquerade")
    box.run([sys.executable, "-c", _POST, "192.168.10.21"])
    for number, ttl in enumerate(ttls, 2):
        host = place.net.host(f"an-{number}", inner, f"172.17.0.{number}/24", gateway="172.17.0.1")
        host.shell(f"echo {ttl} >/proc/sys/net/ipv4/ip_default_ttl")
        host.run([sys.executable, "-c", _POST, "192.168.10.21"])
    return box


def hidden_router(place: Place) -> None:
    """Two PCs, Linux and Windows by their time to live, hide behind a box that nobody declared."""
    _nat_box(place, 64, 128)


def containers(place: Place) -> None:
    """A Linux PC with a container of its own kind: no router."""
    _nat_box(place, 64)


SCENARIOS: dict[str, Callable[[Place], None]] = {
    "mapping-upnp": mapped_by_upnp,
    "mapping-natpmp": mapped_by_nat_pmp,
    "mapping-deleted": taken_back,
    "tether-phone": shared_line,
    "hidden-router": hidden_router,
    "containers": containers,
}
