"""Remote control in the laboratory: real servers (Xvnc, xrdp), a viewer that logs in to them by hand, and what cannot be had, built from its description."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from lab import Host, LabError, Process, until

PASSWORD = b"vonggac1"
# A screen of the least size: a whole picture is a few KB.
GEOMETRY = "32x16"
# The last that a viewer says: one key, let go.
KEY = bytes((4, 0, 0, 0, 0, 0, 0, 0x61))


def xvnc(host: Host, display: int, *, guarded: bool) -> Process:
    """TigerVNC's server on port 5900, with a VNC password or none."""
    # X itself listens on TCP of its own network, so that nothing lies in a folder shared with other laboratories.
    argv = ["Xvnc", f":{display}", "-rfbport", "5900", "-geometry", GEOMETRY, "-depth", "16"]
    argv += ["-nolock", "-listen", "tcp", "-nolisten", "local", "-nolisten", "unix"]
    if guarded:
        # What vncpasswd writes: the password by a key that everybody knows.
        secret = host.folder / "passwd"
        secret.write_bytes(_des(bytes((23, 82, 107, 6, 35, 78, 88, 7)), PASSWORD))
        argv += ["-SecurityTypes", "VncAuth", "-PasswordFile", str(secret)]
    else:
        argv += ["-SecurityTypes", "None"]
    program = host.popen(argv, env={"HOME": str(host.folder)})
    until(lambda: ":5900" in host.run(["ss", "-Hltn"]), "Xvnc's port", 30)
    return program


def xrdp(host: Host) -> Process:
    """xrdp on its usual port; no session stands behind it."""
    program = host.popen(["xrdp", "-n", "-p", "3389"])
    until(lambda: ":3389" in host.run(["ss", "-Hltn"]), "xrdp's port", 30)
    return program


def view(host: Host, ip: str, password: bytes = b"") -> str:
    """Logs in over RFB 3.8 (RFC 6143 §7), asks for the picture and types a little: `shown`, or `refused`."""
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.settimeout(20)
        line.connect((ip, 5900))
        line.sendall(_exactly(line, 12))
        offered = _exactly(line, _exactly(line, 1)[0])
        kind = 2 if password else 1
        if kind not in offered:
            raise LabError(f"the server offers {list(offered)}")
        line.sendall(bytes((kind,)))
        if password:
            line.sendall(_des(password, _exactly(line, 16)))
        if any(_exactly(line, 4)):
            return "refused"
        line.sendall(b"\1")
        start = _exactly(line, 24)
        _exactly(line, int.from_bytes(start[20:24]))
        line.sendall(b"\2\0\0\1\0\0\0\0" + b"\3\0\0\0\0\0" + start[:4])
        _exactly(line, 16)
        line.sendall(KEY)
        return "shown"


def dotool(host: Host, ip: str, password: str) -> None:
    """vncview.py to its end; LabError with its words where it is not let in."""
    host.run([sys.executable, Path(__file__).with_name("vncview.py"), ip, password], 60)


def ask_rdp(host: Host, ip: str) -> int:
    """A connection request of RDP with a name in its cookie ([MS-RDPBCGR] §2.2.1.1): the protocol the server agrees to."""
    cookie = b"Cookie: mstshash=thu\r\n" + bytes((1, 0, 8, 0, 3, 0, 0, 0))
    body = bytes((0xE0, 0, 0, 0, 0, 0)) + cookie
    with host.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.settimeout(20)
        line.connect((ip, 3389))
        line.sendall(b"\3\0" + (len(body) + 5).to_bytes(2) + bytes((len(body),)) + body)
        answer = _exactly(line, 19)
    return int.from_bytes(answer[15:19], "little")


def _exactly(line: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        part = line.recv(size - len(got))
        if not part:
            raise LabError(f"the other side ended after {len(got)} of {size} bytes")
        got += part
    return got


def _des(key: bytes, text: bytes) -> bytes:
    """DES as VNC uses it: of each byte of the key the bits in reverse order. Three times with one key is once."""
    turned = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    return Cipher(TripleDES(turned * 3), modes.ECB()).encryptor().update(text)
