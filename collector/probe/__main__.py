# SPDX-License-Identifier: GPL-2.0-only
"""`python -m collector.probe --socket PATH --leg NAME=INTERFACE ...`: connects to core, answers each order in one line of JSON, ends with the connection.

Exit status: 0 core closed the connection, 1 core cannot be reached or does not let this program in, 3 the right to send raw frames is missing.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import time

from collector.probe import frames, limit, notify, orders, privilege, wire

# How long core is waited for at the start, seconds.
_PATIENCE = 30.0
_MOST = 1 << 16


class Probe:
    """Carries out orders on the legs it was started with."""

    def __init__(self, legs: dict[str, str], others: dict[str, str], ceiling: limit.Ceiling) -> None:
        """`legs`: the interface of each, or `auto`; of `others` only the addresses are told."""
        self._legs = legs
        self._told = {**others, **legs}
        self._ceiling = ceiling

    def answer(self, line: bytes) -> dict[str, object]:
        """What came of one line."""
        if line.strip() == b'{"describe":true}':
            return {"legs": {leg: wire.state(wire.interface_of(wanted)) for leg, wanted in self._told.items()}}
        try:
            order = orders.read(line, frozenset(self._legs))
        except orders.RefusedError as refused:
            return {"id": orders.number_of(line), "outcome": "refused", "why": str(refused)}
        return {"id": order.id, **self._carry_out(order)}

    def _carry_out(self, order: orders.Order) -> dict[str, object]:
        interface = wire.interface_of(self._legs[order.leg])
        mac, ip = wire.mac(interface), wire.address(interface)
        if not wire.is_up(interface):
            return {"outcome": "failed", "why": "down" if mac else "missing", "interface": interface}
        gateway = order.gateway
        if order.shape == "nonce_routed":
            gateway = gateway or wire.neighbour(interface, wire.gateway(interface))
            if not ip or not gateway:
                return {"outcome": "no_address", "why": "gateway" if ip else "address"}
        if not self._ceiling.allows():
            return {"outcome": "refused", "why": "rate"}
        try:
            tapped = wire.send(interface, frames.frame(order, mac, ip, gateway))
        except OSError as error:
            return {"outcome": "failed", "why": error.strerror or "send", "interface": interface}
        return {"outcome": "sent", "tapped": tapped, "mac": mac}


def serve(connection: socket.socket, probe: Probe) -> None:
    """Answers line by line until the other side closes; between two orders the watchdog is fed."""
    notify.say("READY=1")
    connection.settimeout(notify.interval())
    waiting = b""
    while piece := _received(connection):
        notify.say("WATCHDOG=1")
        *lines, waiting = (waiting + piece).split(b"\n")
        if len(waiting) > orders.LONGEST_ORDER:
            return
        for line in lines:
            connection.sendall(json.dumps(probe.answer(line)).encode() + b"\n")


def _received(connection: socket.socket) -> bytes:
    while True:
        try:
            return connection.recv(_MOST)
        except TimeoutError:
            notify.say("WATCHDOG=1")


def connected(path: str) -> socket.socket:
    """The connection to core, which may still be starting. Raises OSError."""
    until = time.monotonic() + _PATIENCE
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return connection


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(prog="vonggac probe", description="Sends the probes that core orders, and nothing else.")
    parser.add_argument("--socket", required=True)
    parser.add_argument("--leg", action="append", default=[], metavar="NAME=INTERFACE")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=INTERFACE", help="a leg nothing is sent on")
    parser.add_argument("--child", action="store_true", help="end with the process that started this one")
    given = parser.parse_args()
    if given.child:
        privilege.die_with_parent()
    legs, others = (dict(leg.split("=", 1) for leg in named) for named in (given.leg, given.other))
    if not privilege.keep_raw_only():
        print("vonggac probe: CAP_NET_RAW is missing", file=sys.stderr)  # noqa: T201 - its one way to say so before core hears it
        return 3
    try:
        with connected(given.socket) as connection:
            connection.sendall(b'{"hello":"probe","version":1}\n')
            serve(connection, Probe(legs, others, limit.Ceiling(time.monotonic)))
    except OSError as error:
        print(f"vonggac probe: {given.socket}: {error.strerror or error}", file=sys.stderr)  # noqa: T201 - same
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
