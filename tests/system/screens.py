"""Many screens on one wire: adverts built by scapy, sent into a laboratory segment at a steady pace."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Raw

from tests.lab.lab import Leg

RENDERER = "urn:schemas-upnp-org:device:MediaRenderer:1"


def mac(number: int) -> str:
    """The address of screen `number`, from a range for local use."""
    return f"02:00:5e:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def ip(number: int) -> str:
    return f"10.20.{number >> 8 & 255}.{number & 255}"


def advert(number: int) -> bytes:
    """A DLNA renderer says that it is there (UPnP Device Architecture 1.1, 1.2.2)."""
    lines = (
        "NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "CACHE-CONTROL: max-age=1800", f"LOCATION: http://{ip(number)}:49152/description.xml",
        f"NT: {RENDERER}", "NTS: ssdp:alive", "SERVER: Linux/5 UPnP/1.0 test/1", f"USN: uuid:4d696e69-0000-4000-8000-{number:012x}::{RENDERER}", "", "",
    )  # fmt: skip
    frame = Ether(src=mac(number), dst="01:00:5e:7f:ff:fa") / IP(src=ip(number), dst="239.255.255.250", ttl=4) / UDP(sport=1900, dport=1900)
    return bytes(frame / Raw("\r\n".join(lines).encode()))


class Wire:
    """Sends frames into a segment from a silent place on it."""

    def __init__(self, leg: Leg) -> None:
        self._raw = leg.space.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self._raw.bind((leg.interface, 0))

    def send(self, numbers: range) -> None:
        """Each of these screens once."""
        for number in numbers:
            self._raw.send(advert(number))

    def stations(self, numbers: range) -> None:
        """Devices that are no screens, each heard twice by ARP: what is heard once is not kept."""
        for _ in range(2):
            for number in numbers:
                claim = ARP(op="who-has", hwsrc=mac(number), psrc=ip(number), pdst=ip(number))
                self._raw.send(bytes(Ether(src=mac(number), dst="ff:ff:ff:ff:ff:ff") / claim))

    def close(self) -> None:
        self._raw.close()

    @contextmanager
    def growing(self, numbers: range, each: float) -> Iterator[list[int]]:
        """New screens one after the other, one in `each` seconds, while the block runs; when all were there, the first speaks again. Gives who spoke."""
        over = threading.Event()
        spoke: list[int] = []

        def speak() -> None:
            frames = [advert(number) for number in numbers]
            while not over.wait(each):
                at = len(spoke) % len(frames)
                self._raw.send(frames[at])
                spoke.append(numbers[at])

        thread = threading.Thread(target=speak)
        thread.start()
        try:
            yield spoke
        finally:
            over.set()
            thread.join()
