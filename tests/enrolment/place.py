"""A province with its door for boxes, over TLS on loopback, and a box that knocks."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.boxkey import public_key, signing
from collector.clock import SystemClock
from collector.config import load
from collector.declared_fleet import load_fleet
from collector.enrolment.box import Taken, join, places_of, renew
from collector.enrolment.enroller import Enroller, issue
from collector.enrolment.service import Door
from collector.enrolment.wire import Renewed
from collector.journal import Batch, Journal
from collector.onboarding.pki import Authority
from collector.province.keys import holds
from collector.signeddata import Content, sign
from collector.signeddata.form import FORMAT
from exporters.trust import trusting
from model.fleet.verify import Arrived, Genuine, checked
from model.ports import Health
from model.times import DAY, SECOND
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
        self.dir.mkdir()
        self.key = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
        pem = self.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (self.dir / "declared.pub").write_bytes(pem)
        self.clock = FakeClock(SystemClock().now())

    def token(self, box: str = "hop-a", sites: Sequence[str] = ("xa-a",), days: int = 7) -> str:
        return issue(self.dir, self.clock, box, sites, days, "Nguyễn Văn Mẫu")

    def prepare(self, name: str, text: str, box: str = "hop-a") -> None:
        place = self.dir / "hop" / box
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)

    def sign(self, box: str = "hop-a") -> None:
        files = {"site.toml": 'site = "xa-a"\nname = "Tỉnh ký cho xã A"\n'}
        now = self.clock.now()
        out = self.dir / "goi" / box
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(sign(Content(format=FORMAT, box=box, version=now // SECOND, expires=now + 30 * DAY, files=files), self.key))

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
def serving(province: Province, certificates: Certificates, authority: Authority | None = None) -> Iterator[tuple[str, Wrapped]]:
    """The service itself, by the province's clock."""
    enroller = Wrapped(province.dir, province.declared, province.clock, authority)
    enroller.prepare()
    with opened(Door(enroller, province.clock).app(), certificates) as url:
        yield url, enroller


def box_at(folder: Path, *tables: str, name: str = "hop-a") -> Box:
    """A box as `vonggac init` leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    return Box(folder).site("xa-a").write(f'[box]\nid = "{name}"\n', *tables)


def token_file(box: Box, token: str) -> Path:
    path = box.folder / "ma"
    path.write_text(token + "\n")
    path.chmod(0o600)
    return path


def enrolled(box: Box, url: str, token: str, authority: Path, *more: str) -> Any:
    """`vonggac box enrol`, to its end."""
    return ran("box", "enrol", url, "--token-file", token_file(box, token), "--ca", authority, "--config", box.config, *more)


def joined(box: Box, url: str, token: str, authority: Path, *, replace: bool = False, trusted: Path | None = None) -> Taken:
    """The same within this process."""
    settings = load(box.config)
    return join(settings, places_of(box.config), url, token, authority, trusting(trusted or authority), sites=["xa-a"], replace=replace)


def renewed(box: Box, now: int | None = None) -> Renewed:
    """`vonggac box renew`, within this process."""
    settings = load(box.config)
    return renew(settings, box.folder, trusting(settings.bundle.ca_file), SystemClock().now() if now is None else now)


def posted(url: str, body: bytes, authority: Path) -> tuple[int, Any]:
    """What the door says to these bytes: the status, and the JSON it came with."""
    context = ssl.create_default_context(cafile=str(authority))
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body, method="POST"), context=context, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def bundle(url: str, token: str, authority: Path, tag: str = "") -> tuple[int, bytes, str]:
    """A pull: the status, the body, the tag."""
    headers = {"Authorization": f"Bearer {token}", **({"If-None-Match": tag} if tag else {})}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), context=ssl.create_default_context(cafile=str(authority)), timeout=30
        ) as answer:
            return answer.status, answer.read(), answer.headers["ETag"]
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers.get("ETag", "")


def key_of(box: Box) -> str:
    """The public half of the box's key, as boxes.csv has it."""
    return public_key(box.folder / "state/box.key")


def wrote(box: Box, at: int, name: str = "hop-a") -> Arrived:
    """A heartbeat of `at`, signed by a journal of the box with the key it has now, as it arrives at the province."""
    clock = FakeClock(at)
    journal = Journal.open(box.folder / f"{at}-{key_of(box)[:8]}.db", box=name, clock=clock, signing=signing(box.folder / "state/box.key", frozenset({"soc"})))
    try:
        journal.commit(Batch(site="xa-a", now=at, documents=[Health(site="xa-a", at=at, box=name, queued=0, oldest_at=0)]))
        journal.table.register("soc", ["health"])
        (row,) = journal.table.lease("soc", 10).rows
    finally:
        journal.close()
    return Arrived(id=row.id, stream="health", box=name, site="xa-a", signed=row.signed)


def worth(province: Province, one: Arrived, now: int) -> str:
    """ "taken", or why the province refuses the document."""
    found = checked(one, load_fleet(province.declared), holds, now)
    return "taken" if isinstance(found, Genuine) else found.reason
