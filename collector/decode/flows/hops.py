"""Which IP time to live a station's packets come with: routers inside show by it (VG-NET-05)."""

from __future__ import annotations

from collector.decode.packet import Packet
from model.times import HOUR
from model.wirefacts import HopsSeen

MOST = 4096
# Told again after this long, so that a station that is still there is known to be.
AGAIN = HOUR


class Hops:
    """Tells each (station, address, time to live) once an hour; the least recently told are forgotten beyond `MOST`."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, int], int] = {}

    def of(self, packet: Packet) -> tuple[HopsSeen, ...]:
        """The fact, if it is due. Nothing on links without hardware addresses."""
        key = packet.mac, packet.ip, packet.hops
        told = self._told.get(key)
        if not packet.mac or (told is not None and abs(packet.at - told) < AGAIN):
            return ()
        self._told.pop(key, None)
        self._told[key] = packet.at
        if len(self._told) > MOST:
            del self._told[next(iter(self._told))]
        return (HopsSeen(at=packet.at, mac=packet.mac, ip=packet.ip, vlan=packet.vlan, ttl=packet.hops),)
