"""`vonggac judge-pages`: stored pages through the page detectors."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import msgspec
import typer

from collector.cli.say import Refusal, complain, json_lines, language, table
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.judgepages import Answer


class Format(StrEnum):
    """How answers are printed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("judge-pages", epilog="Ví dụ: vonggac judge-pages trang-da-luu.jsonl --format json · vonggac judge-pages - < trang.jsonl")(judge_pages)


def judge_pages(
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS.jsonl...", help="Tệp JSON mỗi dòng một trang; - là đầu vào chuẩn.", readable=False)],
    format: Annotated[Format, typer.Option(help="Bảng cho người đọc, hoặc JSON mỗi dòng một trang.")] = Format.JSON,  # noqa: A002 - the option's name is in the contract
) -> None:
    """Xét các trang đã lưu bằng các quy tắc về cổng thông tin; không truy cập mạng."""
    refused: list[Exception] = []
    if format is Format.JSON:
        json_lines(msgspec.json.encode(answer) for answer in _answers(corpus, refused))
    else:
        _table(list(_answers(corpus, refused)))
    if refused:
        raise typer.Exit(1)


def _answers(corpus: list[Path], refused: list[Exception]) -> Iterator[Answer]:
    """Every page's answer as it is judged; what is no page is told at once, and kept in `refused`."""
    from collector.clock import SystemClock  # noqa: PLC0415 - only this command needs it
    from collector.judgepages import Broken, judged, page_detectors  # noqa: PLC0415 - parsers and tables of words, only for pages
    from collector.registry import build_all  # noqa: PLC0415 - finds and imports every detector

    detectors = page_detectors(build_all())
    now = SystemClock().now()
    for path in corpus:
        try:
            with _opened(path) as lines:
                for answer in judged(lines, _name(path), detectors, now):
                    if isinstance(answer, Broken):
                        _refuse(Refusal(answer.text), refused)
                    else:
                        yield answer
        except OSError as error:
            _refuse(_unreadable(path, error), refused)


def _refuse(refusal: Refusal, refused: list[Exception]) -> None:
    complain(refusal)
    refused.append(refusal)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        yield file


def _name(path: Path) -> str:
    return Text("đầu vào chuẩn", "standard input").to(language()) if str(path) == "-" else shown(str(path), 200)


def _unreadable(path: Path, error: OSError) -> Refusal:
    name = _name(path)
    if isinstance(error, FileNotFoundError):
        return Refusal(Text(f"không có tệp {name}.", f"there is no file {name}."))
    if isinstance(error, IsADirectoryError):
        return Refusal(
            Text(f"{name} là thư mục; cần một tệp JSON mỗi dòng một trang.", f"{name} is a directory; a file with one page a line in JSON is needed.")
        )
    reason = error.strerror or str(error)
    return Refusal(Text(f"không đọc được tệp {name}: {reason}.", f"cannot read the file {name}: {reason}."))


def _table(answers: list[Answer]) -> None:
    say = language()
    heads = ("Trang", "Kết luận", "Mức độ", "Quy tắc", "Căn cứ") if say == "vi" else ("Page", "Outcome", "Severity", "Detectors", "Evidence")
    rows = [
        (str(answer.id), answer.outcome, answer.severity or "", ", ".join(answer.detectors), "; ".join(item["value"] for item in answer.evidence))
        for answer in answers
    ]
    bad = sum(bool(answer.detectors) for answer in answers)
    table(Text(f"{bad} trong {len(answers)} trang có vi phạm", f"{bad} of {len(answers)} pages hold a violation").to(say), heads, rows)
