"""Addresses claimed and asked for on one leg, second by second, for the tests of VG-NET-08."""

from __future__ import annotations

from detectors.address_takeover import AddressTakeover
from model.declared import Declared, Zone
from model.facts import AddressSeen, DhcpServerSeen, SensorHeard
from model.site import SiteView, fold
from model.times import MINUTE, SECOND
from model.verdict import Outcome, Subject

KEY = b"k" * 32
START = 1_752_541_200 * SECOND
GATEWAY, OTHER_ROUTER, EVIL, VICTIM, PC = "a4:f4:c2:10:20:01", "a4:f4:c2:10:20:02", "00:25:b3:10:20:66", "00:21:70:10:20:07", "00:06:5b:10:20:21"
EVERYBODY = ""
IP = {GATEWAY: "192.168.10.1", OTHER_ROUTER: "192.168.10.2", EVIL: "192.168.10.66", VICTIM: "192.168.10.7", PC: "192.168.10.21"}
V6 = {GATEWAY: "fe80::1", EVIL: "fe80::66", VICTIM: "fe80::7"}


class Wire:
    """What is heard on one leg, second by second."""

    def __init__(self, vantage="mirror", **declared):
        known = Declared(site="xa", legs=("lan",), zones=(Zone(leg="lan", role="staff"),), **declared)
        self.view = SiteView(known, key=KEY, now=START)
        self.vantage = vantage
        self.touched = set()
        self.take(SensorHeard(at=START, sensor="capture:lan", leg="lan", vantage=vantage))

    def take(self, fact):
        self.touched |= set(fold(self.view, fact))

    def claim(self, mac, ip="", at=0.0, to=EVERYBODY, form="", target="", via="arp", carrier=""):
        ip = ip or IP[mac]
        form = form or ("reply" if to else "announce")
        self.take(
            AddressSeen(
                at=START + int(at * SECOND), leg="lan", mac=mac, ip=ip, via=via, form=form, told=to, target=target or (ip if not to else ""), carrier=carrier
            )
        )

    def ask(self, mac, target, at=0.0, ip="", via="arp"):
        self.claim(mac, ip or IP[mac], at, form="request", target=target, via=via)

    def live(self, *macs):
        """Stations that ask for the gateway and are answered by it, as all day long."""
        for mac in (*macs, *macs):
            self.ask(mac, IP[GATEWAY], 0)
            self.claim(GATEWAY, at=0.1, to=mac)
            self.claim(GATEWAY, at=0.2, form="request", target=IP[mac])
            self.claim(mac, at=0.3, to=GATEWAY)

    def lease(self, at=0.0, router=GATEWAY):
        self.take(DhcpServerSeen(at=START + int(at * SECOND), leg="lan", mac=router, ip=IP[router], message="ack", server_id=IP[router], routers=(IP[router],)))

    def quiet(self, minutes, since=0.0):
        """Time passes while the sensor listens."""
        for minute in range(minutes + 1):
            self.take(SensorHeard(at=START + int(since * SECOND) + minute * MINUTE, sensor="capture:lan", leg="lan", vantage=self.vantage))
        self.view.now = START + int(since * SECOND) + minutes * MINUTE

    def judge(self, mac=EVIL):
        self.view.now = max(self.view.now, START + MINUTE)
        asset = self.view.by_mac.get(mac)
        return AddressTakeover().judge(self.view, Subject("asset", asset)) if asset else None

    def nobody_lies(self):
        verdicts = [self.judge(mac) for mac in list(self.view.by_mac)]
        return all(verdict is None or verdict.outcome is not Outcome.VIOLATION for verdict in verdicts)


def poisoned(wire, times=5, at=10.0, every=2.0, ip=IP[GATEWAY], mac=EVIL):
    """As arpspoof -t does it."""
    for number in range(times):
        wire.claim(mac, ip, at + number * every, to=VICTIM, target=IP[VICTIM])
    return at + (times - 1) * every


def signs_of(verdict):
    return dict(verdict.state)["signs"].split(",")
