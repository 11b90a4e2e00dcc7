"""A province with its door for boxes, over TLS on loopback, and a box that knocks."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from collector.enrolment.enroller import Enroller
from collector.enrolment.service import Door
from tests.fleet.boxes import FakeClock
from tests.servers.certificates import Certificates
from tests.system.program import Box, ran

SITES = "site,name\nxa-a,Trung tâm xã A\nxa-b,Trung tâm xã B\n"
BOXES = "box,site,key,since,until,by\n"
ADDRESS = re.compile(r"https://127\.0\.0\.1:(\d+)")


class Province:
    """The province's folders: `declared`, and that of the service, with the commands given on them."""

    def __init__(self, folder: Path, boxes: str = BOXES) -> None:
        self.dir, self.declared = folder / "dich-vu", folder / "khai-bao"
        self.declared.mkdir(parents=True)
        (self.declared / "province.toml").write_text('province = "79"\nname = "Tỉnh Thử"\n')
        (self.declared / "sites.csv").write_text(SITES)
        (self.declared / "boxes.csv").write_bytes(boxes.encode())
        done = ran("declared", "keygen", "--out", self.dir)
        assert done.returncode == 0, done.stderr

    def token(self, box: str = "hop-a", *more: str) -> str:
        done = ran("box", "token", "--box", box, "--site", "xa-a", "--by", "Nguyễn Văn Mẫu", "--dir", self.dir, *more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def prepare(self, name: str, text: str, box: str = "hop-a") -> None:
        place = self.dir / "hop" / box
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)

    def sign(self, box: str = "hop-a") -> bytes:
        place = self.declared.parent / "xa"
        place.mkdir(exist_ok=True)
        (place / "site.toml").write_text('site = "xa-a"\nname = "Tỉnh ký cho xã A"\n')
        out = self.dir / "goi" / box
        out.parent.mkdir(parents=True, exist_ok=True)
        done = ran("declared", "sign", place, "--box", box, "--key", self.dir / "declared.key", "--out", out)
        assert done.returncode == 0, done.stderr
        return out.read_bytes()

    def lines(self) -> list[list[str]]:
        return [line.split(",") for line in (self.declared / "boxes.csv").read_text().splitlines()[1:]]

    def audit(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.dir / "box-audit.jsonl").read_text().splitlines()]


class Wrapped(Enroller):
    """The province's part, whose answers a test may lose, or have said twice."""

    after: Callable[[], None] = staticmethod(lambda: None)

    def join(self, *said: Any) -> Any:
        told = super().join(*said)
        self.after()
        return told

    def renew(self, *said: Any) -> Any:
        told = super().renew(*said)
        self.after()
        return told


@contextmanager
def opened(app: web.Application, certificates: Certificates) -> Iterator[str]:
    """An application of aiohttp over TLS, in a thread of its own: those who ask are commands to their end."""
    loop, ready = asyncio.new_event_loop(), threading.Event()
    addresses: list[int] = []

    async def start() -> web.AppRunner:
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificates.right.server_context()).start()
        addresses.append(runner.addresses[0][1])
        return runner

    def run() -> None:
        runner = loop.run_until_complete(start())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(30)
        yield f"https://localhost:{addresses[0]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)


@contextmanager
def serving(province: Province, certificates: Certificates, clock: FakeClock | None = None) -> Iterator[tuple[str, Wrapped]]:
    """The service itself; with a clock that stands, where one is given."""
    from collector.clock import SystemClock

    used = clock or SystemClock()
    enroller = Wrapped(province.dir, province.declared, used)
    enroller.prepare()
    with opened(Door(enroller, used).app(), certificates) as url:
        yield url, enroller


def box_at(folder: Path, *tables: str, name: str = "hop-a") -> Box:
    """A box as `vonggac init` leaves it: no declared data yet."""
    folder.mkdir(parents=True, exist_ok=True)
    return Box(folder).write(f'[box]\nid = "{name}"\n', *tables)


def token_file(box: Box, token: str) -> Path:
    path = box.folder / "ma"
    path.write_text(token + "\n")
    path.chmod(0o600)
    return path


def enrolled(box: Box, url: str, token: str, authority: Path, *more: str) -> Any:
    """`vonggac box enrol`, to its end."""
    return ran("box", "enrol", url, "--token-file", token_file(box, token), "--ca", authority, "--config", box.config, *more)
