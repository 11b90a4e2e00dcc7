"""A package for the investigator: the captures of a finding in one zip, with what they show in plain words and the means to see that nothing was changed."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from collector.sensors.portals.evidence.errors import EvidenceError
from collector.sensors.portals.evidence.store import Capture, Store
from collector.sensors.portals.evidence.summary import summary
from model.ledger import Change
from model.portals.declared import Portal
from model.text import Text, shown
from model.times import rfc3339

SUMMARY, MANIFEST, SUMS = "tom-tat.txt", "manifest.json", "SHA256SUMS"
# A zip knows no time zone, and the time of packing says nothing: the same finding gives the same package, byte for byte.
_WHEN = (1980, 1, 1, 0, 0, 0)
_PICTURES = {"image/png": ".png", "image/jpeg": ".jpg"}
_PIECE = 1 << 20


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """What went into a package; `missing` were dropped or are damaged, `changed` no longer have the bytes they were kept with (packed all the same)."""

    files: tuple[str, ...]
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def package(store: Store, change: Change, captures: Sequence[str], out: Path, portal: Portal | None = None) -> Packed:
    """Packs the finding of `change` with these captures into `out`, which must not exist yet. Raises EvidenceError; then there is no file."""
    found = {name: store.capture(name) if store.warc(name).is_file() else None for name in dict.fromkeys(captures)}
    there = sorted((each for each in found.values() if each is not None), key=lambda each: (each.story.at, each.name))
    missing = tuple(name for name, each in found.items() if each is None)
    try:
        with out.open("xb") as file:
            try:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                    packed = _fill(_Box(archive), store, change, there, missing, portal)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:  # clean-up, raised again: half a package must not pass for a whole one
                out.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise _unwritten(out, error) from error
    return packed


def _unwritten(out: Path, error: OSError) -> EvidenceError:
    place = shown(str(out), 200)
    if isinstance(error, FileExistsError):
        return EvidenceError(Text(f"tệp {place} đã có, không ghi đè", f"the file {place} exists, it is not written over"))
    why = os.strerror(error.errno or 0)
    return EvidenceError(Text(f"không ghi được {place}: {why}", f"{place} cannot be written: {why}"))


class _Box:
    """A zip being filled; remembers the digest of each file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.sums: dict[str, str] = {}

    def put(self, name: str, pieces: Iterator[bytes]) -> str:
        """Adds a file; answers its SHA-256 in hex."""
        entry = zipfile.ZipInfo(name, _WHEN)
        entry.create_system = 3
        entry.external_attr = 0o100644 << 16
        digest = hashlib.sha256()
        with self._archive.open(entry, "w") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
        self.sums[name] = digest.hexdigest()
        return self.sums[name]


def _fill(box: _Box, store: Store, change: Change, captures: Sequence[Capture], missing: tuple[str, ...], portal: Portal | None) -> Packed:
    changed: list[str] = []
    for capture in captures:
        if box.put(_warc(capture), _pieces(store.warc(capture.name))) != capture.sha256:
            changed.append(capture.name)
        picture = store.picture(capture.name) if capture.picture in _PICTURES else None
        if picture:
            box.put(_picture(capture), iter((picture[1],)))
    said = summary(change, captures, portal, missing=missing, changed=changed)
    box.put(SUMMARY, iter((said.encode("utf-8", "replace"),)))
    box.put(MANIFEST, iter((_manifest(box, change, captures, missing, changed, portal),)))
    sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(box.sums.items()))
    box.put(SUMS, iter((sums.encode(),)))
    return Packed(files=tuple(sorted(box.sums)), missing=missing, changed=tuple(changed))


def _warc(capture: Capture) -> str:
    return f"captures/{capture.name}.warc.gz"


def _picture(capture: Capture) -> str:
    return f"screenshots/{capture.name}{_PICTURES[capture.picture]}"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _manifest(box: _Box, change: Change, captures: Sequence[Capture], missing: Sequence[str], changed: Sequence[str], portal: Portal | None) -> bytes:
    finding = change.finding
    document = {
        "format": 1,
        "finding": {
            "id": finding.id,
            "detector": finding.detector,
            "version": finding.version,
            "site": finding.site,
            "portal": finding.subject.id,
            "state": finding.state,
            "severity": finding.severity,
            "grade": finding.grade,
            "since": rfc3339(finding.since),
            "opened": rfc3339(finding.opened),
            "updated": rfc3339(finding.updated),
            "times": finding.times,
            "title": finding.title,
            "summary": finding.summary,
            "evidence": [{"kind": piece.kind, "value": piece.value, "at": rfc3339(piece.at)} for piece in finding.evidence],
        },
        "portal": portal,
        "captures": [_told(box, capture, intact=capture.name not in changed) for capture in captures],
        "missing": list(missing),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _told(box: _Box, capture: Capture, *, intact: bool) -> dict[str, object]:
    """Who saw what, when: one look with each of its exchanges."""
    story = capture.story
    return {
        "capture": capture.name,
        "file": _warc(capture),
        "sha256": box.sums[_warc(capture)],
        "intact": intact,
        "screenshot": _picture(capture) if capture.picture in _PICTURES and _picture(capture) in box.sums else None,
        "look": capture.look,
        "seen_at": rfc3339(story.at),
        "box": story.box,
        "vantage": story.vantage,
        "persona": story.persona,
        "url": story.url,
        "title": story.title,
        "failed": story.failed,
        "rendered": story.rendered,
        "hops": story.hops,
        "offered": story.offered,
        "signs": story.signs,
        "exchanges": [
            {
                **{name: getattr(sent, name) for name in sent.__struct_fields__},
                "started": rfc3339(sent.started),
                "finished": rfc3339(sent.finished) if sent.finished else None,
            }
            for sent in capture.sent
        ],
    }
