"""What the lower layers hand to a decoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from model.fact import StationFact


class Packet(msgspec.Struct, gc=False):
    """One frame, peeled: `data[start:end]` is what the decoder reads, padding and lower headers left out.

    `mac` and `ip` are the sender's, `peer_*` the receiver's; empty where the link has no hardware addresses or the frame no IP.
    `number` is the TCP sequence number of `data[start]`. `data` is never longer than the captured frame, which may be cut short by a snap length.
    """

    at: int
    mac: str
    peer_mac: str
    vlan: tuple[int, ...]
    data: bytes
    start: int
    end: int
    ip: str = ""
    peer_ip: str = ""
    hops: int = 0
    protocol: int = 0
    port: int = 0
    peer_port: int = 0
    number: int = 0


Decode = Callable[[Packet], Sequence[StationFact]]
