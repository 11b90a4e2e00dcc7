"""`vonggac findings`, `assets`, `explain`: what a box knows, and what people do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.places import Places
from collector.cli.replay_command import Format, asset_table
from collector.cli.say import Refusal, configured, json_lines, language, table
from exporters import contract, evidence_words, render_words
from model.acts import Act, ActKind
from model.ledger import Cause, Change, Finding
from model.naming import name_of
from model.text import Text, shown
from model.times import SECOND, VIETNAM, local
from model.verdict import Verdict
from model.wire.proof import ProofRow
from model.wording import probes

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from collector.config import Config
    from model.ports import JournalReader, OtherRow
    from model.rows import Asset

T = TypeVar("T")

# The rule whose verdicts rest on probes.
_SHARED = "VG-NET-01"

FormatOption = Annotated[Format, typer.Option("--format", help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")]
By = Annotated[str, typer.Option("--by", help="Tên người thực hiện.")]
Why = Annotated[str, typer.Option("--why", help="Lý do.")]
Until = Annotated[str, typer.Option("--until", help="Hạn, ví dụ 2026-12-31.")]
Out = Annotated[Path, typer.Option("--out", help="Tệp nháp sẽ ghi; không ghi đè tệp đã có.")]
Id = Annotated[str, typer.Argument(metavar="FINDING", help="Mã phát hiện, ví dụ 7f3a90c1d2e4.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    findings = typer.Typer(help="Phát hiện: xem, tiếp nhận, chấp nhận rủi ro có thời hạn, đóng.", epilog="Ví dụ: vonggac findings list", no_args_is_help=True)
    findings.command("list", epilog="Ví dụ: vonggac findings list --format json")(list_findings)
    findings.command("show", epilog="Ví dụ: vonggac findings show 7f3a90c1d2e4")(show_finding)
    findings.command("ack", epilog='Ví dụ: vonggac findings ack 7f3a90c1d2e4 --by "Lan"')(acknowledge)
    findings.command("accept", epilog='Ví dụ: vonggac findings accept 7f3a90c1d2e4 --until 2026-12-31 --by "Lan" --why "chờ mua TV mới"')(accept)
    findings.command("close", epilog='Ví dụ: vonggac findings close 7f3a90c1d2e4 --by "Lan" --why "đã kiểm tra tại chỗ"')(close)
    app.add_typer(findings, name="findings")
    assets = typer.Typer(help="Thiết bị nghe thấy.", epilog="Ví dụ: vonggac assets list", no_args_is_help=True)
    assets.command("list", epilog="Ví dụ: vonggac assets list")(list_assets)
    assets.command("show", epilog="Ví dụ: vonggac assets show TV-Sảnh")(show_asset)
    assets.command("propose", epilog="Ví dụ: vonggac assets propose --out nhap-danh-muc.csv")(propose)
    app.add_typer(assets, name="assets")
    app.command(epilog="Ví dụ: vonggac explain VG-NET-02 TV-Sảnh")(explain)


def list_findings(config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - the option's name is in the contract
    """Mọi phát hiện đang có, nặng nhất trước."""
    settings = configured(config)
    changes = sorted(_described(settings, _run(settings, lambda reader: reader.findings())), key=_worst_first)
    if format is Format.JSON:
        json_lines(contract.encode(contract.finding_line(change, language())) for change in changes)
        return
    say = language()
    rows = [
        (
            render_words.SEVERITIES[change.finding.severity].to(say),
            change.finding.title.to(say),
            change.name,
            render_words.GRADES[change.finding.grade].to(say),
            render_words.STATES[change.finding.state].to(say),
            local(change.finding.opened),
            change.finding.owner or "-",
            change.finding.id,
        )
        for change in changes
    ]
    heads_vi = ("Mức độ", "Phát hiện", "Đối tượng", "Chắc chắn", "Trạng thái", "Từ lúc (giờ VN)", "Người nhận", "Mã")
    heads_en = ("Severity", "Finding", "Subject", "How sure", "State", "Since (VN time)", "Owner", "Id")
    table(Text(f"{len(rows)} phát hiện", f"{len(rows)} findings").to(say), heads_vi if say == "vi" else heads_en, rows)


def _described(settings: Config, changes: Iterable[Change]) -> list[Change]:
    """Findings with the names and addresses their devices have now, as `replay` and the page show them."""
    assets, places = _inventory(settings)
    known = {asset.id: asset for asset in assets}
    return [_with(change, known.get(change.finding.subject.id), places) for change in changes]


def _with(change: Change, asset: Asset | None, places: Places) -> Change:
    if asset is None:
        return change
    return msgspec.structs.replace(change, name=name_of(places.declared(asset), asset), macs=tuple(sorted(asset.macs)), ips=tuple(sorted(asset.ips)))


def show_finding(finding: Id, config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - in the contract
    """Một phát hiện: căn cứ, cách xử lý, các bước thay đổi."""
    history = _ask(config, lambda reader: reader.history(finding))
    if not history:
        raise _no_finding(finding)
    if format is Format.JSON:
        json_lines(contract.encode(contract.finding_line(change, language())) for change in history)
        return
    from exporters.render import alert  # noqa: PLC0415 - only here

    say = language()
    print(alert(history[-1], say))
    rows = [(local(change.at), render_words.STEPS[change.step].to(say), _cause(change.cause)) for change in history]
    table("", ("Lúc (giờ VN)", "Bước", "Nguyên nhân") if say == "vi" else ("At (VN time)", "Step", "Cause"), rows)


def acknowledge(finding: Id, by: By, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Nhận xử lý một phát hiện."""
    _act(config, "acknowledge", finding, by)


def accept(finding: Id, by: By, why: Why, until: Until, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chấp nhận rủi ro đến hết một ngày."""
    _act(config, "accept", finding, by, why, _end_of(until))


def close(finding: Id, by: By, why: Why, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Đóng một phát hiện đã kiểm tra."""
    _act(config, "close", finding, by, why)


def list_assets(config: ConfigOption = DEFAULT_CONFIG, format: FormatOption = Format.TABLE) -> None:  # noqa: A002 - in the contract
    """Mọi thiết bị nghe thấy."""
    settings = configured(config)
    assets, places = _inventory(settings)
    from model.classes.judge import classify  # noqa: PLC0415 - only inventories need its rules

    if format is Format.JSON:
        json_lines(contract.encode(contract.asset_line(asset, places.role(asset), classify(asset))) for asset in assets)
        return
    asset_table(places, assets, str)


def show_asset(asset: Annotated[str, typer.Argument(help="Mã, tên, MAC hoặc IP.")], config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Một thiết bị, dạng JSON."""
    settings = configured(config)
    assets, places = _inventory(settings)
    from model.classes.judge import classify  # noqa: PLC0415 - only inventories need its rules

    wanted = {asset, asset.lower()}
    found = [each for each in assets if wanted & {each.id, *each.macs, *each.ips} or asset == name_of(places.declared(each), each) or _named(asset, each.names)]
    if not found:
        raise Refusal(Text(f"không có thiết bị “{shown(asset)}”", f"there is no device “{shown(asset)}”"))
    json_lines(contract.encode(contract.asset_line(each, places.role(each), classify(each))) for each in found)


def propose(config: ConfigOption = DEFAULT_CONFIG, out: Out = Path("register-draft.csv")) -> None:
    """Viết bản nháp danh mục từ những thiết bị chưa có trong danh mục, để người phụ trách xem từng dòng rồi tự đưa vào khai báo."""
    from collector.cli import proposal  # noqa: PLC0415 - only here

    assets, places = _inventory(configured(config))
    lines = proposal.rows(assets, places)
    proposal.write(out, proposal.text(lines))
    print(
        Text(
            f"Đã ghi {len(lines)} dòng nháp vào {out}. Xem từng dòng, xóa thiết bị không phải của cơ quan, điền người phụ trách (owner) và nơi đặt (place), "
            "rồi tự chép vào register.csv trong thư mục khai báo. Hệ thống không tự dùng bản nháp.",
            f"Wrote {len(lines)} draft lines to {out}. Go through them, delete what is not the office's, fill in owner and place, "
            "and copy them to register.csv in the declared folder. The draft is never used by itself.",
        ).to(language())
    )


def explain(
    detector: Annotated[str, typer.Argument(help="Mã quy tắc, ví dụ VG-NET-02.")],
    subject: Annotated[str, typer.Argument(help="Mã hoặc tên đối tượng.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Kết luận mới nhất của một quy tắc về một đối tượng, với căn cứ."""
    settings = configured(config)
    verdicts = [verdict for verdict in _run(settings, lambda reader: reader.verdicts()) if verdict.detector == detector.upper()]
    names = {change.finding.subject.id: change.name for change in _run(settings, lambda reader: reader.findings())}
    found = next((verdict for verdict in verdicts if subject in (verdict.subject.id, names.get(verdict.subject.id))), None)
    if found is None:
        known = ", ".join(sorted(names.get(verdict.subject.id, verdict.subject.id) for verdict in verdicts)) or "-"
        raise Refusal(
            Text(
                f"{detector} chưa có kết luận nào về “{shown(subject)}”; đã có về: {known}",
                f"{detector} has no verdict on “{shown(subject)}”; it has on: {known}",
            )
        )
    _explain(found)
    if found.detector == _SHARED:
        _probes(_run(settings, lambda reader: reader.rows()))


def _probes(rows: Sequence[OtherRow]) -> None:
    """The last run of every probe: what stands behind a verdict about a shared network, or is missing."""
    say = language()
    heads = ("Thăm dò", "Chân mạng", "Lần gần nhất (giờ VN)", "Kết quả") if say == "vi" else ("Probe", "Leg", "Last run (VN time)", "Result")
    lines = []
    for row in (row for row in rows if isinstance(row, ProofRow)):
        for kind, runs in sorted(row.runs.items()):
            probe, _, target = kind.partition(">")
            outcome = probes.OUTCOMES[runs[-1].outcome].to(say) + (f": {shown(runs[-1].detail)}" if runs[-1].detail else "")
            name = next((text.to(say) for known, text in probes.KINDS.items() if known == probe), probe)
            lines.append((name, f"{row.id} → {target}" if target else row.id, local(runs[-1].stamp.at), outcome))
    if lines:
        table("", heads, lines)


def _explain(verdict: Verdict) -> None:
    say = language()
    print(f"{verdict.detector} · {render_words.OUTCOMES[verdict.outcome].to(say)} · {verdict.title.to(say)}")
    print(verdict.summary.to(say))
    if verdict.reason is not None:
        print(verdict.reason.to(say))
    heads = ("Căn cứ", "Giá trị", "Lúc (giờ VN)") if say == "vi" else ("Evidence", "Value", "At (VN time)")
    table("", heads, [(evidence_words.kind(piece, say), evidence_words.value(piece, say), local(piece.at)) for piece in verdict.evidence])
    if verdict.state:
        table("", ("", ""), [_facet(key, value) for key, value in verdict.state])


def _facet(key: str, value: str) -> tuple[str, str]:
    """One part of what the verdict rests on: a lamp in words, anything else as rules name it."""
    lamp, lit = render_words.LAMPS.get(key), render_words.LIT.get(value)
    return (lamp.to(language()), lit.to(language())) if lamp and lit else (key, value)


def _cause(cause: Cause) -> str:
    """Why a step came, for people."""
    say = language()
    who = f" ({shown(cause.by)})" if cause.by else ""
    why = f": {shown(cause.why, 200)}" if cause.why else ""
    return render_words.CAUSES[cause.kind].to(say) + who + why


def _worst_first(change: Change) -> tuple[bool, int, int, str]:
    finding = change.finding
    return finding.state != "open", -finding.severity.rank, -finding.opened, finding.id


def _named(asked: str, names: Iterable[str]) -> bool:
    return any(asked == name.partition(":")[2] for name in names)


def _end_of(day: str) -> int:
    try:
        last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), VIETNAM)
    except ValueError:
        raise Refusal(
            Text(f"--until phải là ngày dạng 2026-12-31, nhận được “{shown(day)}”", f"--until must be a day like 2026-12-31, got “{shown(day)}”"), status=2
        ) from None
    return int(last.timestamp()) * SECOND


def _no_finding(finding: str) -> Refusal:
    return Refusal(Text(f"không có phát hiện nào mang mã {shown(finding)}", f"there is no finding {shown(finding)}"))


def _act(config: Path, kind: ActKind, finding: str, by: str, why: str = "", until: int = 0) -> None:
    from collector.access import acting  # noqa: PLC0415 - sockets, only for acts
    from collector.clock import SystemClock  # noqa: PLC0415 - same

    settings = configured(config)
    act = Act(kind=kind, finding=finding, by=by, why=why, until=until, at=SystemClock().now())

    async def carried_out() -> Finding:
        async with acting(settings) as acts:
            return await acts.act(act)

    state = render_words.STATES[asyncio.run(carried_out()).state]
    print(Text(f"Đã ghi: phát hiện {finding} nay ở trạng thái “{state.vi}”.", f"Done: finding {finding} is now “{state.en}”.").to(language()))


def _inventory(settings: Config) -> tuple[Sequence[Asset], Places]:
    """Every asset, first met first, and whose it is."""
    from collector.sites import sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    assets = sorted(_run(settings, lambda reader: reader.assets()), key=lambda asset: (asset.seen.first, asset.id))
    return assets, Places(sites_of(settings, broken=[]), _run(settings, lambda reader: reader.rows()))


def _ask(config: Path, question: Callable[[JournalReader], Awaitable[Sequence[T]]]) -> Sequence[T]:
    return _run(configured(config), question)


def _run(settings: Config, question: Callable[[JournalReader], Awaitable[Sequence[T]]]) -> Sequence[T]:
    from collector.access import reading  # noqa: PLC0415 - sockets and the journal, only for questions

    async def answered() -> Sequence[T]:
        async with reading(settings) as reader:
            return await question(reader)

    return asyncio.run(answered())
