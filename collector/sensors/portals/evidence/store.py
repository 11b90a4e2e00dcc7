"""Evidence on disk: one WARC and one small index file a judged look, within bounds, safe against a power cut at any moment.

Names are hashes of the WARC itself: no hostile text is ever part of a path, and a file that was changed no longer has its name. Synchronous; call it from a
worker thread. One store writes to a folder, any number may read.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from collector.clock import Clock
from collector.sensors.portals.evidence import files, warcfile
from collector.sensors.portals.evidence.errors import EvidenceError
from collector.sensors.portals.evidence.recorded import Recorded, Story, as_json
from model.text import Text, shown
from model.webfacts import HopKind

_NAME = re.compile(r"[0-9a-f]{24}")
# On a full disk, so many captures are given up for a new one before the new one is given up.
_TRIES = 8


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange of a capture, for those who do not open the WARC; `sha256` of the body as kept, times in ns."""

    how: HopKind
    method: str
    url: str
    status: int
    address: str
    started: int
    finished: int
    size: int
    sha256: str
    truncated: bool
    trouble: str
    issuer: str
    certificate: str


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one look that was kept. `findings` need it: it goes last when room is short. `sha256` and `size` of the WARC, `kept` in ns."""

    name: str
    look: str
    portal: str
    kept: int
    sha256: str
    size: int
    picture: str
    page: bool
    story: Story
    sent: tuple[Sent, ...]
    findings: tuple[str, ...] = ()


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`captures` on disk, `confirmed` of them, `size` in bytes; since the start: `dropped` for room (`dropped_confirmed` of them), `lost`: never kept."""

    captures: int
    confirmed: int
    size: int
    dropped: int
    dropped_confirmed: int
    lost: int


class _Entry(msgspec.Struct):
    kept: int
    size: int
    findings: tuple[str, ...] = ()


class Store:
    """Keeps and finds captures."""

    def __init__(self, folder: Path, max_bytes: int, clock: Clock, software: str = "vonggac") -> None:
        """`software` is written into each WARC as what made it. Nothing is read or made before it is needed."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._software = software
        self._lock = threading.Lock()
        self._known: dict[str, _Entry] | None = None
        self._size = self._dropped = self._dropped_confirmed = self._lost = 0

    def keep(self, look: str, portal: str, exchanges: Sequence[Recorded], screenshot: bytes | None, story: Story, *, page: str = "") -> str:
        """Keeps one look; answers the capture's name, empty when it could not be kept (counted). `page` is the page after its scripts.

        On disk when this returns. Raises EvidenceError only when the folder cannot be used at all.
        """
        whole = warcfile.Look(look, portal, self._software, story, exchanges, screenshot, page)
        with self._lock:
            self._entries()
            for _ in range(_TRIES):
                try:
                    return self._keep(whole)
                except OSError as error:
                    if error.errno not in (errno.ENOSPC, errno.EDQUOT) or not self._drop_one():
                        break
            self._lost += 1
            return ""

    def confirm(self, name: str, finding: str) -> bool:
        """A finding needs this capture: it goes last from now on. False when it is gone."""
        with self._lock:
            entries = self._entries()
            capture = self.capture(name)
            if capture is None or name not in entries:
                return False
            if finding in capture.findings:
                return True
            changed = msgspec.structs.replace(capture, findings=(*capture.findings, finding))
            try:
                self._write_index(changed)
                size = _bytes(self._path(name, ".warc.gz"), self._path(name, ".json"))
            except OSError:
                return False
            entry = entries[name]
            self._size += size - entry.size
            entry.size, entry.findings = size, changed.findings
            return True

    def capture(self, name: str) -> Capture | None:
        """What is known of a capture; None when there is no such one, or not any more."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._path(name, ".json").read_bytes(), type=Capture)
        return None

    def captures(self, portal: str = "", finding: str = "") -> list[Capture]:
        """Captures of a portal or for a finding, oldest first."""
        names = (path.name.removesuffix(".json") for path in self._folder.glob("??/*.json"))
        found = map(self.capture, filter(_NAME.fullmatch, names))
        wanted = (each for each in found if each is not None and portal in ("", each.portal) and (not finding or finding in each.findings))
        return sorted(wanted, key=lambda each: (each.story.at, each.name))

    def readable(self) -> None:
        """Raises OSError when there is a folder that cannot be read; one that is not there yet holds nothing."""
        with contextlib.suppress(FileNotFoundError):
            os.scandir(self._folder).close()

    def warc(self, name: str) -> Path:
        """Where the WARC of a capture is, or would be."""
        return self._path(name, ".warc.gz")

    def picture(self, name: str) -> tuple[str, bytes] | None:
        """The screenshot and its type; None when there is none."""
        with contextlib.suppress(OSError, ValueError):
            for record in warcfile.read(self.warc(name)):
                if record.uri.startswith(warcfile.SCREENSHOT):
                    return record.content_type, record.content
        return None

    def health(self) -> Health:
        """How full it is and what was given up."""
        with self._lock:
            entries = self._entries()
            confirmed = sum(bool(entry.findings) for entry in entries.values())
            return Health(
                captures=len(entries),
                confirmed=confirmed,
                size=self._size,
                dropped=self._dropped,
                dropped_confirmed=self._dropped_confirmed,
                lost=self._lost,
            )

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise EvidenceError(Text(f'"{shown(name)}" không phải mã một gói chứng cứ', f'"{shown(name)}" is no capture\'s name'))
        return self._folder / name[:2] / (name + suffix)

    def _entries(self) -> dict[str, _Entry]:
        if self._known is None:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._known = dict(self._swept())
            except OSError as error:
                why = os.strerror(error.errno or 0)
                place = shown(str(self._folder), 200)
                raise EvidenceError(Text(f"không dùng được thư mục chứng cứ {place}: {why}", f"the evidence folder {place} cannot be used: {why}")) from error
            self._size = sum(entry.size for entry in self._known.values())
        return self._known

    def _swept(self) -> Iterator[tuple[str, _Entry]]:
        """What is there. A power cut leaves a file without its other half behind: nobody was told of it yet, or it was being dropped."""
        files.sweep(self._folder)
        names = {path.name.partition(".")[0] for path in self._folder.glob("??/*")}
        for name in filter(_NAME.fullmatch, names):
            index, warc = self._path(name, ".json"), self._path(name, ".warc.gz")
            capture = self.capture(name)
            if capture is not None and warc.exists():
                yield name, _Entry(capture.kept, _bytes(warc, index), capture.findings)
            else:
                self._remove(name)

    def _keep(self, look: warcfile.Look) -> str:
        with files.part(self._folder) as part:
            warcfile.write(part.file, look)
            size = part.file.tell()
            part.file.seek(0)
            digest = hashlib.file_digest(part.file, "sha256").hexdigest()
            capture = _capture(digest[:24], look, digest, size, self._clock.now())
            if capture.name in self._entries():
                return capture.name
            if not self._make_room(size + len(as_json(capture))):
                raise OSError(errno.EFBIG, "larger than the whole store")
            place = self.warc(capture.name)
            place.parent.mkdir(mode=0o700 | self._folder.stat().st_mode & 0o050, exist_ok=True)
            part.settle(place)
        try:
            self._write_index(capture)
        except OSError:
            place.unlink(missing_ok=True)
            raise
        entry = _Entry(capture.kept, _bytes(place, self._path(capture.name, ".json")))
        self._entries()[capture.name] = entry
        self._size += entry.size
        return capture.name

    def _write_index(self, capture: Capture) -> None:
        with files.part(self._folder) as part:
            part.file.write(as_json(capture))
            part.settle(self._path(capture.name, ".json"))

    def _make_room(self, size: int) -> bool:
        if size > self._max_bytes:
            return False
        while self._size + size > self._max_bytes:
            if not self._drop_one():
                return False
        return True

    def _drop_one(self) -> bool:
        """Drops the oldest capture no finding needs, or the oldest of all."""
        entries = self._entries()
        name = min(entries, key=lambda each: (bool(entries[each].findings), entries[each].kept, each), default="")
        if not name:
            return False
        self._remove(name)
        entry = entries.pop(name)
        self._size -= entry.size
        self._dropped += 1
        self._dropped_confirmed += bool(entry.findings)
        return True

    def _remove(self, name: str) -> None:
        # The index first: half a capture is swept away at the next start.
        for suffix in (".json", ".warc.gz"):
            self._path(name, suffix).unlink(missing_ok=True)


def _capture(name: str, look: warcfile.Look, digest: str, size: int, now: int) -> Capture:
    return Capture(
        name=name,
        look=look.look,
        portal=look.portal,
        kept=now,
        sha256=digest,
        size=size,
        picture=warcfile.picture_type(look.screenshot) if look.screenshot is not None else "",
        page=bool(look.page),
        story=look.story,
        sent=tuple(_sent(exchange) for exchange in look.exchanges),
    )


def _sent(exchange: Recorded) -> Sent:
    return Sent(
        how=exchange.how,
        method=exchange.method,
        url=exchange.url,
        status=exchange.status,
        address=exchange.address,
        started=exchange.started,
        finished=exchange.finished,
        size=len(exchange.body),
        sha256=hashlib.sha256(exchange.body).hexdigest(),
        truncated=exchange.truncated,
        trouble=exchange.trouble,
        issuer=exchange.issuer,
        certificate=exchange.certificate,
    )


def _bytes(*paths: Path) -> int:
    return sum(path.stat().st_size for path in paths)
