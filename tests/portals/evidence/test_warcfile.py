"""One look as a WARC file: what stands in it, that other programs read it, and that nothing hostile gets out of its place."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from collector.sensors.portals.evidence import Recorded, story_of
from collector.sensors.portals.evidence.warcfile import Look, read, write
from model.webfacts import Hop, LookFailed, PageLooked
from tests.portals.evidence.looks import PNG, START, TARGET, exchanges, noise, story


def written(path: Path, look: Look) -> Path:
    with path.open("wb") as file:
        write(file, look)
    return path


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    return written(tmp_path / "a.warc.gz", Look("look-1", "xa-mau", "vonggac/9.9", story(), exchanges(), PNG, "<html>sau khi chạy</html>"))


def headers(path: Path) -> list[dict[str, str]]:
    with path.open("rb") as file:
        return [{"kind": record.rec_type, **dict(record.rec_headers.headers)} for record in ArchiveIterator(file)]


def test_each_hop_has_its_request_its_answer_and_what_was_wrong(warc: Path) -> None:
    assert [(record.kind, record.uri) for record in read(warc)] == [
        ("warcinfo", ""),
        ("request", "https://xamau.example/"),
        ("response", "https://xamau.example/"),
        ("metadata", "https://xamau.example/"),
        ("request", TARGET),
        ("response", TARGET),
        ("metadata", TARGET),
        ("request", "http://10.0.0.1/%C3%A1%20b"),
        ("metadata", "http://10.0.0.1/%C3%A1%20b"),
        ("metadata", "https://xamau.example/"),
        ("resource", "urn:view:https://xamau.example/"),
        ("resource", "urn:dom:https://xamau.example/"),
    ]


def test_contents_are_kept_byte_for_byte(warc: Path) -> None:
    records = list(read(warc))
    assert records[5].content == exchanges()[1].body
    assert records[10].content == PNG
    assert records[10].content_type == "image/png"
    assert records[11].content.decode() == "<html>sau khi chạy</html>"
    assert b"trouble: refused:private" in records[8].content
    assert b"certificate-sha256: " + b"ab" * 32 in records[3].content
    assert b'"persona":"mobile"' in records[9].content


def test_who_made_it_for_whom_is_at_its_head(warc: Path) -> None:
    head = next(read(warc)).content.decode()
    for line in ("software: vonggac/9.9", "isPartOf: xa-mau", "operator: hop-1", "vantage: xa-mau", "persona: mobile", "http-header-user-agent: Mozilla/5.0"):
        assert line in head


def test_times_addresses_and_cuts_are_in_the_headers(warc: Path) -> None:
    found = headers(warc)
    assert {each["WARC-Date"][:10] for each in found} == {"2025-07-15"}
    assert found[4]["WARC-Date"] == "2025-07-15T01:04:05.000000Z"
    assert [each.get("WARC-IP-Address") for each in found if each["kind"] == "response"] == ["103.28.36.1", "2001:db8::1"]
    assert [each.get("WARC-Truncated") for each in found if each["kind"] == "response"] == [None, "length"]
    assert found[2]["WARC-Concurrent-To"] == found[1]["WARC-Record-ID"]
    assert len({each["WARC-Record-ID"] for each in found}) == len(found)


def test_a_stranger_reads_it(warc: Path) -> None:
    """Without warcio: gzip members, each with a record whose length and SHA-256 are as its head says."""
    import base64

    text = gzip.decompress(warc.read_bytes())
    count = 0
    while text:
        head, _, rest = text.partition(b"\r\n\r\n")
        assert head.startswith(b"WARC/1.1\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        block, text = rest[: int(fields["Content-Length"])], rest[int(fields["Content-Length"]) :]
        assert text.startswith(b"\r\n\r\n")
        text = text[4:]
        assert fields["WARC-Block-Digest"] == "sha256:" + base64.b32encode(hashlib.sha256(block).digest()).decode()
        count += 1
    assert count == 12


def test_the_checker_of_warcio_finds_nothing(warc: Path) -> None:
    ran = subprocess.run([sys.executable, "-m", "warcio.cli", "check", "-v", str(warc)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("digest pass") == 12


def test_the_same_look_gives_the_same_bytes(tmp_path: Path, warc: Path) -> None:
    again = written(tmp_path / "b.warc.gz", Look("look-1", "xa-mau", "vonggac/9.9", story(), exchanges(), PNG, "<html>sau khi chạy</html>"))
    assert again.read_bytes() == warc.read_bytes()


def test_a_head_says_what_was_sent_but_not_what_no_longer_holds(warc: Path) -> None:
    blocks = gzip.decompress(warc.read_bytes())
    assert b"HTTP/1.1 302 Found\r\nServer: nginx\r\n" in blocks
    assert b"GET /vao?a=1 HTTP/1.1\r\nHost: nhacai77.example\r\n" in blocks
    assert b"X-Archive-Orig-Content-Encoding: gzip\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n" in blocks
    assert b"X-Odd: \xff  X-False: 1\r\n" in blocks
    assert b"\nX-False" not in blocks


def test_a_body_that_is_still_packed_keeps_its_head(tmp_path: Path) -> None:
    packed = gzip.compress(b"<html>", mtime=0)
    answer = Recorded(url="https://a.example/", started=START, status=200, response_headers=(("Content-Encoding", "gzip"),), body=packed, inflated=False)
    path = written(tmp_path / "a.warc.gz", Look("l", "p", "s", story(), [answer]))
    assert [record.content for record in read(path) if record.kind == "response"] == [packed]
    with path.open("rb") as file:
        assert [record.content_stream().read() for record in ArchiveIterator(file) if record.rec_type == "response"] == [b"<html>"]
    assert b"\r\nContent-Encoding: gzip\r\n" in gzip.decompress(path.read_bytes())


def test_a_bomb_is_not_set_off_by_reading(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(64 << 20), mtime=0)
    answer = Recorded(url="https://a.example/", started=START, status=200, response_headers=(("Content-Encoding", "gzip"),), body=bomb, inflated=False)
    path = written(tmp_path / "a.warc.gz", Look("l", "p", "s", story(), [answer]))
    assert max(len(record.content) for record in read(path)) == len(bomb) < 100_000


def test_a_length_that_still_holds_stays(tmp_path: Path) -> None:
    answers = [
        Recorded(url="https://a.example/", started=START, status=200, response_headers=(("Content-Length", length),), body=b"abc")
        for length in ("3", "2000000")
    ]
    blocks = gzip.decompress(written(tmp_path / "a.warc.gz", Look("l", "p", "s", story(), answers)).read_bytes())
    assert b"\r\nContent-Length: 3\r\n\r\nabc" in blocks
    assert b"\r\nX-Archive-Orig-Content-Length: 2000000\r\n\r\nabc" in blocks


def test_a_changed_byte_is_told(tmp_path: Path) -> None:
    body = noise(500, 1)
    answer = Recorded(url="https://a.example/", started=START, status=200, body=body)
    path = written(tmp_path / "a.warc.gz", Look("l", "p", "s", story(), [answer]))
    whole = gzip.decompress(path.read_bytes())
    assert not any(record.wrong for record in read(path))
    path.write_bytes(whole.replace(body, bytes([body[0] ^ 1]) + body[1:]))
    assert any("digest" in told for record in read(path) for told in record.wrong)


def test_a_file_that_is_none_is_a_value_error(tmp_path: Path, warc: Path) -> None:
    (tmp_path / "none").write_bytes(b"hello\r\n" * 9)
    with pytest.raises(ValueError, match="none"):
        list(read(tmp_path / "none"))


ODD = st.text(st.characters(max_codepoint=0xFFFF), max_size=40)


@settings(max_examples=80, deadline=None)
@given(url=ODD, name=ODD, value=ODD, reason=ODD, body=st.binary(max_size=200), trouble=ODD, address=ODD)
def test_whatever_was_answered_the_file_stays_a_file(url: str, name: str, value: str, reason: str, body: bytes, trouble: str, address: str) -> None:
    """Every record is found again, with its digests: no text of a stranger ends a line or a record."""
    odd = Recorded(
        url="https://a.example/" + url, started=START, status=200, reason=reason, response_headers=((name, value),), request_headers=((name, value),),
        body=body, trouble=trouble, address=address,
    )  # fmt: skip
    out = io.BytesIO()
    write(out, Look(url, name, value, story(url="https://a.example/" + url, title=value, persona=name), [odd], body, value))
    out.seek(0)
    kinds = []
    for record in ArchiveIterator(out, check_digests=True):
        stream = record.raw_stream
        while stream.read(8192):
            pass
        assert record.digest_checker.passed is not False
        kinds.append(record.rec_type)
    assert kinds == ["warcinfo", "request", "response", "metadata", "metadata", "resource", *(["resource"] if value else [])]


def test_the_story_of_a_look_is_its_fact() -> None:
    hop = Hop(how="asked", url="https://a.example/", host="a.example", trouble="timeout")
    common = {"sensor": "portals", "leg": "", "at": START, "seq": 1, "portal": "p", "vantage": "v", "round": "r", "persona": "mobile", "part": "home"}
    fields = {name: value for name, value in common.items() if name in PageLooked.__struct_fields__}
    seen = story_of(PageLooked(**fields, url=hop.url, hops=(hop,), title="T", rendered=True), "hop-1")
    assert (seen.box, seen.title, seen.rendered, seen.hops, seen.failed) == ("hop-1", "T", True, (hop,), "")
    failed = story_of(LookFailed(**fields, url=hop.url, reason="timeout", detail="20 s"))
    assert (failed.failed, failed.detail, failed.persona, failed.at) == ("timeout", "20 s", "mobile", START)
    assert re.fullmatch(r"\d+", str(failed.at))
