"""KMS, by which Windows and Office of an organisation are activated (over DCE/RPC, C706 §12.6): known by its interface.

TCP 1688 alone says nothing: a wireless presentation system sends sound there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from collector.decode.remote.ends import receiver, sender, sought

if TYPE_CHECKING:
    from collector.decode.flows.head import Head
    from model.wirefacts import ActivationSought

# A bind over TCP: version 5.0, type 11, first and last fragment.
START = b"\x05\x00\x0b\x03"
LIMIT = 256

# Interface 51c82175-844e-4750-b0d8-ec255555bc06, its first three parts little-endian.
_KMS = bytes.fromhex("7521c8514e845047b0d8ec255555bc06")


def decode(head: Head) -> tuple[ActivationSought, ...] | None:
    """Who asks whom; where the server is of this network, that it serves."""
    if _KMS not in head.data:
        return None if len(head.data) < min(LIMIT, int.from_bytes(head.data[8:10], "little")) else ()
    packet = head.packet
    client, server = sender(packet), receiver(packet)
    return tuple(fact for end in (client, server) for fact in sought(packet, end, "rpc", server=server, at=head.at))
