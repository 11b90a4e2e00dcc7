"""Opening sealed evidence at the SOC: never without a line in the log of openings, never over a file that is there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from collector.sealing import audit
from collector.sealing.envelope import MAX_BYTES, Contents, Header, unseal
from collector.sealing.errors import SealError
from collector.sealing.keys import write_new
from model.text import Text, shown
from model.times import rfc3339


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened and where it was written."""

    header: Header
    contents: Contents
    pcap: Path
    story: Path


def open_file(file: Path, key: X25519PrivateKey, *, by: str, why: str, out: Path, log: Path, now: int) -> Opened:
    """Opens `file` for the person `by`, writes frames and story into the folder `out`; the log names who, when, why, also of what failed. Raises SealError."""
    who, reason = shown(by, 100), shown(why, 300)
    if not who or not reason:
        raise SealError(Text("Phải nói ai mở (--by) và vì sao (--why).", "Say who opens it (--by) and why (--why)."))
    data = _read(file)
    entry = audit.Entry(at=rfc3339(now), by=who, why=reason, file=file.name, sha256=hashlib.sha256(data).hexdigest(), outcome="opened")
    try:
        header, contents = unseal(data, key, now)
    except SealError as error:
        audit.append(log, msgspec.structs.replace(entry, outcome=error.text.vi))
        raise
    audit.append(log, entry)
    pcap, story = out / f"{header.id}.pcap", out / f"{header.id}.json"
    _make(out)
    write_new(pcap, contents.pcap, 0o600)
    write_new(story, msgspec.json.format(_story(header, contents, entry), indent=2) + b"\n", 0o600)
    return Opened(header=header, contents=contents, pcap=pcap, story=story)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        name = shown(str(folder), 200)
        raise SealError(Text(f"Không tạo được thư mục {name}: {error.strerror}.", f"Folder {name} cannot be made: {error.strerror}.")) from None


def _story(header: Header, contents: Contents, entry: audit.Entry) -> bytes:
    outside = {
        "id": header.id,
        "box": header.box,
        "leg": header.leg,
        "rule": header.rule,
        "at": rfc3339(header.at),
        "until": rfc3339(header.until),
        "sha256": entry.sha256,
        "opened": {"at": entry.at, "by": entry.by, "why": entry.why},
    }
    inside = {name: getattr(contents, name) for name in ("sender_mac", "sender_ip", "screen_mac", "screen_ip", "vlan")}
    pushes = [{**msgspec.structs.asdict(push), "at": rfc3339(push.at)} for push in contents.pushes]
    return msgspec.json.encode({**outside, **inside, "pushes": pushes})


def _read(path: Path) -> bytes:
    name = shown(str(path), 200)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except FileNotFoundError:
        raise SealError(Text(f"Không có tệp {name}.", f"There is no file {name}.")) from None
    except OSError as error:
        raise SealError(Text(f"Không đọc được {name}: {error.strerror}.", f"{name} cannot be read: {error.strerror}.")) from None
