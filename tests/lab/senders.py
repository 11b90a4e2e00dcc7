"""What people hold in their hands: real senders and remote controls, run on a host of theirs to their end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import cases
import screens
from lab import LabError
from people import Station


def play_airplay(phone: Station, *what: str, found: Callable[[], None] = lambda: None) -> None:
    """A part of airplaypush.py, to its end; `found` is called when the search is over and the sending begins."""
    program = phone.host.popen([sys.executable, screens.HERE / "airplaypush.py", *what])
    program.wait_for("found")
    found()
    if program.wait(60):
        raise LabError(program.said())


def command(sender: Station, *what: str) -> None:
    """A part of remotes.py, to its end."""
    sender.host.run([sys.executable, screens.HERE / "remotes.py", *what], 60)


def send_to_kodi(phone: Station, ip: str, action: str) -> None:
    """Kodi's event server is told to do something, by the program that comes with Kodi for that."""
    phone.host.run(["kodi-send", f"--host={ip}", f"--action={action}"])


def open_by_line(phone: Station, ip: str) -> None:
    """The same call on Kodi's bare port, where no password can be asked for."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "Player.Open", "params": {"item": {"file": cases.serve_sound(phone)}}}
    phone.fetch(ip, 9090, json.dumps(call).encode(), until=b'"result"')


def open_in_kodi(phone: Station, ip: str, media: str = "") -> None:
    """Kodi's JSON-RPC is told to play an address, the phone's own sound if none, and then asked what it plays."""
    opened = {"method": "Player.Open", "params": {"item": {"file": media or cases.serve_sound(phone)}}}
    for number, call in enumerate((opened, {"method": "Player.GetActivePlayers"})):
        body = json.dumps({"jsonrpc": "2.0", "id": number, **call})
        head = ["POST /jsonrpc HTTP/1.1", f"Host: {ip}:8080", "Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close"]
        phone.fetch(ip, 8080, "\r\n".join([*head, "", body]).encode())
