"""Portals that answer as nobody should: each on a loopback address of its own, all on one port."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Self

from tests.portals.lab.encodings import turned

PAGE = (
    "<html lang=vi><head><title>Trang thông tin điện tử xã</title></head><body><main><h1>Thủ tục hành chính</h1>"
    "<p>Bộ phận một cửa tiếp nhận hồ sơ hộ tịch, chứng thực, đất đai từ thứ hai đến thứ sáu hằng tuần.</p>{more}</main></body></html>"
)
SELLING = (
    "<html lang=vi><head>{charset}<title>Nhà cái uy tín số một</title></head><body><h1>Cổng game bài đổi thưởng</h1>"
    "<p>Đăng ký nhận 100k, nạp rút siêu tốc, tài xỉu, xóc đĩa, nổ hũ, kèo nhà cái, link vào nhà cái không bị chặn.</p>"
    "<p>Khuyến mãi nạp lần đầu, hoàn trả mỗi ngày, soi cầu miền bắc, đá gà trực tiếp, casino trực tuyến.</p></body></html>"
)
NOWHERE = "zzwin88.example"
_MIB = 1 << 20

Asked = tuple[str, dict[str, str], asyncio.StreamWriter]


def head(body: int, *lines: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """The head of an answer."""
    said = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {body}", "Connection: close", *lines, "", "")
    return "\r\n".join(said).encode()


def answer(body: bytes, *lines: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """A whole answer."""
    return head(len(body), *lines, status=status, kind=kind) + body


def plain(more: str = "") -> bytes:
    """An ordinary page."""
    return answer(PAGE.format(more=more).encode())


def moved(to: str) -> bytes:
    """A redirect."""
    return answer(b"", f"Location: {to}", status="302 Found")


def _number(path: str) -> int:
    digits = path.strip("/")
    return int(digits) if digits.isdigit() else 0


@cache
def bomb() -> bytes:
    """A gigabyte of zeros, packed into one megabyte."""
    packer, packed = zlib.compressobj(9, zlib.DEFLATED, 31), bytearray()
    for _ in range(1024):
        packed += packer.compress(bytes(_MIB))
    return bytes(packed + packer.flush())


def for_google_only(asked: Asked) -> bytes:
    """Sends on who comes from Google, and nobody else."""
    return moved(f"http://{NOWHERE}/") if "google" in asked[1].get("referer", "") else plain()


def legacy(into: str) -> bytes:
    """A page that sells, in an encoding of old."""
    named = {"windows-1258": "<meta charset=windows-1258>", "tcvn3": "<meta http-equiv=Content-Type content='text/html; charset=x-viet-tcvn5712'>"}[into]
    return answer(turned(SELLING.format(charset=named), into), kind="text/html")


def nested(asked: Asked) -> bytes:
    """A page that is nothing but a frame, which is nothing but a frame."""
    return answer(f'<html><body><iframe src="/{_number(asked[0]) + 1}" style="position:fixed;left:0;top:0;width:100%;height:100%"></iframe>'.encode())


async def _huge(asked: Asked, taken: Callable[[int], None]) -> None:
    """Two gigabytes, as far as they are taken."""
    writer, piece = asked[2], b"<p>" + b"tin " * 16_384
    writer.write(head(2 << 30))
    for _ in range((2 << 30) // len(piece)):
        writer.write(piece)
        await writer.drain()
        taken(len(piece))


ANSWERS: dict[str, Callable[[Asked], bytes]] = {
    "ordinary": lambda asked: plain(),
    "google": for_google_only,
    "loop": lambda asked: moved(f"/{(_number(asked[0]) + 1) % 20}"),
    "endless": lambda asked: moved(f"/{_number(asked[0]) + 1}"),
    "bomb": lambda asked: answer(bomb(), "Content-Encoding: gzip"),
    "header": lambda asked: answer(PAGE.encode(), "X-Long: " + "a" * _MIB),
    "utf8": lambda asked: answer(PAGE.encode().replace(b"\xe1", b"\xc3(\xff\xfe"), kind="text/html; charset=utf-8"),
    "windows-1258": lambda asked: legacy("windows-1258"),
    "tcvn3": lambda asked: legacy("tcvn3"),
    "frames": nested,
    "garbage": lambda asked: b"\x16\x03\x01 nothing of the web\r\n\r\n" + bytes(1024),
    "refusing": lambda asked: answer(b"no", status="403 Forbidden"),
    "control": lambda asked: answer(PAGE.format(more="<p>\x1b[31m\u202eẩn</p>").replace("<title>", "<title>\x1b[31m\u202e").encode()),
    "certificate": lambda asked: plain(),
    "huge": lambda asked: b"",
}


@dataclass
class Strangers:
    """All of them at work while used as an async context manager. `certificate` is what the one with TLS shows."""

    certificate: ssl.SSLContext
    taken: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)

    async def __aenter__(self) -> Self:
        bomb()  # packed now: later, everybody would wait for it
        self.kinds = {f"127.0.9.{number}": kind for number, kind in enumerate(ANSWERS, 1)}
        self._plain = await asyncio.start_server(self._serve, "0.0.0.0", 0)
        self._tls = await asyncio.start_server(self._serve, "0.0.0.0", 0, ssl=self.certificate)
        ports = [server.sockets[0].getsockname()[1] for server in (self._plain, self._tls)]
        self.urls = {kind: f"http{'s' * (kind == 'certificate')}://{host}:{ports[kind == 'certificate']}/" for host, kind in self.kinds.items()}
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in (self._plain, self._tls):
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        kind = self.kinds[writer.get_extra_info("sockname")[0]]
        self.looks[kind] += 1
        asked = first.split(" ")[1], headers, writer
        if kind == "huge":
            await _huge(asked, lambda size: self.taken.update({kind: size}))
        else:
            writer.write(ANSWERS[kind](asked))
            await writer.drain()
