"""What is carried by hand, made into facts and handed to core: each file by itself, once, and confirmed only when core has written it down."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from collector.bundles import form, inventory, kaspersky, portable
from collector.bundles.errors import BundleError
from collector.bundles.keys import Keys
from collector.bundles.ledger import Entry, Ledger
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context, Envelope
from model.declared import Declared
from model.endpointfacts import PcAnswered, Source
from model.ports import FactSink, JournalReader
from model.posture.told import AnyTold, SuiteControl
from model.text import Text
from model.times import DAY, SECOND, day_of

SENSOR: Final = "import"
_MAX: Final = 64 << 20
# Core writes at least each second; a box under load may take longer.
_PATIENCE, _LOOK = 30.0, 1.0
# Vietnam's noon: an inventory tells its day, no hour.
_NOON: Final = DAY // 2 - 7 * 3_600 * SECOND

_NO_KEYS = Text("gói cần khóa để mở: thêm --keys THƯ-MỤC-KHÓA", "a bundle needs the key that opens it: add --keys FOLDER")
_UNSIGNED = Text("tệp này không có chữ ký: thêm --by TÊN-NGƯỜI-CHỊU-TRÁCH-NHIỆM", "this file bears no signature: add --by, who answers for it")
_STRANGE = Text(
    "không nhận ra: không phải gói, nhật ký osquery, kiểm kê XML hay báo cáo Kaspersky", "it is no bundle, osquery log, XML inventory or Kaspersky report"
)
_REUSED = Text(
    "số thứ tự đã dùng cho gói khác: USB bị sao chép, hoặc bộ đếm bị đặt lại", "its number stood on another bundle: a copied stick, or its counter was put back"
)
_UNKNOWN = Text("không máy nào trong báo cáo có tên trong enrolled.csv", "no PC of the report is in enrolled.csv by name")
_NOT_WRITTEN = Text("lõi chưa ghi xong; nhập lại sau, sẽ không bị tính hai lần", "core has not written it down; import it again later, it counts once")


class Place(NamedTuple):
    """For which site, with which keyed hash, at what time (ns), and who imports."""

    declared: Declared
    mark: Callable[[str], str]
    at: int
    by: str


class Outcome(NamedTuple):
    """What became of one file: how many answers of which PCs; `known`: taken in before; `refused`: why not."""

    path: Path
    pcs: tuple[str, ...] = ()
    answers: int = 0
    known: bool = False
    refused: Text | None = None


class Read(NamedTuple):
    """A file's facts, and what the ledger keeps of it."""

    facts: list[PcAnswered]
    stick: str = ""
    number: int = 0


def found(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are named, and those that lie in named folders; no links, no folders within."""
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.iterdir()) if each.is_file() and not each.is_symlink() and each.suffix.lower() in _ENDINGS)
        else:
            yield path


_ENDINGS: Final = frozenset({".vgb", ".log", ".json", ".xml", ".ocs", ".csv"})


class Importer:
    """Takes files in, one after the other. `columns`: those that the catalogue allows, by topic."""

    def __init__(self, place: Place, ledger: Ledger, columns: Mapping[str, frozenset[str]], sink: FactSink, reader: JournalReader, keys: Keys | None) -> None:
        self._place, self._ledger, self._columns = place, ledger, columns
        self._sink, self._reader, self._keys = sink, reader, keys
        # Greater than that of any import before, whatever became of its process.
        self._sequence = place.at // 1_000

    async def take(self, path: Path) -> Outcome:
        """One file; refused ones disturb nothing."""
        try:
            data = _data(path)
            digest = hashlib.sha256(data).hexdigest()
            if self._ledger.knows(digest):
                return Outcome(path, known=True)
            read = self._fresh(data, digest)
            await self._hand_over(read.facts)
        except BundleError as error:
            return Outcome(path, refused=error.text)
        pcs = tuple(dict.fromkeys(fact.pc for fact in read.facts))
        for pc in pcs[:1]:
            self._ledger.add(Entry(digest=digest, pc=pc, at=self._place.at, by=self._place.by, stick=read.stick, number=read.number))
        return Outcome(path, pcs, len(read.facts))

    def _fresh(self, data: bytes, digest: str) -> Read:
        read = self._read(data)
        if read.stick and self._ledger.reused(read.stick, read.number, digest):
            raise BundleError(_REUSED)
        return read

    async def _hand_over(self, facts: Sequence[PcAnswered]) -> None:
        numbered = []
        for fact in facts:
            self._sequence += 1
            numbered.append(msgspec.structs.replace(fact, sensor=SENSOR, sequence=self._sequence))
        if self._sink.put(numbered) < len(numbered) or not await self._is_written():
            raise BundleError(_NOT_WRITTEN)

    async def _is_written(self) -> bool:
        version = -1
        try:
            async with asyncio.timeout(_PATIENCE):
                while max((row.sequence for row in await self._reader.taken(SENSOR)), default=0) < self._sequence:
                    version = await self._reader.wait(version, _LOOK)
        except TimeoutError:
            return False
        return True

    def _read(self, data: bytes) -> Read:
        head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
        if form.FORMAT.encode() in head:
            return self._bundle(data)
        if not self._place.by:
            raise BundleError(_UNSIGNED)
        if head.startswith(b"{"):
            envelope = portable.read(data)
            return Read(self._answers(envelope, self._name(envelope.host), "portable"))
        if head.startswith(b"<"):
            return Read(self._inventory(inventory.read(data)))
        if b"," in head or b";" in head or b"\x00" in head or b"\t" in head:
            return Read(self._kaspersky(kaspersky.read(data, day_of(self._place.at))))
        raise BundleError(_STRANGE)

    def _bundle(self, data: bytes) -> Read:
        if self._keys is None:
            raise BundleError(_NO_KEYS)
        bundle = form.read(data)
        form.verify(bundle, self._keys.sticks.get(bundle.stick), self._place.at)
        body = form.opened(bundle, self._keys.private)
        # When it was made is signed; what stands inside is only what the PC's clock said at the same moment.
        envelope = msgspec.structs.replace(body.answers, collected_at=min(bundle.made * SECOND, self._place.at))
        return Read(self._answers(envelope, self._name(body.machine), "script"), bundle.stick, bundle.number)

    def _answers(self, envelope: Envelope, pc: str, source: Source) -> list[PcAnswered]:
        told = answers(envelope, self._columns, Context(pc, self._place.declared.site, self._place.at, source, self._place.mark))
        if not told.facts:
            raise BundleError(_STRANGE)
        return list(told.facts)

    def _inventory(self, read: inventory.Inventory) -> list[PcAnswered]:
        enrolled = self._enrolled(read.host)
        at = min(read.day * DAY + _NOON, self._place.at) if read.day is not None else self._place.at
        return [self._fact(enrolled or self._name(read.machine or read.host), told, at, "inventory") for told in read.told]

    def _kaspersky(self, lines: Sequence[kaspersky.Line]) -> list[PcAnswered]:
        facts: list[PcAnswered] = []
        for line in lines:
            pc = self._enrolled(line.device)
            told: list[AnyTold] = [each for each in (line.told, SuiteControl(on=line.control) if line.control is not None else None) if each is not None]
            facts += [self._fact(pc, each, self._place.at, "ksc") for each in told if pc]
        if not facts:
            raise BundleError(_UNKNOWN)
        return facts

    def _fact(self, pc: str, told: AnyTold, at: int, source: Source) -> PcAnswered:
        topic = str(told.__struct_config__.tag)
        return PcAnswered(at=self._place.at, pc=pc, site=self._place.declared.site, topic=topic, answered=at, source=source, told=told)

    def _enrolled(self, name: str) -> str:
        """The id of the PC that is enrolled under this name; empty for none."""
        wanted = name.strip().lower()
        return next((pc.id for pc in self._place.declared.enrolled or () if wanted and wanted in {pc.id.lower(), pc.name.lower()}), "")

    def _name(self, machine: str) -> str:
        """What a PC without a certificate is called: by its hardware, hashed."""
        return "goi-" + self._place.mark(machine)[:12]


def _data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX + 1)
    except OSError as error:
        raise BundleError(Text(f"không đọc được: {error.strerror}", f"it cannot be read: {error.strerror}")) from None
    if len(data) > _MAX:
        raise BundleError(Text("tệp quá lớn", "the file is too large"))
    return data


def told(outcomes: Sequence[Outcome]) -> Mapping[str, int]:
    """Files by what became of them, for the last line of the command."""
    return {
        "taken": sum(not each.known and each.refused is None for each in outcomes),
        "known": sum(each.known for each in outcomes),
        "refused": sum(each.refused is not None for each in outcomes),
    }
