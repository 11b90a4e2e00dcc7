"""`vonggac endpoints list | show | revoke`: which PCs report, what one told, and whose certificate holds no more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, configured, json_lines, language, table
from exporters import render_words
from model.text import Text, shown
from model.times import local

if TYPE_CHECKING:
    from collector.config import Config
    from model.declared import Enrolled
    from model.ports import JournalReader
    from model.posture.rows import PcRow, Topic
    from model.verdict import Verdict

_Id = Annotated[str, typer.Argument(metavar="PC", help="Mã máy, như trong chứng chỉ, ví dụ xa-a-may-001.")]
_FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")]


def register(endpoints: typer.Typer) -> None:
    """Adds the commands."""
    endpoints.command("list", epilog="Ví dụ: vonggac endpoints list")(list_pcs)
    endpoints.command("show", epilog="Ví dụ: vonggac endpoints show xa-a-may-001")(show_pc)
    endpoints.command("revoke", epilog="Ví dụ: vonggac endpoints revoke xa-a-may-001 --by 'Lan' --why 'máy bị mất'")(revoke)


def list_pcs(config: ConfigOption = DEFAULT_CONFIG, format: _FormatOption = Format.TABLE) -> None:  # noqa: A002 - the option's name is in the contract
    """Mọi máy đã khai báo hoặc đã báo về: nghe thấy lúc nào, bao nhiêu câu trả lời còn mới, bao nhiêu vi phạm."""
    settings = configured(config)
    rows, verdicts = asyncio.run(_all(settings))
    known = {row.id: row for row in rows}
    roster = _roster(settings)
    lines = [_line(known.get(name), name, roster.get(name), verdicts) for name in sorted({*known, *roster})]
    if format is Format.JSON:
        import msgspec  # noqa: PLC0415 - only here

        json_lines(msgspec.json.encode(line) for line in lines)
        return
    silent = sum(line["seen"] is None for line in lines)
    heads = Text("Mã|Tên|Nghe thấy (giờ VN)|Phần mềm|Câu trả lời|Vi phạm|Chưa rõ", "Id|Name|Heard (VN time)|Agent|Answers|Violations|Unknown")
    cells = [[_cell(line[key]) for key in ("id", "name", "seen", "agent", "answers", "violations", "unknown")] for line in lines]
    title = Text(f"{len(lines)} máy, {silent} máy chưa từng báo về", f"{len(lines)} PCs, {silent} never reported")
    table(title.to(language()), tuple(heads.to(language()).split("|")), [tuple(row) for row in cells])


def _cell(value: object) -> str:
    return "-" if value is None or value == "" else str(value)


def _line(row: PcRow | None, name: str, enrolled: Enrolled | None, verdicts: Iterable[Verdict]) -> dict[str, object]:
    mine = [verdict for verdict in verdicts if row is not None and verdict.subject.id == row.asset]
    outcomes = [verdict.outcome.value for verdict in mine]
    return {
        "id": name,
        "name": enrolled.name if enrolled else "",
        "seen": local(row.seen.last) if row else None,
        "agent": row.version.value if row and row.version else "",
        "answers": sum(topic.answer is not None for topic in row.topics.values()) if row else None,
        "violations": outcomes.count("violation") if row else None,
        "unknown": outcomes.count("unknown") if row else None,
    }


def show_pc(pc: _Id, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Một máy: từng câu trả lời, trả lời lúc nào, bằng cách nào, và kết luận của từng quy tắc."""
    settings = configured(config)
    rows, verdicts = asyncio.run(_all(settings))
    row = next((each for each in rows if each.id == pc), None)
    if row is None:
        raise Refusal(Text(f"chưa có máy {shown(pc, 64)}: xem vonggac endpoints list", f"there is no PC {shown(pc, 64)}: see vonggac endpoints list"))
    from collector.catalogue import load  # noqa: PLC0415 - only here

    say, titles = language(), {query.topic: query.title for query in load().queries}
    answers = [(titles[name].to(say) if name in titles else name, *_answer(topic)) for name, topic in sorted(row.topics.items())]
    table(pc, tuple(Text("Hỏi gì|Trả lời lúc|Bằng|Trục trặc", "Question|Answered|By|Trouble").to(say).split("|")), answers)
    mine = sorted((verdict for verdict in verdicts if verdict.subject.id == row.asset), key=lambda verdict: verdict.detector)
    judged = [
        (verdict.detector, render_words.OUTCOMES[verdict.outcome].to(say), verdict.summary.to(say)) for verdict in mine if verdict.detector.startswith("VG-END")
    ]
    table("", tuple(Text("Quy tắc|Kết luận|Nội dung", "Rule|Verdict|What").to(say).split("|")), judged)


def _answer(topic: Topic) -> tuple[str, str, str]:
    """When it was answered and by what, and what was wrong last."""
    answer, trouble = topic.answer, topic.trouble.value if topic.trouble else "-"
    return (local(answer.stamp.at), answer.value.source, trouble) if answer is not None else ("-", "-", trouble)


def revoke(
    pc: _Id, by: Annotated[str, typer.Option("--by", help="Ai thu hồi.")], why: Annotated[str, typer.Option("--why", help="Lý do.")],
    serial: Annotated[str, typer.Option("--serial", help="Chỉ chứng chỉ mang số này (chung-chi.csv); để trống là mọi chứng chỉ của máy cấp đến lúc này.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:  # fmt: skip
    """Thu hồi ngay tại hộp này: máy đó không nói được với hộp nữa. Ghi thêm vào revoked.csv của tỉnh để mọi hộp cùng biết."""
    from collector.clock import SystemClock  # noqa: PLC0415 - a command's imports are its own
    from collector.endpoints import inbox_path  # noqa: PLC0415 - same
    from collector.sensors.endpoints.inbox import InboxError  # noqa: PLC0415 - same
    from collector.sensors.endpoints.inbox import revoke as withdraw  # noqa: PLC0415 - same

    settings = configured(config)
    try:
        withdraw(inbox_path(settings), pc=pc, serial=serial, at=SystemClock().now(), by=shown(by, 64), why=shown(why, 200))
    except InboxError as error:
        raise Refusal(error.text) from None
    print(
        Text(
            f"Đã thu hồi {shown(pc, 64)}: hộp từ chối máy này ngay từ bây giờ. Thêm dòng vào revoked.csv để giữ cả khi thay hộp.",
            f"Revoked {shown(pc, 64)}: the box refuses it from now on. Add a line to revoked.csv so that it holds when the box is replaced.",
        ).to(language())
    )


def _roster(settings: Config) -> dict[str, Enrolled]:
    from collector import sites  # noqa: PLC0415 - as above

    return {pc.id: pc for site in sites.sites_of(settings, broken=[]).values() for pc in site.enrolled or ()}


async def _all(settings: Config) -> tuple[list[PcRow], list[Verdict]]:
    from collector.access import reading  # noqa: PLC0415 - as above

    async with reading(settings) as reader:
        return await _pcs(reader)


async def _pcs(reader: JournalReader) -> tuple[list[PcRow], list[Verdict]]:
    return list(await reader.pcs()), [verdict for verdict in await reader.verdicts() if verdict.subject.kind == "asset"]
