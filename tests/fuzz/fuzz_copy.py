"""Hostile backups: the archive as it comes, and one that is whole with a strange journal in it."""

import gzip
import io
import tarfile

from collector.copies import manifest
from collector.copies.restore import restore
from collector.journal import Journal, JournalError
from tests.fuzz.places import file, folder


def _archive(members: dict[str, bytes]) -> bytes:
    told = tuple(manifest.Member(name, manifest.digest(data), len(data)) for name, data in members.items())
    head = manifest.encoded(manifest.Manifest(format=1, box="hop-01", version="0.1.0", made="2026-11-22T00:00:00Z", members=told))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in ((manifest.NAME, head), *members.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _journal() -> bytes:
    path = folder("journal") / "journal.db"
    with Journal.open(path, box="hop-01"):
        pass
    return path.read_bytes()


_PLAIN = _archive({"state/x": b"x", "config/config.toml": b"[web]\n", "declared/site.toml": b'site = "xa"\n'})
# The first byte says what the rest is: a packed archive, an archive to be packed, a manifest, a journal.
SEEDS = (b"\0" + gzip.compress(_PLAIN, mtime=0), b"\1" + _PLAIN, b"\2" + _PLAIN[512:1024].rstrip(b"\0"), b"\3" + _journal())


def fuzz_one(data: bytes) -> None:
    kind, rest = data[:1], data[1:]
    if kind == b"\2":
        try:
            told = manifest.decoded(rest)
        except manifest.CopyError:
            return
        assert all(".." not in member.name.split("/") and not member.name.startswith("/") for member in told.members)
        return
    packed = rest if kind == b"\0" else gzip.compress(rest if kind == b"\1" else _archive({"state/journal.db": rest}), 1, mtime=0)
    copy, places = file("copy.tar.gz", packed), {name: folder(name) for name in manifest.PLACES}
    try:
        restore(copy, lambda _: places, replace=True)
    except (manifest.CopyError, JournalError):
        return
