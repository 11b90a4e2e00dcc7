"""Addresses and ways out taken over in the laboratory, and what only looks like it: arpspoof, two DHCP servers, two router advertisers, a relay, fail-over.

Each scenario is a function of a `Place`: one segment.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import addresses
from lab import Host, Net, Process, Segment, until
from people import EVERYBODY, WINDOWS, Station
from scapy.layers.inet import IP
from scapy.layers.l2 import ARP, Ether
from scapy.layers.vrrp import VRRP

ROUTER, ROGUE, VICTIM, EVIL, STANDBY = "a4:f4:c2:10:20:01", "c0:4a:00:10:20:66", "00:06:5b:10:20:21", "00:25:b3:10:20:67", "a4:f4:c2:10:20:02"
GATEWAY = "192.168.10.1"
# The group's address of VRRP router 10 (RFC 9568 §7.3).
GROUP = "00:00:5e:00:01:0a"
# arpspoof repeats itself every two seconds; a lie counts as one after four times.
FOUR_TIMES = 8.5


class Place:
    """One segment and who is on it."""

    def __init__(self, net: Net, segment: Segment) -> None:
        self.net = net
        self.segment = segment
        self.stations: list[Station] = []

    def host(self, name: str, last: int, mac: str, *, ipv6: bool = False) -> Host:
        """A device with a fixed address."""
        return self.net.host(name, self.segment, f"192.168.10.{last}/24", mac=mac, ipv6=ipv6)

    def router(self, *, ipv6: bool = False) -> Host:
        """The lawful router, which also gives out addresses."""
        router = self.host("router", 1, ROUTER, ipv6=ipv6)
        addresses.dnsmasq(router, {})
        return router

    def client(self) -> Host:
        """A PC that took its address from the lawful server, and speaks to the router."""
        host = self.net.host("may-le", self.segment, mac=VICTIM)
        addresses.udhcpc(host, "PC-MOTCUA", "-B")
        host.run(["ping", "-c", "1", "-W", "2", GATEWAY])
        return host

    def station(self, name: str, last: int | None, mac: str) -> Station:
        """A PC whose DHCP and raw frames scapy builds."""
        host = self.net.host(name, self.segment, f"192.168.10.{last}/24" if last else None, mac=mac)
        self.stations.append(Station(host, WINDOWS, name))
        return self.stations[-1]

    def close(self) -> None:
        """Gives back what its stations held."""
        for station in self.stations:
            station.close()


def arpspoof(host: Host, *options: str) -> Process:
    """dsniff's arpspoof, forwarding what it catches."""
    host.shell("echo 1 >/proc/sys/net/ipv4/ip_forward")
    program = host.popen(["arpspoof", "-i", "eth0", *options])
    program.wait_for("is-at")
    return program


def spoofed_one(place: Place) -> None:
    """arpspoof -t: the victim is told, by frames to it alone, that the attacker is the router."""
    place.router()
    victim = place.client()
    attacker = place.host("ke-gian", 66, EVIL)
    arpspoof(attacker, "-t", str(victim.ip), GATEWAY)
    until(lambda: EVIL in victim.run(["ip", "neigh"]), "the victim to believe it")
    time.sleep(FOUR_TIMES)


def spoofed_all(place: Place) -> None:
    """arpspoof without -t: everybody is told."""
    place.router()
    place.client()
    attacker = place.host("ke-gian", 66, EVIL)
    arpspoof(attacker, GATEWAY)
    time.sleep(FOUR_TIMES)


def two_servers(place: Place) -> None:
    """A second DHCP server, which leads people out through itself; a client asks with the broadcast flag, as our own DISCOVER does."""
    place.router()
    addresses.dnsmasq(place.host("wifi-cam-nham", 254, ROGUE), {})
    place.client()


def refusals(place: Place) -> None:
    """A client that comes back asks for the address it had (INIT-REBOOT): its server agrees, the other one refuses it."""
    place.router()
    client = place.station("PC-MOTCUA", None, VICTIM)
    client.join()
    addresses.dnsmasq(place.host("wifi-cam-nham", 254, ROGUE), {}, pool="100,120")
    client.ask_again()
    time.sleep(0.5)


def two_advertisers(place: Place) -> None:
    """A second IPv6 router advertises another prefix."""
    addresses.radvd(place.host("router", 1, ROUTER, ipv6=True), "fd00:10::/64")
    addresses.radvd(place.host("may-phat-4g", 254, ROGUE, ipv6=True), "fd00:66::/64")
    host = place.host("pc", 23, VICTIM, ipv6=True)
    until(lambda: "fd00:66:" in host.run(["ip", "-6", "address"]), "an address under the rogue's prefix")


def relayed(place: Place) -> None:
    """A lawful server on another segment, reached through the router's relay."""
    behind = place.net.segment("may-chu", flooding=False)
    router = place.host("router", 1, ROUTER)
    behind.plug(router, "eth1", mac="a4:f4:c2:10:20:99")
    router.shell("ip address add 10.0.0.1/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    server = place.net.host("dhcp", behind, "10.0.0.5/24", mac="00:15:5d:10:20:05", gateway="10.0.0.1")
    addresses.dnsmasq(server, {}, net="192.168.10", gateway=GATEWAY)
    addresses.relay(router, server)
    place.client()


def failed_over(place: Place) -> None:
    """Two routers share one address by VRRP, built from RFC 9568: the group's MAC passes from one to the other, both keep speaking for themselves."""
    pc = place.station("PC-MOTCUA", 21, VICTIM)
    first, second = place.station("router-1", 2, ROUTER), place.station("router-2", 3, STANDBY)
    for master in (first, first, second, second):
        vrrp = IP(src=master.ip, dst="224.0.0.18", ttl=255) / VRRP(version=2, vrid=10, priority=200, addrlist=[GATEWAY])
        master.send(Ether(src=GROUP, dst="01:00:5e:00:00:12") / vrrp)
        for _ in range(2):
            master.send(Ether(src=GROUP, dst=EVERYBODY) / ARP(op=1, hwsrc=GROUP, psrc=GATEWAY, hwdst=EVERYBODY, pdst=GATEWAY))
        pc.send(Ether(src=VICTIM, dst=EVERYBODY) / ARP(op=1, hwsrc=VICTIM, psrc=pc.ip, pdst=GATEWAY))
        master.send(Ether(src=GROUP, dst=VICTIM) / ARP(op=2, hwsrc=GROUP, psrc=GATEWAY, hwdst=VICTIM, pdst=pc.ip))
        time.sleep(1.1)


SCENARIOS: dict[str, Callable[[Place], None]] = {
    "arpspoof-one": spoofed_one,
    "arpspoof-all": spoofed_all,
    "dhcp-two-servers": two_servers,
    "dhcp-refusals": refusals,
    "ra-two-routers": two_advertisers,
    "dhcp-relay": relayed,
    "failover-vrrp": failed_over,
}
CASES = Path(__file__).parents[1] / "cases" / "lab"
