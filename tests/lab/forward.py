"""Run inside a space: copies frames or datagrams from one interface to another, as a leak, a relay or a trunk does.

    python forward.py FROM TO [--tag VLAN] [--relay PORT]

Without options every frame that came in is sent on as it is (one way). `--tag` puts a VLAN tag into it. `--relay` passes on broadcast datagrams to that
UDP port alone, under the relay's own hardware address, as programs do that carry discovery from one network to another.
"""

from __future__ import annotations

import argparse
import socket
import struct

EVERY, OUTGOING = 0x0003, 4


def opened(interface: str) -> socket.socket:
    """A raw socket on an interface."""
    made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERY))
    made.bind((interface, EVERY))
    return made


def passed_on(frame: bytes, own: bytes, tag: int, relay: int) -> bytes | None:
    """The frame as it leaves; None for one that stays."""
    if tag:
        return frame[:12] + struct.pack(">HH", 0x8100, tag) + frame[12:]
    if relay:
        datagram = frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[:6] == b"\xff" * 6
        return frame[:6] + own + frame[12:] if datagram and struct.unpack(">H", frame[36:38])[0] == relay else None
    return frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("sink")
    parser.add_argument("--tag", type=int, default=0)
    parser.add_argument("--relay", type=int, default=0)
    given = parser.parse_args()
    into, out = opened(given.source), opened(given.sink)
    own = out.getsockname()[4]
    print("forwarding", flush=True)
    while True:
        frame, told = into.recvfrom(65536)
        if told[2] != OUTGOING and (sent := passed_on(frame, own, given.tag, given.relay)) is not None:
            out.send(sent)


if __name__ == "__main__":
    main()
