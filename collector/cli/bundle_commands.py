"""`vonggac endpoints bundle-keys | stick | import`: answers that are carried by hand, from PCs without an agent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.catalogue_commands import names
from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.bundles.importing import Outcome
    from collector.config import Config
    from model.declared import Declared

_Keys = Annotated[Path, typer.Option("--keys", help="Thư mục khóa do bundle-keys làm ra.", readable=False)]
_MaybeKeys = Annotated[Path | None, typer.Option("--keys", help="Thư mục khóa mở gói (chỉ cần cho gói .vgb).", readable=False)]
_Out = Annotated[Path, typer.Option("--out", help="Thư mục sẽ làm ra; không ghi đè.")]
_Files = Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Gói .vgb, nhật ký osquery, kiểm kê XML, báo cáo Kaspersky CSV.", readable=False)]


def register(endpoints: typer.Typer) -> None:
    """Adds the commands."""
    endpoints.command("bundle-keys", epilog="Ví dụ: vonggac endpoints bundle-keys --out khoa-goi")(bundle_keys)
    endpoints.command("stick", epilog="Ví dụ: vonggac endpoints stick --name doan-1 --keys khoa-goi --hosts co-quan.txt --out /media/usb/vonggac")(stick)
    endpoints.command("import", epilog="Ví dụ: vonggac endpoints import /media/usb/vonggac --keys khoa-goi --by 'Trần Văn B'")(take)


def bundle_keys(out: _Out) -> None:
    """Tạo khóa mở gói kiểm tra. Ai có khóa này thì đọc được mọi gói."""
    from collector.bundles.keys import make  # noqa: PLC0415 - cryptography, only here

    make(out)
    _say(f"Đã tạo khóa trong {out}. Khóa mở gói ở lại tỉnh hoặc hộp.", f"Made the key in {out}. It stays at the province or the box.")


def stick(
    name: Annotated[str, typer.Option("--name", help="Tên USB: chữ thường không dấu, số, gạch nối.")], keys: _Keys, out: _Out,
    days: Annotated[int, typer.Option("--days", help="Gói có hiệu lực bao nhiêu ngày.", min=1, max=90)] = 30,
    hosts: Annotated[Path | None, typer.Option("--hosts", help="Tệp tên miền của cơ quan nhà nước, như khi làm bộ câu hỏi.")] = None,
    domains: Annotated[Path | None, typer.Option("--domains", help="Tệp tên miền thư điện tử của cơ quan.")] = None,
) -> None:  # fmt: skip
    """Làm một USB kiểm tra: chạy chay.cmd trên máy không cài gì, được một gói chỉ tỉnh đọc được."""
    from collector.bundles.keys import make_stick  # noqa: PLC0415 - cryptography, only here
    from collector.catalogue import load  # noqa: PLC0415 - same
    from collector.onboarding import kit, lists  # noqa: PLC0415 - same

    make_stick(keys, name, out, days)
    kit.file(out / lists.FILE, lists.written(load().version, ("gov.vn", *names(hosts)), names(domains)))
    kit.script(out)
    _say(
        f"Đã làm USB “{name}” trong {out}: cắm vào máy, chạy chay.cmd bằng quyền quản trị. Mất USB thì xóa {keys}/sticks/{name}.pem.",
        f"Made the stick “{name}” in {out}: run chay.cmd there as administrator. If it is lost, delete {keys}/sticks/{name}.pem.",
    )


def take(
    files: _Files, config: ConfigOption = DEFAULT_CONFIG, keys: _MaybeKeys = None,
    by: Annotated[str, typer.Option("--by", help="Ai chịu trách nhiệm; bắt buộc với tệp không có chữ ký.")] = "",
    site: Annotated[str, typer.Option("--site", help="Mã điểm, khi hộp có nhiều điểm.")] = "",
) -> None:  # fmt: skip
    """Nhập kết quả mang tay về hộp đang chạy. Nhập lại không bị tính hai lần; tệp hỏng bị từ chối, tệp khác vẫn nhập."""
    from collector import sites  # noqa: PLC0415 - a command's imports are its own

    settings = configured(config)
    outcomes = asyncio.run(_take(settings, _site(sites.sites_of(settings, broken=[]), site), files, keys, by))
    for outcome in outcomes:
        print(line_of(outcome).to(language()))
    if not outcomes:
        raise Refusal(Text("không thấy tệp nào để nhập", "there is no file to import"))
    if any(outcome.refused for outcome in outcomes):
        raise typer.Exit(1)


async def _take(settings: Config, declared: Declared, files: Sequence[Path], keys: Path | None, by: str) -> list[Outcome]:
    from collector.bundles import importing, ledger  # noqa: PLC0415 - as above
    from collector.bundles.keys import keys as known_keys  # noqa: PLC0415 - same
    from collector.catalogue import load  # noqa: PLC0415 - same
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from collector.marks import mark_of  # noqa: PLC0415 - same
    from collector.sockets import SocketFactSink, SocketReader, path_of  # noqa: PLC0415 - same

    columns = {query.topic: query.columns for query in load().queries}
    opens = known_keys(keys) if keys is not None else None
    place = importing.Place(declared, mark_of(settings), SystemClock().now(), shown(by, 64))
    reader = SocketReader(path_of(settings.sockets.dir, "read"), patience=1.0)
    await reader.status()
    sink = SocketFactSink(path_of(settings.sockets.dir, "facts"), language=settings.language)
    try:
        with ledger.opened(settings.state_dir) as book:
            importer = importing.Importer(place, book, columns, sink, reader, opens)
            return [await importer.take(path) for path in importing.found(files)]
    finally:
        await asyncio.to_thread(sink.close, 2.0)
        await reader.close()


def _site(known: dict[str, Declared], wanted: str) -> Declared:
    if wanted in known:
        return known[wanted]
    if not wanted and len(known) == 1:
        return next(iter(known.values()))
    codes = ", ".join(known)
    raise Refusal(Text(f"ghi --site, một trong: {codes}", f"give --site, one of: {codes}"), 2)


def line_of(outcome: Outcome) -> Text:
    """What became of a file, for people."""
    name = shown(str(outcome.path), 120)
    if outcome.refused is not None:
        return Text(f"TỪ CHỐI  {name}: {outcome.refused.vi}", f"REFUSED  {name}: {outcome.refused.en}")
    if outcome.known:
        return Text(f"đã có     {name}: nhập từ trước, không tính lại", f"known     {name}: imported before, not counted again")
    pcs = ", ".join(outcome.pcs[:5])
    return Text(f"đã nhập   {name}: {outcome.answers} câu trả lời của {pcs}", f"imported  {name}: {outcome.answers} answers of {pcs}")


def _say(vi: str, en: str) -> None:
    print(Text(vi, en).to(language()))
