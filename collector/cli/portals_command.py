"""`vonggac portals`: serve, list, add, check, history, evidence, accept-change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.replay_command import Format
from collector.cli.say import Refusal, complain, configured, json_lines, language, table
from exporters import render_words
from model.text import Text, shown
from model.times import local, rfc3339
from model.verdict import Outcome, Subject, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from collector.config import Config
    from model.ledger import Change, Finding
    from model.portals.declared import Portal
    from model.portals.rows import PortalRow
    from model.ports import JournalReader

T = TypeVar("T")

FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")]
PortalId = Annotated[str, typer.Argument(metavar="PORTAL", help="Mã cổng trong portals.csv, hoặc tên miền của cổng.")]
_WEB = "VG-WEB-"
_NOTHING_KEPT = Text("không có chứng cứ nào được giữ của phát hiện này: gói chỉ có tóm tắt", "nothing was kept for this finding: a summary is all there is")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    portals = typer.Typer(help="Cổng thông tin điện tử: theo dõi, liệt kê, thêm, xem lại.", epilog="Ví dụ: vonggac portals list", no_args_is_help=True)
    portals.command("serve", epilog="Ví dụ: vonggac portals serve --config /etc/vonggac/config.toml")(serve)
    portals.command("list", epilog="Ví dụ: vonggac portals list --format json")(list_portals)
    portals.command("add", epilog='Ví dụ: vonggac portals add https://xa-a.gov.vn --name "Cổng xã A" --level commune')(add)
    portals.command("check", epilog="Ví dụ: vonggac portals check xa-a --render")(check)
    portals.command("history", epilog="Ví dụ: vonggac portals history xa-a")(history)
    portals.command("evidence", epilog="Ví dụ: vonggac portals evidence 7f3a90c1d2e4 --out chung-cu.zip")(evidence)
    portals.command("accept-change", epilog='Ví dụ: vonggac portals accept-change xa-a --by "Lan" --why "giao diện mới từ 01/07"')(accept_change)
    app.add_typer(portals, name="portals")


def serve(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy bộ thu cổng: xem các cổng đã khai báo, gửi dữ liệu quan sát tới lõi."""
    from collector import logs, split  # noqa: PLC0415 - a service's imports are its own
    from collector.service import Parts  # noqa: PLC0415 - same

    settings = configured(config)
    logs.start()
    asyncio.run(split.portals(Parts(settings, config)))


def list_portals(config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - the option's name is in the contract
    """Các cổng đã khai báo và lần xem cuối."""
    settings = configured(config)
    portals = _declared(settings)
    rows, verdicts = _known(settings)
    if format is Format.JSON:
        json_lines(msgspec.json.encode(_line(portal, rows.get(portal.id), verdicts.get(portal.id, []))) for portal in portals)
        return
    say = language()
    heads_vi = ("Mã", "Địa chỉ", "Cấp", "Kết luận", "Lần xem cuối (giờ VN)", "Lượt", "Quá hạn")
    heads_en = ("Id", "Address", "Level", "Verdict", "Last look (VN time)", "Looks", "Overdue")
    table(_title(portals), heads_vi if say == "vi" else heads_en, [_row(portal, rows.get(portal.id), verdicts.get(portal.id, [])) for portal in portals])


def _known(settings: Config) -> tuple[dict[str, PortalRow], dict[str, list[Verdict]]]:
    """Rows and verdicts by portal. Before the first start there are none, and the list is read all the same; that is said."""
    from collector.refusal import ConfigError  # noqa: PLC0415 - pydantic, only with a configuration

    try:
        rows = {row.id: row for row in _run(settings, lambda reader: reader.portals())}
        return rows, _by_portal(_run(settings, lambda reader: reader.verdicts()))
    except ConfigError as error:
        complain(error)
        return {}, {}


def _title(portals: Sequence[Portal]) -> str:
    return Text(f"{len(portals)} cổng", f"{len(portals)} portals").to(language())


def _row(portal: Portal, row: PortalRow | None, verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    seen = local(max((visits.last for visits in row.visits.values()), default=row.last)) if row else Text("chưa xem", "not yet").to(language())
    looks = str(row.counts.get("looks", 0)) if row else "0"
    overdue = str(row.beat.value.overdue) if row and row.beat else "-"
    return (portal.id, portal.url, portal.level, _told(verdicts), seen, looks, overdue)


def _told(verdicts: Sequence[Verdict]) -> str:
    """The worst of the verdicts in words; never clear where any is unknown."""
    say = language()
    violations = [verdict for verdict in verdicts if verdict.outcome is Outcome.VIOLATION]
    if violations:
        worst = max(violations, key=lambda verdict: verdict.severity.rank)
        return f"{render_words.OUTCOMES[Outcome.VIOLATION].to(say)}, {render_words.SEVERITIES[worst.severity].to(say)}: {worst.title.to(say)}"
    if not verdicts or any(verdict.outcome is Outcome.UNKNOWN for verdict in verdicts):
        return render_words.OUTCOMES[Outcome.UNKNOWN].to(say)
    return render_words.OUTCOMES[Outcome.CLEAR].to(say)


def _line(portal: Portal, row: PortalRow | None, verdicts: Sequence[Verdict]) -> dict[str, object]:
    last = max((visits.last for visits in row.visits.values()), default=0) if row else 0
    return {
        "portal": {"id": portal.id, "url": portal.url, "name": portal.name, "level": portal.level},
        "verdicts": [{"detector": v.detector, "outcome": v.outcome, "severity": v.severity if v.outcome is Outcome.VIOLATION else None} for v in verdicts],
        "last_look": rfc3339(last) if last else None,
        "counts": row.counts if row else {},
        "looks": [
            {
                "persona": held.look.value.persona,
                "url": held.look.value.url,
                "outcome": held.look.value.outcome,
                "reason": held.look.value.reason,
                "end": held.look.value.end,
            }
            for held in (row.looks.values() if row else ())
        ],
    }


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Địa chỉ trang chủ của cổng.")],
    name: Annotated[str, typer.Option(help="Tên cổng.")] = "",
    level: Annotated[str, typer.Option(help="province, commune hoặc other.")] = "commune",
    id: Annotated[str, typer.Option(help="Mã cổng; để trống: theo tên miền.")] = "",  # noqa: A002 - the option's name
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Thêm một cổng vào portals.csv của thư mục khai báo."""
    from collector.portalfile import append  # noqa: PLC0415 - only this command writes

    settings = configured(config)
    portal, path = append(settings.declared, {"id": id, "url": url, "name": name, "level": level})
    file = shown(str(path), 200)
    print(
        Text(
            f"Đã thêm cổng {portal.id} ({portal.url}) vào {file}; dịch vụ đọc danh sách khi khởi động lại.",
            f"Added portal {portal.id} ({portal.url}) to {file}; services read the list when they start again.",
        ).to(language())
    )


def check(
    portal: PortalId,
    config: ConfigOption = DEFAULT_CONFIG,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name is in the contract
    render: Annotated[bool, typer.Option("--render", help="Dựng trang đáng ngờ bằng Chromium.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Sau một phút nhìn lại lần hai điều đáng ngờ.")] = False,
) -> None:
    """Xem ngay một cổng đã khai báo, như `vonggac watch`."""
    from collector.cli.watch_command import watch  # noqa: PLC0415 - the visitor, only here

    found = _one(_declared(configured(config)), portal)
    watch([found.url], config=config, format=format, render=render, crawler_consent=found.crawlers, confirm=confirm, dns="", allow=list(found.allow), ca=None)


def history(portal: PortalId, config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - in the contract
    """Các thay đổi của mọi phát hiện về một cổng, và lần xem cuối của từng kiểu truy cập."""
    settings = configured(config)
    found = _one(_declared(settings), portal)
    changes = _run(settings, lambda reader: _changes(reader, found.id))
    rows = _run(settings, lambda reader: reader.portals([found.id]))
    if format is Format.JSON:
        from exporters import contract  # noqa: PLC0415 - only here

        json_lines(contract.encode(contract.finding_line(change, language())) for change in changes)
        return
    say = language()
    steps = [
        (
            local(change.at),
            change.finding.detector,
            render_words.STEPS[change.step].to(say),
            render_words.SEVERITIES[change.finding.severity].to(say),
            change.finding.title.to(say),
        )
        for change in changes
    ]
    heads = ("Lúc (giờ VN)", "Quy tắc", "Bước", "Mức độ", "Phát hiện") if say == "vi" else ("At (VN time)", "Detector", "Step", "Severity", "Finding")
    table(Text(f"{found.url}: {len(steps)} thay đổi", f"{found.url}: {len(steps)} changes").to(say), heads, steps)
    for row in rows:
        looks = [(local(watched.look.stamp.at), *_look(watched.look.value)) for watched in row.looks.values()]
        heads = ("Lần cuối", "Kiểu truy cập", "Địa chỉ", "Kết quả", "Kết thúc ở") if say == "vi" else ("Last", "Persona", "Address", "Outcome", "Ended on")
        table("", heads, sorted(looks, reverse=True))


def _look(look: object) -> tuple[str, str, str, str]:
    from model.portals.rows import Look  # noqa: PLC0415 - only here
    from model.wording.portal_common import PERSONA, REASON  # noqa: PLC0415 - only here

    if not isinstance(look, Look):
        return ("", "", "", "")
    say = language()
    words = {"clean": Text("sạch", "clean"), "dirty": Text("bẩn", "dirty"), "unknown": Text("chưa rõ", "unknown")}[look.outcome].to(say)
    why = REASON[look.reason].to(say) if look.reason in REASON else look.reason
    return (PERSONA[look.persona].to(say) if look.persona in PERSONA else look.persona, look.url, f"{words} {why}".strip(), look.end)


async def _changes(reader: JournalReader, portal: str) -> Sequence[Change]:
    about = [change.finding.id for change in await reader.findings() if change.finding.subject == Subject("portal", portal)]
    told = [change for finding in about for change in await reader.history(finding)]
    return sorted(told, key=lambda change: change.at)


def evidence(
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="Mã phát hiện, ví dụ 7f3a90c1d2e4.")],
    out: Annotated[Path, typer.Option("--out", help="Tệp zip sẽ ghi; không ghi đè tệp đã có.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Đóng gói chứng cứ của một phát hiện: WARC, ảnh màn hình, tóm tắt, mã băm."""
    from collector.clock import SystemClock  # noqa: PLC0415 - only here
    from collector.portalevidence import captures_of  # noqa: PLC0415 - same
    from collector.portals import store_of  # noqa: PLC0415 - same
    from collector.sensors.portals.evidence import package  # noqa: PLC0415 - same

    settings = configured(config)
    told = _run(settings, lambda reader: reader.history(finding))
    if not told:
        raise Refusal(Text(f"không có phát hiện nào mang mã {shown(finding)}", f"there is no finding {shown(finding)}"))
    if told[-1].finding.subject.kind != "portal":
        raise Refusal(Text(f"phát hiện {shown(finding)} không nói về cổng nào", f"finding {shown(finding)} is not about a portal"))
    rows = _run(settings, lambda reader: reader.portals([told[-1].finding.subject.id]))
    portal = next((each for each in _declared(settings) if each.id == told[-1].finding.subject.id), None)
    names = captures_of(told, rows)
    packed = package(store_of(settings, SystemClock()), told[-1], names, out, portal)
    say = language()
    print(Text(f"Đã ghi {shown(str(out), 200)}: {len(packed.files)} tệp.", f"Wrote {shown(str(out), 200)}: {len(packed.files)} files.").to(say))
    if not names:
        complain(
            Refusal(
                Text("không có chứng cứ nào được giữ của phát hiện này: gói chỉ có tóm tắt", "nothing was kept for this finding: a summary is all there is")
            )
        )
    for name in packed.missing:
        complain(Refusal(Text(f"chứng cứ {name} không còn trên đĩa", f"the capture {name} is no longer on disk")))
    for name in packed.changed:
        complain(Refusal(Text(f"chứng cứ {name} không còn đúng mã băm lúc ghi", f"the capture {name} no longer has the hash it was kept with")))
    if not names or packed.missing or packed.changed:
        raise typer.Exit(1)


def accept_change(
    portal: PortalId,
    by: Annotated[str, typer.Option("--by", help="Tên người thực hiện.")],
    why: Annotated[str, typer.Option("--why", help="Lý do.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Công nhận cổng như hiện nay là do chủ quản đổi (giao diện mới, mã mới)."""
    from collector.access import acting  # noqa: PLC0415 - sockets, only for acts
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from model.acts import Act  # noqa: PLC0415 - same
    from model.ledger import STANDING  # noqa: PLC0415 - same

    settings = configured(config)
    found = _one(_declared(settings), portal)
    act = Act(kind="accept_change", portal=found.id, by=by, why=why, at=SystemClock().now())

    async def carried_out() -> Finding:
        async with acting(settings) as acts:
            return await acts.act(act)

    finding = asyncio.run(carried_out())
    print(Text(f"Đã ghi: {found.url} như hiện nay là đúng ý chủ quản.", f"Done: {found.url} is as its owner wants it now.").to(language()))
    if finding.state in STANDING:
        # Only changes can be accepted so: what is no change stays open, and so does what nobody has seen lately.
        left = (finding.stale or finding.summary).to(language())
        print(Text(f"Phát hiện {finding.id} vẫn mở: {left}", f"Finding {finding.id} stays open: {left}").to(language()))


def _declared(settings: Config) -> tuple[Portal, ...]:
    """The declared portals; what is wrong with other lines is told on the error output."""
    from collector.portals import portals_of  # noqa: PLC0415 - pydantic, only with a configuration
    from collector.refusal import ConfigError  # noqa: PLC0415 - same
    from collector.sites import sites_of  # noqa: PLC0415 - same

    broken: list[ConfigError] = []
    portals = portals_of(sites_of(settings, broken=broken).values())
    for error in broken:
        complain(error)
    return portals


def _one(portals: Sequence[Portal], asked: str) -> Portal:
    from collector.decode.web.url import host_of  # noqa: PLC0415 - only for questions about one portal
    from collector.refusal import nearest  # noqa: PLC0415 - same

    found = next((portal for portal in portals if asked in (portal.id, portal.url, host_of(portal.url), *portal.aliases)), None)
    if found is None:
        meant = nearest(asked, [portal.id for portal in portals])
        vi, en = (f", gần nhất là {meant}", f", the nearest is {meant}") if meant else ("", "")
        raise Refusal(Text(f"không có cổng “{shown(asked)}” trong khai báo{vi}", f"no portal “{shown(asked)}” is declared{en}"))
    return found


def _by_portal(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.subject.kind == "portal" and verdict.detector.startswith(_WEB):
            found.setdefault(verdict.subject.id, []).append(verdict)
    return found


def _run(settings: Config, question: Callable[[JournalReader], Awaitable[Sequence[T]]]) -> Sequence[T]:
    from collector.access import reading  # noqa: PLC0415 - sockets and the journal, only for questions

    async def answered() -> Sequence[T]:
        async with reading(settings) as reader:
            return await question(reader)

    return asyncio.run(answered())
