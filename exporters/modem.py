"""A GSM modem on a serial line, spoken to by AT commands (3GPP TS 27.005 and 27.007). One command at a time, one answer each."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import termios
import tty
from pathlib import Path

from exporters.gsm import Pdu

_SPEED = termios.B115200
_MOST_LINE = 4096
_FAILED = re.compile(r"(?:\+(CME|CMS) ERROR: ?(\d+)|ERROR|NO CARRIER)$")
# TS 27.007 §7.2: 1 home, 5 roaming; 6 and 7 the same for short messages alone, as on networks without telephony of old.
_REGISTERED = re.compile(r"\+C(?:E)?REG: ?\d,(?:1|5|6|7)(?:,|$)")
_ESCAPE, _SEND = b"\x1b", b"\x1a"


class Refused(Exception):
    """The modem answered a command with an error: `kind` CMS (the message), CME (the equipment) or "", and its number (-1: none)."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(f"+{kind} ERROR: {number}" if kind else "ERROR")
        self.kind = kind
        self.number = number


class NotReady(Exception):
    """The modem works but cannot send: `why` is `pin` (the card wants one), `wrong_pin`, `puk` (or worse) or `network`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Modem:
    """An open serial line. Raises Refused, NotReady, TimeoutError, OSError."""

    def __init__(self, device: Path, timeout: float) -> None:
        """`timeout` in seconds for each answer; a network takes up to a minute for a message."""
        self._timeout = timeout
        self._line = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self._said = b""
        try:
            # A second program on the line (notify test beside the service) would cut into a message: it is an outage for whoever comes later.
            fcntl.flock(self._line, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _set_up(self._line)
        except BaseException:  # clean-up, raised again: the line is nobody's
            os.close(self._line)
            raise

    def close(self) -> None:
        """Lets go of the line."""
        os.close(self._line)

    async def prepare(self, pin: str) -> None:
        """Makes the modem ready to send. `pin` ("" none) is given once at most: three wrong ones lock the card."""
        # Whoever spoke before may have been cut off inside a message; it is not to be sent with our first command in it.
        await self._write(_ESCAPE)
        await self.ask("AT")
        await self.ask("ATE0")
        await self.ask("AT+CMEE=1")
        await self._unlock(pin)
        if not _registered(await self.ask("AT+CREG?")) and not _registered(await self._asked_softly("AT+CEREG?")):
            raise NotReady("network")
        await self.ask("AT+CMGF=0")

    async def submit(self, pdu: Pdu) -> None:
        """Sends one message; the network took it when this returns."""
        await self._write(f"AT+CMGS={pdu.length}\r".encode())
        try:
            await self._until_prompt()
        except TimeoutError:
            await self._write(_ESCAPE)
            raise
        answer = await self._answered(pdu.hexadecimal.encode() + _SEND)
        if not any(line.startswith("+CMGS:") for line in answer):
            raise Refused("", -1)

    async def ask(self, command: str) -> list[str]:
        """The lines between a command and its OK; what the modem reports by itself may be among them."""
        return await self._answered(command.encode() + b"\r")

    async def _asked_softly(self, command: str) -> list[str]:
        """No lines where the modem does not know the command."""
        try:
            return await self.ask(command)
        except Refused:
            return []

    async def _unlock(self, pin: str) -> None:
        state = next((line.partition(":")[2].strip() for line in await self.ask("AT+CPIN?") if line.startswith("+CPIN:")), "")
        if state == "READY":
            return
        if state != "SIM PIN":
            raise NotReady("puk")
        if not pin:
            raise NotReady("pin")
        try:
            await self.ask(f'AT+CPIN="{pin}"')
        except Refused:
            raise NotReady("wrong_pin") from None

    async def _answered(self, what: bytes) -> list[str]:
        self._said = b""
        await self._write(what)
        lines: list[str] = []
        async with asyncio.timeout(self._timeout):
            while True:
                line = await self._next_line()
                if line == "OK":
                    return lines
                if failed := _FAILED.fullmatch(line):
                    raise Refused(failed[1] or "", int(failed[2]) if failed[2] else -1)
                if line:
                    lines.append(line)

    async def _next_line(self) -> str:
        while b"\n" not in self._said:
            self._said = (self._said + await self._read())[-_MOST_LINE:]
        line, _, self._said = self._said.partition(b"\n")
        return line.decode("ascii", errors="replace").strip()

    async def _until_prompt(self) -> None:
        self._said = b""
        async with asyncio.timeout(self._timeout):
            while not re.search(rb"(?:^|\n)> ?$", self._said):
                for line in self._said.decode("ascii", errors="replace").splitlines():
                    if failed := _FAILED.fullmatch(line.strip()):
                        raise Refused(failed[1] or "", int(failed[2]) if failed[2] else -1)
                self._said = (self._said + await self._read())[-_MOST_LINE:]

    async def _read(self) -> bytes:
        await _ready(self._line, writing=False)
        said = os.read(self._line, _MOST_LINE)
        if not said:
            raise ConnectionResetError("the line was pulled")
        return said

    async def _write(self, what: bytes) -> None:
        async with asyncio.timeout(self._timeout):
            while what:
                await _ready(self._line, writing=True)
                what = what[os.write(self._line, what) :]


def _set_up(line: int) -> None:
    """Raw bytes at the usual speed, no flow control by letters."""
    tty.setraw(line, termios.TCSANOW)
    settings = termios.tcgetattr(line)
    settings[2] |= termios.CLOCAL | termios.CREAD
    settings[4] = settings[5] = _SPEED
    termios.tcsetattr(line, termios.TCSANOW, settings)


def _registered(lines: list[str]) -> bool:
    return any(_REGISTERED.match(line) for line in lines)


async def _ready(line: int, *, writing: bool) -> None:
    loop = asyncio.get_running_loop()
    come: asyncio.Future[None] = loop.create_future()

    def now() -> None:
        if not come.done():
            come.set_result(None)

    add, remove = (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)
    add(line, now)
    try:
        await come
    finally:
        remove(line)
