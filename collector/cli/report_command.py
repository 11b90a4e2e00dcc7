"""`vonggac report`: the inspection report of a site, to print, to keep, to count with."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured
from model.text import Text, shown
from model.times import SECOND, VIETNAM

if TYPE_CHECKING:
    from collector.config import Config
    from model.declared import Declared
    from model.inspection.document import Delivered, Report

# How long the exporter's metrics are waited for, seconds: they are beside this command or nowhere.
_PATIENCE = 2.0
_A_DAY = len("2026-12-31")


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


_Site = Annotated[str, typer.Option("--site", help="Mã điểm; không cần ghi khi hộp chỉ có một điểm.")]
_Format = Annotated[Format, typer.Option("--format", help="HTML để in, JSON để so kỳ sau, CSV cho bảng tính.")]
_Since = Annotated[str, typer.Option("--since", help="Từ ngày (giờ Việt Nam), ví dụ 2026-11-01; bỏ trống: từ báo cáo trước, hoặc từ lúc bắt đầu nghe.")]
_Until = Annotated[str, typer.Option("--until", help="Đến hết ngày, ví dụ 2026-11-30; bỏ trống: đến bây giờ.")]
_Previous = Annotated[Path | None, typer.Option("--previous", help="Tệp JSON của báo cáo trước, để so và giữ số phát hiện.", readable=False)]
_Out = Annotated[Path | None, typer.Option("--out", help="Tệp sẽ ghi; bỏ trống: in ra màn hình.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Ví dụ: vonggac report --site xa-a --out bao-cao.html · vonggac report --format json --previous thang-10.json --out thang-11.json")(
        report
    )


def report(
    site: _Site = "", format: _Format = Format.HTML, since: _Since = "", until: _Until = "",  # noqa: A002 - the option's name is in the contract
    previous: _Previous = None, out: _Out = None, config: ConfigOption = DEFAULT_CONFIG,
) -> None:  # fmt: skip
    """Báo cáo kiểm tra của một điểm: mười lăm nội dung, phát hiện với căn cứ, những gì chưa nhìn thấy, so với kỳ trước."""
    from exporters import report as reports  # noqa: PLC0415 - templates and the page's words, for this command alone

    settings = configured(config)
    declared = _declared(settings, site)
    start, end = _instant(since, "--since", last=False), _instant(until, "--until", last=True)
    if start and end and start >= end:
        raise Refusal(Text("--since phải trước --until", "--since must be before --until"), status=2)
    before = _previous(previous, declared.site)
    made = asyncio.run(_made(settings, config, declared, start, end, before))
    if start > int(made.until.timestamp()) * SECOND:
        raise Refusal(Text("--since ở trong tương lai", "--since lies in the future"), status=2)
    written = {
        Format.HTML: lambda: reports.html(made, settings.language).encode(),
        Format.JSON: lambda: reports.stored(made),
        Format.CSV: lambda: reports.csv(made, settings.language),
    }
    _write(out, written[format]())


async def _made(settings: Config, path: Path, declared: Declared, since: int, until: int, previous: Report | None) -> Report:
    from collector.access import reading  # noqa: PLC0415 - sockets and the journal, only for questions
    from collector.sites import detectors_of  # noqa: PLC0415 - same
    from exporters import report as reports  # noqa: PLC0415 - as above

    abouts = [detector.about for detector in detectors_of(settings, path)]
    async with reading(settings) as reader:
        # A day that is not over yet ends now: nobody has listened to what is still to come.
        until = min(until, (await reader.status()).now) if until else 0
        return await reports.gather(
            reader, declared, abouts, box=settings.box.name or settings.box.id, since=since, until=until, previous=previous,
            delivered=await _delivered(settings), language=settings.language,
        )  # fmt: skip


def _declared(settings: Config, site: str) -> Declared:
    from collector.clock import SystemClock  # noqa: PLC0415 - pydantic, only with a configuration
    from collector.sites import sites_of  # noqa: PLC0415 - same

    sites = sites_of(settings, SystemClock().now(), [])
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


def _previous(path: Path | None, site: str) -> Report | None:
    from exporters import report as reports  # noqa: PLC0415 - as above

    if path is None:
        return None
    try:
        return reports.read(path.read_bytes(), site)
    except OSError as error:
        raise Refusal(Text(f"không đọc được {shown(str(path), 200)}: {error.strerror}", f"cannot read {shown(str(path), 200)}: {error.strerror}")) from None
    except reports.BadReportError as error:
        raise Refusal(error.text) from None


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
    return int((moment + timedelta(days=last and len(day) == _A_DAY)).timestamp()) * SECOND


def _write(out: Path | None, data: bytes) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Refusal(Text(f"không ghi được {shown(str(out), 200)}: {error.strerror}", f"cannot write {shown(str(out), 200)}: {error.strerror}")) from None
