"""`vonggac judge-pages` as a program: one answer a page, one sentence for each line that is none."""

from __future__ import annotations

import io
import json
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collector import judgepages
from collector.judgepages import Answer, Broken, judged, page_detectors
from collector.registry import build_all
from tests.system.program import VONGGAC

NOW = 1_760_000_000_000_000_000
SELLS = "Lux79 nhà cái uy tín số 1, đăng ký nhận ngay 100K, nạp rút siêu tốc, nổ hũ, bắn cá"
CLEAN = "Ủy ban nhân dân xã thông báo lịch tiếp công dân tháng sáu."
PAGES = [
    {"id": "promotion", "text": SELLS},
    {"id": "notice", "text": CLEAN, "class": "other keys are of no concern"},
    {"id": "hop", "url": "https://xa.example/", "html": '<meta http-equiv="refresh" content="0;url=https://lux79bet.example/"><p>Xin chào'},
    {"id": "home", "url": "https://xa.example/", "html": f"<title>Cổng thông tin</title><p>{CLEAN}</p><a href='/tin'>Tin</a>"},
    {"id": "script", "url": "https://xa.example/a.js", "js": "location.href = 'https://kubom' + '88.vip/';"},
    {"id": 6, "text": "   "},
]
EXPECTED = {"promotion": "violation", "notice": "clear", "hop": "violation", "home": "clear", "script": "violation", 6: "not_applicable"}


def corpus(*pages: object) -> bytes:
    return b"".join(json.dumps(page, ensure_ascii=False).encode() + b"\n" for page in pages)


def program(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([VONGGAC, "judge-pages", *arguments], input=given, capture_output=True, timeout=60, check=False)


def answers(lines: bytes) -> list[Answer | Broken]:
    return list(judged(io.BytesIO(lines), "trang.jsonl", page_detectors(build_all()), NOW))


def test_each_page_is_one_line_with_the_keys_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "pages.jsonl").write_bytes(corpus(*PAGES))
    done = program(str(tmp_path / "pages.jsonl"), "--format", "json")
    told: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert {line["id"]: line["outcome"] for line in told} == EXPECTED
    assert all(list(line) == ["id", "outcome", "severity", "detectors", "evidence"] for line in told)
    by_id = {line["id"]: line for line in told}
    assert by_id["promotion"]["detectors"] == ["VG-WEB-02"]
    assert "VG-WEB-01" in by_id["hop"]["detectors"]
    assert {by_id[name]["severity"] for name in ("promotion", "hop", "script")} == {"medium"}
    assert any("lux79bet.example" in item["value"] for item in by_id["hop"]["evidence"])
    assert (by_id["notice"]["severity"], by_id["notice"]["detectors"]) == (None, [])


def test_the_standard_input_is_a_corpus_too_and_a_table_is_for_people() -> None:
    done = program("-", "--format", "table", given=corpus(*PAGES[:2]))
    assert done.returncode == 0
    assert "1 trong 2 trang có vi phạm" in done.stdout.decode()


def test_broken_lines_are_told_each_in_a_sentence_and_the_others_judged() -> None:
    lines = (
        corpus(PAGES[0])
        + b"{oops\n"
        + corpus({"id": "nothing"}, ["no", "object"], {"html": "no id"})
        + b'{"id": "x", "text": "\xff\xfe"}\n\n'
        + corpus(PAGES[1])
    )
    done = program("-", given=lines)
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["promotion", "notice"]
    told = done.stderr.decode().splitlines()
    assert len(told) == 5
    for line, number in zip(told, (2, 3, 4, 5, 6), strict=True):
        assert line.startswith(f"vonggac: đầu vào chuẩn, dòng {number}: ")
        assert '"html", "text", "js"' in line


@pytest.mark.parametrize("make", [lambda folder: folder / "no.jsonl", lambda folder: folder], ids=["missing", "directory"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, make: Any) -> None:
    done = program(str(make(tmp_path)))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert b"Traceback" not in done.stderr


def test_without_an_address_every_host_is_anothers() -> None:
    page = {"id": 1, "html": "<meta http-equiv=refresh content='0;url=https://xa.example/moi'>"}
    (unknown,) = answers(corpus(page))
    (known,) = answers(corpus({**page, "url": "https://xa.example/"}))
    assert isinstance(unknown, Answer)
    assert isinstance(known, Answer)
    assert (unknown.outcome, known.outcome) == ("violation", "clear")
    assert unknown.severity == "low"


def test_an_address_that_is_none_is_as_good_as_none() -> None:
    (answer,) = answers(corpus({"id": 1, "url": "not a url", "text": SELLS}))
    assert isinstance(answer, Answer)
    assert answer.outcome == "violation"


def test_a_line_too_long_to_hold_is_left_out_and_the_next_one_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgepages, "MAX_LINE", 4096)
    long, after = answers(corpus({"id": 1, "text": "a" * 20_000}, PAGES[0]))
    assert isinstance(long, Broken)
    assert long.line == 1
    assert isinstance(after, Answer)
    assert after.outcome == "violation"


class Endless(io.RawIOBase):
    """A corpus of many pages that is made as it is read."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def readline(self, size: int | None = -1) -> bytes:
        self.pages -= 1
        return corpus({"id": self.pages, "text": CLEAN * 200}) if self.pages >= 0 else b""


def test_memory_does_not_grow_with_the_corpus() -> None:
    detectors = page_detectors(build_all())

    def most(pages: int) -> int:
        made: Iterator[Answer | Broken] = judged(Endless(pages), "x", detectors, NOW)  # type: ignore[arg-type] # all that is read of it is lines
        assert sum(isinstance(answer, Answer) for answer in made) == pages
        return tracemalloc.get_traced_memory()[1]

    most(5)
    tracemalloc.start()
    try:
        few = most(20)
        tracemalloc.reset_peak()
        assert most(200) < few + 500_000
    finally:
        tracemalloc.stop()
