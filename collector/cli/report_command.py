"""`vonggac report`: the inspection report of a site, or of several put together, to print, to keep, to count with; and whether a signed one was changed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from msgspec.structs import replace

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text, shown
from model.times import SECOND, VIETNAM

if TYPE_CHECKING:
    from collector.config import Config
    from collector.inspection.members import Group
    from model.declared import Declared
    from model.inspection.document import Delivered, Manual, Report
    from model.ports import JournalReader

# How long the exporter's metrics are waited for, seconds: they are beside this command or nowhere.
_PATIENCE = 2.0
_A_DAY = len("2026-12-31")
_MOST_BYTES = 128 << 20


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


_Site = Annotated[str, typer.Option("--site", help="Mã điểm; không cần ghi khi hộp chỉ có một điểm.")]
_Group = Annotated[
    str, typer.Option("--group", metavar="LIST|FILE", help='Nhiều điểm trong một báo cáo: "xã A, xã B" (mã hoặc tên), hoặc tệp CSV có cột site, name, commune.')
]
_Province = Annotated[bool, typer.Option("--province", help="Mọi điểm của hộp và của các báo cáo --add trong một báo cáo.")]
_Add = Annotated[
    list[Path] | None, typer.Option("--add", help="Báo cáo JSON của điểm khác (hộp khác, vonggac inspect) để gộp; ghi nhiều lần được.", readable=False)
]
_Manual = Annotated[Path | None, typer.Option("--manual", help="Bảng CSV những gì kiểm tra bằng tay (docs/report.md).", readable=False)]
_Format = Annotated[Format, typer.Option("--format", help="HTML để in, JSON để so kỳ sau, CSV cho bảng tính.")]
_Since = Annotated[str, typer.Option("--since", help="Từ ngày (giờ Việt Nam), ví dụ 2026-11-01; bỏ trống: từ báo cáo trước, hoặc từ lúc bắt đầu nghe.")]
_Until = Annotated[str, typer.Option("--until", help="Đến hết ngày, ví dụ 2026-11-30; bỏ trống: đến bây giờ.")]
_Previous = Annotated[Path | None, typer.Option("--previous", help="Tệp JSON của báo cáo trước, để so và giữ số phát hiện.", readable=False)]
_Out = Annotated[Path | None, typer.Option("--out", help="Tệp sẽ ghi; bỏ trống: in ra màn hình.")]
_Key = Annotated[Path | None, typer.Option("--key", help="Khóa Ed25519 (PEM) để ký, cùng --format json --out FILE: chữ ký ở FILE.sig.", readable=False)]
_EXAMPLES = (
    "Ví dụ: vonggac report --site xa-a --out bao-cao.html · vonggac report --format json --previous thang-10.json --out thang-11.json"
    ' · vonggac report --group "xa-a, xa-b" --out nhom.html · vonggac report verify bao-cao.json'
)


def register(app: typer.Typer) -> None:
    """Adds the command."""
    group = typer.Typer(invoke_without_command=True, epilog=_EXAMPLES)
    group.callback()(report)
    group.command("verify", epilog="Ví dụ: vonggac report verify bao-cao.json · vonggac report verify bao-cao.json --key report.pub")(verify)
    app.add_typer(group, name="report")


def report(
    context: typer.Context, site: _Site = "", group: _Group = "", province: _Province = False, add: _Add = None, manual: _Manual = None,
    format: _Format = Format.HTML, since: _Since = "", until: _Until = "", previous: _Previous = None,  # noqa: A002 - the option's name is in the contract
    out: _Out = None, key: _Key = None, config: ConfigOption = DEFAULT_CONFIG,
) -> None:  # fmt: skip
    """Báo cáo kiểm tra của một điểm, hoặc gộp nhiều điểm: mười lăm nội dung, phát hiện với căn cứ, những gì chưa nhìn thấy, so với kỳ trước."""
    if context.invoked_subcommand is not None:
        return
    from exporters import report as reports  # noqa: PLC0415 - templates and the page's words, for this command alone

    if sum((bool(site), bool(group), province)) > 1:
        raise Refusal(Text("chỉ dùng một trong --site, --group, --province", "use only one of --site, --group, --province"), status=2)
    if key and (out is None or format is not Format.JSON):
        raise Refusal(Text("--key cần --format json và --out FILE", "--key needs --format json and --out FILE"), status=2)
    settings = configured(config)
    start, end = _instant(since, "--since", last=False), _instant(until, "--until", last=True)
    if start and end and start >= end:
        raise Refusal(Text("--since phải trước --until", "--since must be before --until"), status=2)
    asked = _Asked(settings, config, start, end, manual, tuple(add or ()))
    made = _of_several(asked, group, previous) if group or province else _of_one(asked, site, previous)
    if start > int(made.until.timestamp()) * SECOND:
        raise Refusal(Text("--since ở trong tương lai", "--since lies in the future"), status=2)
    written = {
        Format.HTML: lambda: reports.html(made, settings.language).encode(),
        Format.JSON: lambda: reports.stored(made),
        Format.CSV: lambda: reports.csv(made, settings.language),
    }
    data = written[format]()
    write(out, data)
    if key and out:
        _sign(key, data, out)


def _sign(key: Path, data: bytes, out: Path) -> None:
    from collector.inspection import signature  # noqa: PLC0415 - cryptography, only here

    write(out.with_name(out.name + signature.ENDING), signature.signed(data, signature.private_key(key)))


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Báo cáo JSON; chữ ký ở tệp FILE.json.sig bên cạnh.", readable=False)],
    key: Annotated[Path | None, typer.Option("--key", help="Khóa công khai của người ký (report.pub): chỉ nhận chữ ký của khóa này.", readable=False)] = None,
) -> None:
    """Kiểm tra chữ ký của báo cáo: có bị sửa sau khi ký không, và do khóa nào ký."""
    from collector.inspection import signature  # noqa: PLC0415 - cryptography, only here
    from exporters import report as reports  # noqa: PLC0415 - as above

    data = read_file(file, _MOST_BYTES)
    signer = signature.checked(data, read_file(file.with_name(file.name + signature.ENDING), 1 << 16), signature.public_key(key) if key else None)
    try:
        made = reports.report_of(data)
    except reports.BadReportError as error:
        raise Refusal(error.text) from None
    at, by = made.made.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S"), shown(made.inspector) or "-"
    known = Text("đúng khóa đã nêu", "the key given") if key else Text("so vân tay này với người ký", "compare this fingerprint with the signer's")
    print(
        Text(
            f"Chữ ký đúng, báo cáo không bị sửa. Điểm {shown(made.site)}, lập lúc {at}, người kiểm tra: {by}. Vân tay khóa: {signer.fingerprint} ({known.vi}).",
            f"The signature is right, nothing was changed. Site {shown(made.site)}, made at {at}, by: {by}. Fingerprint: {signer.fingerprint} ({known.en}).",
        ).to(language())
    )


class _Asked(NamedTuple):
    """What the options say of any report: configuration and its file, period (ns), the table of what was seen by hand, other sites' reports."""

    settings: Config
    path: Path
    since: int
    until: int
    manual: Path | None
    add: Sequence[Path]


def _of_one(asked: _Asked, site: str, previous: Path | None) -> Report:
    if asked.add:
        raise Refusal(Text("--add chỉ dùng với --group hoặc --province", "--add goes with --group or --province only"), status=2)
    declared = _declared(_sites(asked), site)
    lines = by_hand(asked.manual, frozenset({declared.site}))
    (made,) = asyncio.run(_made(asked, [declared], previous_report(previous, declared.site)))
    return replace(made, manual=lines)


def _of_several(asked: _Asked, written: str, previous: Path | None) -> Report:
    from collector.clock import SystemClock  # noqa: PLC0415 - as below
    from collector.inspection import members  # noqa: PLC0415 - only for several sites
    from model.inspection.document import instant  # noqa: PLC0415 - same
    from model.inspection.group import Member, merged  # noqa: PLC0415 - same

    added = [_added(path) for path in asked.add]
    declared = _sites(asked)
    known = {member.site: member for member in (*(Member(each.site, each.name, each.commune) for each in added), *members.members_of(declared))}
    provinces = {*(each.province for each in added), *(each.province for each in declared.values())}
    group: Group = (
        members.group(written, list(known.values())) if written else members.everywhere(known.values(), provinces.pop() if len(provinces) == 1 else "")
    )
    before = previous_report(previous, group.code)
    here = [each for each in declared.values() if each.site in group.sites]
    lines = by_hand(asked.manual, group.sites)
    made = asyncio.run(_made(asked, here, None)) if here else []
    reports = (*(each for each in added if each.site in group.sites), *made)
    whole = merged(reports, group.members, code=group.code, name=group.name, previous=before, made=instant(SystemClock().now()))
    return replace(whole, manual=(*whole.manual, *lines))


async def _made(asked: _Asked, sites: Sequence[Declared], previous: Report | None) -> list[Report]:
    """The sites' reports."""
    from collector.access import reading  # noqa: PLC0415 - sockets and the journal, only for questions
    from collector.sites import detectors_of  # noqa: PLC0415 - same
    from exporters import report as reports  # noqa: PLC0415 - as above

    settings = asked.settings
    abouts = [detector.about for detector in detectors_of(settings, asked.path)]
    delivered = await _delivered(settings)
    async with reading(settings) as reader:
        until = await _until(asked, reader)
        return [
            await reports.gather(
                reader, declared, abouts, box=settings.box.name or settings.box.id, since=asked.since, until=until, previous=previous,
                delivered=delivered, language=settings.language,
            )
            for declared in sites
        ]  # fmt: skip


async def _until(asked: _Asked, reader: JournalReader) -> int:
    # A day that is not over yet ends now: nobody has listened to what is still to come.
    return min(asked.until, (await reader.status()).now) if asked.until else 0


def by_hand(path: Path | None, sites: frozenset[str]) -> tuple[Manual, ...]:
    """What somebody saw himself, of these sites. Raises ConfigError; Refusal for a line of another site."""
    if path is None:
        return ()
    from collector.clock import SystemClock  # noqa: PLC0415 - only with such a table
    from collector.inspection import manual  # noqa: PLC0415 - same

    lines = manual.read(path, SystemClock().now())
    if stray := next((each.site for each in lines if each.site and each.site not in sites), ""):
        known = ", ".join(sorted(sites)[:8])
        raise Refusal(
            Text(
                f"{shown(path.name)} ghi điểm “{shown(stray)}”, báo cáo này là của: {known}",
                f"{shown(path.name)} speaks of site “{shown(stray)}”, this report is of: {known}",
            )
        )
    return lines


def _sites(asked: _Asked) -> dict[str, Declared]:
    from collector.clock import SystemClock  # noqa: PLC0415 - pydantic, only with a configuration
    from collector.sites import sites_of  # noqa: PLC0415 - same

    return sites_of(asked.settings, SystemClock().now(), [])


def _declared(sites: dict[str, Declared], site: str) -> Declared:
    if not site and len(sites) == 1:
        return next(iter(sites.values()))
    if site not in sites:
        known = ", ".join(sites)
        asked = Text(f"không có điểm “{shown(site)}”", f"there is no site “{shown(site)}”") if site else Text("hộp có nhiều điểm", "the box has several sites")
        raise Refusal(Text(f"{asked.vi}; ghi --site là một trong: {known}", f"{asked.en}; give --site as one of: {known}"), status=2)
    return sites[site]


async def _delivered(settings: Config) -> Sequence[Delivered]:
    """Seconds to delivery, which only the exporter knows: from its metrics on this machine; nothing while it does not run."""
    if not settings.web.port:
        return ()
    import aiohttp  # noqa: PLC0415 - as above

    from exporters import report as reports  # noqa: PLC0415 - same

    host = f"[{settings.web.host}]" if ":" in settings.web.host else settings.web.host
    patience = aiohttp.ClientTimeout(total=_PATIENCE)
    try:
        async with aiohttp.ClientSession(timeout=patience) as client, client.get(f"http://{host}:{settings.web.port}/metrics", allow_redirects=False) as answer:
            page = await answer.text() if answer.status == 200 else ""
    except (aiohttp.ClientError, TimeoutError, UnicodeError):
        return ()
    return reports.of_metrics(page)


def previous_report(path: Path | None, site: str) -> Report | None:
    """The report before of this site or series; None where none was named. Raises Refusal."""
    from exporters import report as reports  # noqa: PLC0415 - as above

    if path is None:
        return None
    try:
        return reports.read(read_file(path), site)
    except reports.BadReportError as error:
        raise Refusal(error.text) from None


def _added(path: Path) -> Report:
    from exporters import report as reports  # noqa: PLC0415 - as above

    try:
        made = reports.report_of(read_file(path))
    except reports.BadReportError as error:
        raise Refusal(Text(f"{shown(str(path), 200)}: {error.text.vi}", f"{shown(str(path), 200)}: {error.text.en}")) from None
    if made.sites:
        name = shown(str(path), 200)
        raise Refusal(Text(f"{name} đã là báo cáo gộp: hãy nêu báo cáo của từng điểm", f"{name} is a report over several sites: name those of the sites"))
    return made


def _instant(day: str, option: str, *, last: bool) -> int:
    """The instant of `2026-11-30` or `2026-11-30T07:00` in Viet Nam, 0 for none; of a bare day its end where `last`."""
    if not day:
        return 0
    try:
        moment = datetime.fromisoformat(day)
    except ValueError:
        raise Refusal(
            Text(f"{option} phải là ngày dạng 2026-12-31, nhận được “{shown(day)}”", f"{option} must be a day like 2026-12-31, got “{shown(day)}”"), status=2
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    try:
        return int((moment + timedelta(days=last and len(day) == _A_DAY)).timestamp()) * SECOND
    except OverflowError:
        raise Refusal(Text(f"{option}: năm {moment.year} quá xa", f"{option}: the year {moment.year} is too far away"), status=2) from None


def read_file(path: Path, most: int = _MOST_BYTES) -> bytes:
    """A file's content, at most `most` bytes. Raises Refusal."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Refusal(Text(f"không đọc được {shown(str(path), 200)}: {error.strerror}", f"cannot read {shown(str(path), 200)}: {error.strerror}")) from None


def write(out: Path | None, data: bytes) -> None:
    """Into the file, wholly or not at all, or on the output without one. Raises Refusal."""
    from exporters.durable import write_whole  # noqa: PLC0415 - only to write

    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        if out.exists() and not out.is_file():  # a pipe, a printer
            out.write_bytes(data)
        else:
            write_whole(out, data)
    except OSError as error:
        raise Refusal(Text(f"không ghi được {shown(str(out), 200)}: {error.strerror}", f"cannot write {shown(str(out), 200)}: {error.strerror}")) from None
