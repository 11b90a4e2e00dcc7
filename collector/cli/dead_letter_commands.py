"""`vonggac dead-letters`: what a sink refused for ever, why, and what people do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, configured, json_lines, language, table
from exporters.row_line import RowLine, row_line
from model.ports import DeadLetter, Health, Observed, Posture, Told
from model.text import Text, shown
from model.times import local, rfc3339

if TYPE_CHECKING:
    from model.ports import Outbox
    from model.trail import Deed

# So many codes fit into one line of the audit log.
_A_LINE = 15

Rows = Annotated[list[str] | None, typer.Argument(metavar="[ROW]...", help="Mã bản tin, như dead-letters list in ra.")]
SinkOption = Annotated[str, typer.Option("--sink", help="Nơi nhận đã từ chối, theo name trong cấu hình.")]
AllOption = Annotated[bool, typer.Option("--all", help="Mọi bản tin nơi nhận này đã từ chối.")]
WhyOption = Annotated[str, typer.Option("--why", help="Lý do, ghi vào sổ thao tác.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")]


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as programs read it; `document` is the line that the file of JSON lines would have held."""

    sink: str
    refused: str
    reason: str
    attempts: int
    document: RowLine


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    letters = typer.Typer(help="Bản tin bị nơi nhận từ chối hẳn: xem, gửi lại, bỏ.", epilog="Ví dụ: vonggac dead-letters list --sink soc", no_args_is_help=True)
    letters.command("list", epilog="Ví dụ: vonggac dead-letters list · vonggac dead-letters list --sink soc --format json")(list_letters)
    letters.command("show", epilog="Ví dụ: vonggac dead-letters show 250715k3Jd0aQ")(show)
    letters.command("replay", epilog="Ví dụ: vonggac dead-letters replay --sink soc 250715k3Jd0aQ · vonggac dead-letters replay --sink soc --all")(replay)
    letters.command("purge", epilog="Ví dụ: vonggac dead-letters purge --sink soc --all")(purge)
    app.add_typer(letters, name="dead-letters")


def list_letters(
    config: ConfigOption = DEFAULT_CONFIG,
    sink: SinkOption = "",
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name is in the contract
) -> None:
    """Các bản tin bị từ chối hẳn, mới nhất trước, với lý do của nơi nhận."""
    letters = _letters(config, sink)
    if format is Format.JSON:
        json_lines(map(_json, letters))
        return
    say = language()
    rows = [(letter.sink, local(letter.at), letter.row.stream, _about(letter), letter.reason, letter.row.id) for letter in letters]
    heads_vi = ("Nơi nhận", "Từ chối lúc (giờ VN)", "Luồng", "Nội dung", "Lý do", "Mã")
    heads_en = ("Sink", "Refused (VN time)", "Stream", "About", "Reason", "Row")
    table(Text(f"{len(rows)} bản tin bị từ chối", f"{len(rows)} dead letters").to(say), heads_vi if say == "vi" else heads_en, rows)


def show(row: Annotated[str, typer.Argument(metavar="ROW", help="Mã bản tin.")], config: ConfigOption = DEFAULT_CONFIG, sink: SinkOption = "") -> None:
    """Một bản tin bị từ chối, toàn bộ, dạng JSON; nhiều dòng nếu nhiều nơi nhận từ chối."""
    found = [letter for letter in _letters(config, sink) if letter.row.id == row]
    if not found:
        raise Refusal(Text(f"không có bản tin bị từ chối nào mang mã {shown(row)}", f"there is no dead letter {shown(row)}"))
    json_lines(map(_json, found))


def replay(rows: Rows = None, config: ConfigOption = DEFAULT_CONFIG, sink: SinkOption = "", everything: AllOption = False) -> None:
    """Gửi lại cho đúng nơi đã từ chối, sau khi đã sửa nguyên nhân; tình trạng hiện nay của phát hiện được gửi tiếp sau."""
    named = _named(rows, sink, everything)
    with _note(config, "letters_replay", sink, named):
        count = _done(config, lambda outbox: outbox.replay(sink, named))
    print(Text(f"Đã đưa {count} bản tin trở lại hàng chờ của “{sink}”.", f"{count} letters wait for “{sink}” again.").to(language()))
    _unknown(count, named)


def purge(rows: Rows = None, config: ConfigOption = DEFAULT_CONFIG, sink: SinkOption = "", everything: AllOption = False, why: WhyOption = "") -> None:
    """Bỏ hẳn: nơi nhận này sẽ không bao giờ có những bản tin đó. Ai bỏ, lúc nào, bao nhiêu, những bản tin nào được ghi vào sổ thao tác."""
    named = _named(rows, sink, everything)
    with _note(config, "letters_purge", sink, named, why):
        count = _done(config, lambda outbox: outbox.purge(sink, named))
    print(Text(f"Đã bỏ {count} bản tin mà “{sink}” từ chối.", f"{count} letters that “{sink}” refused are thrown away.").to(language()))
    _unknown(count, named)


def _named(rows: list[str] | None, sink: str, everything: bool) -> list[str]:
    """The letters that are meant: none named stands for all of the sink, which must be said."""
    if not sink:
        raise Refusal(Text("hãy ghi --sink: nơi nhận nào", "say which sink: --sink"), status=2)
    if bool(rows) == everything:
        raise Refusal(Text("hãy ghi mã bản tin, hoặc --all để lấy tất cả", "name the letters, or say --all"), status=2)
    return rows or []


def _note(path: Path, deed: Deed, sink: str, named: Sequence[str], why: str = "") -> AbstractContextManager[None]:
    """The lines in the audit log: which letters, and how many."""
    from collector.cli.deeds import noted  # noqa: PLC0415 - only for what is done

    meant = [letter.row.id for letter in _letters(path, sink) if not named or letter.row.id in named]
    parts = [meant[start : start + _A_LINE] for start in range(0, len(meant), _A_LINE)] or [[]]
    return noted(configured(path), deed, [f"{sink} {len(part)}/{len(meant)}: {', '.join(part)}" for part in parts], why)


def _unknown(count: int, named: Sequence[str]) -> None:
    if count < len(named):
        raise Refusal(
            Text(
                f"có {len(named) - count} mã không phải bản tin nơi nhận này đã từ chối và còn nhận: xem vonggac dead-letters list",
                f"{len(named) - count} of those are no letters that this sink refused and still takes: see vonggac dead-letters list",
            )
        )


def _about(letter: DeadLetter) -> str:
    match letter.row.document:
        case Told(change=change):
            return f"{change.finding.title.to(language())} ({change.finding.id})"
        case Posture(verdict=verdict):
            return f"{verdict.detector} {verdict.subject.id}"
        case Observed(kind=kind, id=row):
            return f"{kind} {row}"
        case Health(box=box):
            return box


def _json(letter: DeadLetter) -> bytes:
    document = row_line(letter.row, language())
    return msgspec.json.encode(_Line(sink=letter.sink, refused=rfc3339(letter.at), reason=letter.reason, attempts=letter.row.attempts, document=document))


def _letters(path: Path, sink: str) -> Sequence[DeadLetter]:
    from collector.access import reading  # noqa: PLC0415 - sockets and the journal, only for questions

    settings = configured(path)

    async def answered() -> Sequence[DeadLetter]:
        async with reading(settings) as reader:
            return await reader.dead_letters(sink)

    return asyncio.run(answered())


def _done(path: Path, what: Callable[[Outbox], Awaitable[int]]) -> int:
    from collector.access import delivering  # noqa: PLC0415 - sockets, only for what is done

    settings = configured(path)

    async def carried_out() -> int:
        async with delivering(settings) as outbox:
            return await what(outbox)

    return asyncio.run(carried_out())
