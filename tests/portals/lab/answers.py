"""The small server behind nginx: answers by who asks and how often, which a static file cannot. Run as `python -m tests.portals.lab.answers FILE PORT`.

FILE is JSON. `aliases` are names that dnsmasq asks us for on the same port: a CNAME to a name that does not exist, as a recursive server tells it (dnsmasq by
itself knows no such thing). `rules`: host -> list of rules, the first that holds answers; a host without one that holds is sent back to nginx's files.
A rule: `path` (exact, or a prefix with `*` at its end), conditions `agent`, `referer`, `language`, `query`, `accept` (regular expressions), `cookie`,
`no_cookie` (names), `first` (only the first visit of an address and agent), `every` [m, n] (the n-th of each m visits that come this far, from 1),
and the answer: `status`, `headers`, `body` (file) or `text`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import struct
import sys
from collections import Counter
from pathlib import Path
from typing import Any

Rule = dict[str, Any]
Asked = tuple[str, str, str, dict[str, str]]  # method, path, query, headers
PATTERNS = {"agent": "user-agent", "referer": "referer", "language": "accept-language", "accept": "accept"}


class Answers:
    """The rules of all hosts and what they remember."""

    def __init__(self, rules: dict[str, list[Rule]]) -> None:
        self.rules = rules
        self.visits: Counter[tuple[str, int, str]] = Counter()

    def answer(self, asked: Asked) -> bytes:
        """The whole answer, head and body."""
        method, path, query, headers = asked
        host = headers.get("host", "")
        for number, rule in enumerate(self.rules.get(host, [])):
            if _holds(rule, path, query, headers) and self._turn((host, number), rule, headers):
                return _written(rule, method)
        # Back to nginx, which has the static files.
        return _reply(200, {"X-Accel-Redirect": f"/.static{path}" + (f"?{query}" if query else "")}, b"")

    def _turn(self, key: tuple[str, int], rule: Rule, headers: dict[str, str]) -> bool:
        if "every" in rule:
            self.visits[(*key, "")] += 1
            cycle, turn = rule["every"]
            return (self.visits[(*key, "")] - 1) % cycle + 1 == turn
        if rule.get("first"):
            visitor = headers.get("user-agent", "") + headers.get("x-real-ip", "")
            self.visits[(*key, visitor)] += 1
            return self.visits[(*key, visitor)] == 1
        return True


def _holds(rule: Rule, path: str, query: str, headers: dict[str, str]) -> bool:
    wanted = rule["path"]
    if not (path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted):
        return False
    if any(name in rule and not re.search(rule[name], headers.get(header, ""), re.IGNORECASE) for name, header in PATTERNS.items()):
        return False
    if "query" in rule and not re.search(rule["query"], query):
        return False
    names = {part.split("=")[0].strip() for part in headers.get("cookie", "").split(";")}
    return ("cookie" not in rule or rule["cookie"] in names) and ("no_cookie" not in rule or rule["no_cookie"] not in names)


def _written(rule: Rule, method: str) -> bytes:
    body = Path(rule["body"]).read_bytes() if "body" in rule else str(rule.get("text", "")).encode()
    headers = {"Content-Type": "text/html; charset=utf-8", **rule.get("headers", {})}
    return _reply(rule.get("status", 200), headers, b"" if method == "HEAD" else body)


def _reply(status: int, headers: dict[str, str], body: bytes) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.0 {status} Status\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _parsed(head: str) -> Asked:
    first, *rest = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    return method, path, query, headers


class Aliases(asyncio.DatagramProtocol):
    """Tells of names whose alias leads nowhere: code 3 with the CNAME."""

    def __init__(self, aliases: dict[str, str]) -> None:
        self.aliases = aliases

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        end = data.index(0, 12) + 5
        labels, place = [], 12
        while data[place]:
            labels.append(data[place + 1 : place + 1 + data[place]].decode())
            place += 1 + data[place]
        target = self.aliases.get(".".join(labels).lower(), "")
        wire = b"".join(bytes([len(part)]) + part.encode() for part in target.split(".")) + b"\0"
        record = b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, len(wire)) + wire if target else b""
        head = data[:2] + struct.pack(">5H", 0x8583, 1, bool(target), 0, 0)
        self.transport.sendto(head + data[12:end] + record, address)


async def serve(file: Path, port: int) -> None:
    """Answers until SIGTERM."""
    told = json.loads(file.read_text())
    answers = Answers(told["rules"])

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(answers.answer(_parsed(head.decode("latin-1"))))
            await writer.drain()
        writer.close()

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: Aliases(told["aliases"]), local_addr=("127.0.0.1", port))
    async with await asyncio.start_server(one, "127.0.0.1", port, backlog=1024):
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
