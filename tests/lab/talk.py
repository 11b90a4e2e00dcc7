"""Programs run inside a host that say what a program says which cannot be had, or that view what a real server shows.

python talk.py view IP                 an RFB viewer (RFC 6143): real log-in without a password, then requests and key strokes
python talk.py rdp IP                  the connection request of RDP ([MS-RDPBCGR] 2.2.1.1), and the server's answer
python talk.py tls NAME PORT [SIZE]    looks the name up, opens TLS to it by OpenSSL, says so many bytes
python talk.py serve-tls IP PORT CERT  answers TLS; with 1.2 as a fourth word, of that version, whose certificates are in the clear
python talk.py call GROUP PORT HEX     one datagram to a group, or to everybody
python talk.py kms NAME                looks the name up, and binds KMS on TCP 1688 (DCE/RPC, C706 12.6)
python talk.py serve IP PORT [HEX]     takes whatever comes, and answers each piece with these bytes
python talk.py send IP PORT HEX        says something on TCP
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable

# Interface 51c82175-844e-4750-b0d8-ec255555bc06 version 1.0, transfer syntax NDR version 2.
_KMS = bytes.fromhex("0000 0100 7521c851 4e84 5047 b0d8ec255555bc06 0100 0000 045d888a eb1c c911 9fe8 08002b104860 0200 0000".replace(" ", ""))
_BIND = bytes.fromhex("05000b0310000000") + struct.pack("<HHIHHIB3x", 72, 0, 1, 5840, 5840, 0, 1) + _KMS
_RDP = bytes.fromhex("0300002722e00000000000") + b"Cookie: mstshash=x\r\n" + bytes.fromhex("0100080003000000")


def _whole(stream: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (part := stream.recv(size - len(got))):
        got += part
    return got


def view(ip: str) -> None:
    """Logs in without a password, asks for the picture, types."""
    with socket.create_connection((ip, 5900), 10) as stream:
        stream.sendall(_whole(stream, 12))
        kinds = _whole(stream, _whole(stream, 1)[0])
        assert 1 in kinds, kinds
        stream.sendall(b"\x01")
        assert _whole(stream, 4) == bytes(4)
        stream.sendall(b"\x01")
        width, height = struct.unpack(">HH", _whole(stream, 24)[:4])
        stream.sendall(b"\x02\x00" + struct.pack(">Hi", 1, 0))
        for down in (1, 0) * 40:
            stream.sendall(b"\x04" + struct.pack(">BHI", down, 0, 0x61))
        stream.sendall(b"\x03\x00" + struct.pack(">HHHH", 0, 0, width, height))
        print("seen", len(_whole(stream, 1000)), flush=True)


def rdp(ip: str) -> None:
    """Asks for a session and hears whether the server would have one."""
    with socket.create_connection((ip, 3389), 10) as stream:
        stream.sendall(_RDP)
        print("answered", _whole(stream, 19).hex(), flush=True)


def tls(name: str, port: str, size: str = "100") -> None:
    """A TLS handshake with that name, whoever answers, and some words."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((name, int(port)), 10) as plain:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(plain, server_hostname=name) as stream:
            # As keys and mouse do: in small pieces, which are not put together on the way.
            for _ in range(0, int(size), 100):
                stream.sendall(b"x" * 100)
                time.sleep(0.01)
            print("connected", flush=True)


def serve_tls(ip: str, port: str, certificate: str, version: str = "1.3") -> None:
    """TLS to everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2 if version == "1.2" else ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate)
    with socket.create_server((ip, int(port))) as listener:
        print("ready", flush=True)
        while True:
            with contextlib.suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as stream:
                while stream.recv(4096):
                    pass


def call(group: str, port: str, words: str) -> None:
    """One datagram to many."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        caller.sendto(bytes.fromhex(words), (group, int(port)))


def kms(name: str) -> None:
    """Asks a server to activate."""
    send(socket.gethostbyname(name), "1688", _BIND.hex())


def send(ip: str, port: str, words: str) -> None:
    """Says something."""
    with socket.create_connection((ip, int(port)), 10) as stream:
        stream.sendall(bytes.fromhex(words))
        stream.shutdown(socket.SHUT_WR)
        while stream.recv(4096):
            pass


def serve(ip: str, port: str, words: str = "") -> None:
    """Takes what comes until the other side ends."""
    with socket.create_server((ip, int(port)), family=socket.AF_INET6 if ":" in ip else socket.AF_INET) as listener:
        print("ready", flush=True)
        while True:
            with contextlib.suppress(OSError), listener.accept()[0] as stream:
                while stream.recv(4096):
                    stream.sendall(bytes.fromhex(words))


PARTS: dict[str, Callable[..., None]] = {
    "view": view, "rdp": rdp, "tls": tls, "serve-tls": serve_tls, "call": call, "kms": kms, "send": send, "serve": serve,
}  # fmt: skip

if __name__ == "__main__":
    PARTS[sys.argv[1]](*sys.argv[2:])
