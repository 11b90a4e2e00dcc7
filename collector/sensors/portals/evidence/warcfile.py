"""One look as a WARC 1.1 file (ISO 28500:2017): a record for each request, each answer, what was wrong, the screenshot, the page after its scripts.

Nothing in it depends on when or where it is written: the same look gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped] # warcio ships no types
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped] # warcio ships no types
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped] # warcio ships no types
from warcio.utils import Digester  # type: ignore[import-untyped] # warcio ships no types
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped] # warcio ships no types

from collector.sensors.portals.evidence.recorded import Recorded, Story, as_json, raw
from model.text import shown
from model.times import rfc3339

SCREENSHOT, PAGE = "urn:view:", "urn:dom:"
_FIELDS = "application/warc-fields"
_HTTP = "application/http; msgtype="
# What web archives put before a header that was true of the answer as it was sent, not as it is kept.
_BEFORE = "X-Archive-Orig-"
# No page, answer or picture that a look takes is nearly as long; what says that it is was not written here.
_MOST = 64 << 20


class Look(NamedTuple):
    """All that goes into one file. `software` names the program and its version."""

    look: str
    portal: str
    software: str
    story: Story
    exchanges: Sequence[Recorded]
    screenshot: bytes | None = None
    page: str = ""


class Record(NamedTuple):
    """One record read back. `content` is the body for an answer, as kept: packed where it came packed; else the block. `wrong`: what its digests say."""

    kind: str
    uri: str
    content_type: str
    status: str
    content: bytes
    wrong: tuple[str, ...]


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio ships no types
    """An HTTP head that is written byte for byte: warcio would escape what is not ASCII."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("-", [])
        self._raw = raw

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - warcio passes it
        self.headers_buff = self._raw


class _Writer(WARCWriter):  # type: ignore[misc] # warcio ships no types
    """SHA-256 in place of SHA-1, of which two different files can be made to agree."""

    @staticmethod
    def _create_digester() -> Any:  # noqa: ANN401 - warcio ships no types
        return Digester("sha256")


def write(out: BinaryIO, look: Look) -> None:
    """Writes the records of a look, each compressed by itself."""
    writer = _Writer(out, gzip=True, warc_version="1.1")
    counter = _Ids(look)
    _write(writer, "", "warcinfo", _FIELDS, counter.headers(look.story.at), _fields(_about(look)))
    for exchange in look.exchanges:
        _write_exchange(writer, counter, exchange)
    uri = _uri(look.story.url)
    _write(writer, uri, "metadata", "application/json", counter.headers(look.story.at), as_json(look.story))
    if look.screenshot is not None:
        _write(writer, SCREENSHOT + uri, "resource", picture_type(look.screenshot), counter.headers(look.story.at), look.screenshot)
    if look.page:
        _write(writer, PAGE + uri, "resource", "text/html; charset=utf-8", counter.headers(look.story.at), look.page.encode("utf-8", "replace"))


class _Ids:
    """Names of records, made of the look's own and a count."""

    def __init__(self, look: Look) -> None:
        self._seed = f"{look.portal}\0{look.look}\0{look.story.at}"
        self._made = 0

    def headers(self, at: int) -> dict[str, str]:
        """The headers every record has."""
        self._made += 1
        digest = hashlib.sha256(f"{self._seed}\0{self._made}".encode("utf-8", "replace")).digest()
        return {"WARC-Record-ID": f"<urn:uuid:{uuid.UUID(bytes=digest[:16], version=5)}>", "WARC-Date": rfc3339(at)}


def _about(look: Look) -> dict[str, str]:
    agent = next((value for exchange in look.exchanges for name, value in exchange.request_headers if name.lower() == "user-agent"), "")
    return {
        "software": look.software,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": look.portal,
        "description": f"look {look.look} as {look.story.persona} from {look.story.vantage}",
        "operator": look.story.box,
        "http-header-user-agent": agent,
        "vantage": look.story.vantage,
        "persona": look.story.persona,
    }


def _fields(fields: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {shown(value, 2000)}\r\n" for name, value in fields.items() if value).encode("utf-8", "replace")


def _write_exchange(writer: _Writer, counter: _Ids, exchange: Recorded) -> None:
    uri, place = _uri(exchange.url), _address(exchange.address)
    asked = counter.headers(exchange.started) | place
    answered = counter.headers(exchange.started) | place | {"WARC-Concurrent-To": asked["WARC-Record-ID"]}
    if exchange.truncated:
        answered["WARC-Truncated"] = "length"
    _write(writer, uri, "request", _HTTP + "request", asked, b"", _request_head(exchange))
    if exchange.status:
        _write(writer, uri, "response", _HTTP + "response", answered, exchange.body, _response_head(exchange))
    remark = {
        "how": exchange.how,
        "trouble": exchange.trouble,
        "finished": rfc3339(exchange.finished) if exchange.finished else "",
        "certificate-issuer": exchange.issuer,
        "certificate-subject": exchange.subject,
        "certificate-sha256": exchange.certificate,
    }
    _write(writer, uri, "metadata", _FIELDS, counter.headers(exchange.started) | {"WARC-Concurrent-To": asked["WARC-Record-ID"]}, _fields(remark))


def _write(writer: _Writer, uri: str, kind: str, content_type: str, headers: dict[str, str], payload: bytes, head: bytes = b"") -> None:
    record = writer.create_warc_record(
        uri,
        kind,
        payload=io.BytesIO(payload),
        length=len(payload),
        warc_content_type=content_type,
        warc_headers_dict=headers,
        http_headers=_Head(head) if head else None,
    )
    writer.write_record(record)


def _address(address: str) -> dict[str, str]:
    try:
        return {"WARC-IP-Address": str(ipaddress.ip_address(address))}
    except ValueError:
        return {}


def _uri(url: str) -> str:
    """An address that cannot end its line: whatever is not printable ASCII is escaped."""
    return re.sub(r"[^\x21-\x7e]", lambda found: "".join(f"%{byte:02X}" for byte in raw(found[0])), url)


def _request_head(exchange: Recorded) -> bytes:
    parts = urlsplit(_uri(exchange.url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = any(name.lower() == "host" for name, _ in exchange.request_headers)
    own = () if named else (("Host", parts.netloc),)
    return _head(f"{exchange.method} {target} HTTP/1.1", (*own, *exchange.request_headers))


def _response_head(exchange: Recorded) -> bytes:
    kept = [(name if _holds(exchange, name.lower(), value) else _BEFORE + name, value) for name, value in exchange.response_headers]
    return _head(f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), kept)


def _holds(exchange: Recorded, name: str, value: str) -> bool:
    """Whether a header still says what is true of the body as it is kept."""
    match name:
        case "transfer-encoding":
            return False
        case "content-encoding":
            return not exchange.inflated
        case "content-length":
            return value.strip() == str(len(exchange.body))
    return True


def _head(first: str, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    # A line end inside a value would begin a header nobody sent.
    return b"".join(raw(re.sub(r"[\r\n\0]", " ", line)) + b"\r\n" for line in (*lines, ""))


def picture_type(picture: bytes) -> str:
    """By its first bytes."""
    if picture.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/jpeg" if picture.startswith(b"\xff\xd8\xff") else "application/octet-stream"


def read(path: Path) -> Iterator[Record]:
    """The records of a file, their digests checked. Raises ValueError for a file that is no WARC or is cut, OSError for one that cannot be read."""
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file, check_digests=True):
                yield _record(record)
        except (ArchiveLoadFailed, EOFError) as error:
            raise ValueError(f"{path.name}: {' '.join(str(error).split())}") from None


def _record(record: Any) -> Record:  # noqa: ANN401 - warcio ships no types
    # Not `content_stream`: that would inflate whatever a stranger packed.
    if record.length is None or record.length > _MOST:
        raise ValueError(f"a record of {record.length} bytes, at most {_MOST}")
    content = record.raw_stream.read()
    headers = record.rec_headers
    return Record(
        record.rec_type,
        headers.get_header("WARC-Target-URI") or "",
        headers.get_header("Content-Type") or "",
        record.http_headers.statusline if record.http_headers else "",
        content,
        tuple(str(problem) for problem in record.digest_checker.problems),
    )
