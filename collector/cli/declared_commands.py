"""`vonggac declared check | keygen | sign | pull`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text, shown

_MOST_NAMED = 20
KEY, PUBLIC = "declared.key", "declared.pub"
MADE_BY = "vonggac declared keygen"

_Passphrase = Annotated[Path | None, typer.Option("--passphrase-file", help="Tệp chứa mật khẩu của khóa ký.", readable=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    declared = typer.Typer(help="Dữ liệu khai báo của điểm hoặc của tỉnh.", epilog="Ví dụ: vonggac declared check declared/", no_args_is_help=True)
    declared.command("check", epilog="Ví dụ: vonggac declared check declared/")(check)
    declared.command("keygen", epilog="Ví dụ: vonggac declared keygen --out khoa-khai-bao")(keygen)
    declared.command("sign", epilog="Ví dụ: vonggac declared sign khai-bao/xa-a --box hop-xa-a --key khoa-khai-bao/declared.key --out goi/hop-xa-a")(sign)
    declared.command("pull", epilog="Ví dụ: vonggac declared pull goi/hop-xa-a --config /etc/vonggac/config.toml")(pull)
    declared.callback()(_group)
    app.add_typer(declared, name="declared")


def _group() -> None:
    """Dữ liệu khai báo của điểm hoặc của tỉnh."""


def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Thư mục khai báo của điểm, hoặc của tỉnh (có province.toml).")] = Path("declared"),
) -> None:
    """Kiểm tra thư mục khai báo như một khối."""
    from collector.declared_fleet import is_fleet  # noqa: PLC0415 - pydantic, only with declared data

    (_check_province if is_fleet(folder) else _check_sites)(folder)


def _check_sites(folder: Path) -> None:
    from collector.declared import load_sites  # noqa: PLC0415 - pydantic, only with declared data

    for site in load_sites(folder).values():
        undeclared = [name for name in ("register", "screens", "dhcp_servers", "routers", "enrolled", "usb", "portals") if getattr(site, name) is None]
        missing = ", ".join(undeclared) or "-"
        print(Text(f"{site.site} {site.name}: dùng được; chưa khai báo: {missing}", f"{site.site} {site.name}: usable; not declared: {missing}").to(language()))


def _check_province(folder: Path) -> None:
    from collector.declared_fleet import load_fleet  # noqa: PLC0415 - same

    fleet = load_fleet(folder)
    boxes, served = {line.box for line in fleet.boxes}, {line.site for line in fleet.boxes}
    dumb = [site for site in fleet.sites if site not in served]
    missing = ", ".join(dumb[:_MOST_NAMED]) + (", ..." if len(dumb) > _MOST_NAMED else "") or "-"
    counted = f"{len(fleet.sites)} điểm, {len(boxes)} hộp, {len(fleet.boxes)} dòng khóa; {len(dumb)} điểm chưa có hộp nào"
    counted_en = f"{len(fleet.sites)} sites, {len(boxes)} boxes, {len(fleet.boxes)} lines of keys; {len(dumb)} sites without any box"
    name = f"{fleet.province} {fleet.name}"
    print(Text(f"{name}: dùng được; {counted}: {missing}", f"{name}: usable; {counted_en}: {missing}").to(language()))


def keygen(out: Annotated[Path, typer.Option("--out", help="Thư mục mới để ghi cặp khóa.")], passphrase_file: _Passphrase = None) -> None:
    """Tạo cặp khóa ký khai báo. Khóa công khai chép tới các hộp ([bundle] keys); khóa ký ở lại tỉnh."""
    from collector.cli.keys import new_pair  # noqa: PLC0415 - cryptography, only here

    new_pair(out, KEY, PUBLIC, passphrase_file)
    _say(
        f"Đã tạo khóa trong {out}. Chép {PUBLIC} tới các hộp ([bundle] keys). Giữ {KEY} ở tỉnh: ai có tệp này thì sửa được khai báo của mọi hộp.",
        f"Made the key in {out}. Copy {PUBLIC} to the boxes ([bundle] keys). Keep {KEY} at the province: whoever has it can change what is declared anywhere.",
    )


def sign(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Thư mục khai báo của hộp (một điểm, hoặc mỗi điểm một thư mục).")],
    key: Annotated[Path, typer.Option("--key", help="Khóa ký của tỉnh (declared.key).", readable=False)],
    out: Annotated[Path, typer.Option("--out", help="Tệp gói; ghi đè bản trước.")],
    box: Annotated[str, typer.Option("--box", help="Mã của hộp được nhận gói này; bỏ trống: mọi hộp.")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Gói còn nhận được trong bấy nhiêu ngày.")] = 400,
    passphrase_file: _Passphrase = None,
) -> None:
    """Ký khai báo của một hộp thành gói để hộp tự lấy. Thư mục được kiểm tra trước; gói mới luôn mang số lớn hơn."""
    from collector import signeddata  # noqa: PLC0415 - cryptography, only here
    from collector.cli.keys import private_key  # noqa: PLC0415 - same
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from collector.declared import load_sites  # noqa: PLC0415 - pydantic, only with declared data
    from exporters.durable import write_whole  # noqa: PLC0415 - as above

    private = private_key(key, passphrase_file, MADE_BY)
    sites = load_sites(folder)
    content = signeddata.content_of(folder, box, SystemClock().now(), days)
    try:
        write_whole(out, signeddata.sign(content, private))
    except OSError as error:
        name = shown(str(out), 200)
        raise Refusal(Text(f"không ghi được {name}: {error.strerror}", f"{name} cannot be written: {error.strerror}")) from None
    _say(f"Đã ký gói {content.version} ({len(sites)} điểm) vào {out}.", f"Bundle {content.version} ({len(sites)} sites) is in {out}.")


def pull(
    bundle: Annotated[Path, typer.Argument(metavar="FILE", help="Gói do vonggac declared sign làm ra, ví dụ mang bằng USB.", readable=False)],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Trao một gói khai báo cho lõi đang chạy, như khi hộp tự lấy từ SOC ([bundle] url). Gói sai chữ ký, hết hạn hoặc cũ hơn bị từ chối."""
    from collector.access import delivering  # noqa: PLC0415 - sockets, only for questions
    from collector.cli.keys import read_bytes  # noqa: PLC0415 - as above

    settings, data = configured(config), read_bytes(bundle)

    async def handed() -> int:
        async with delivering(settings) as core:
            return await core.declare(data)

    version = asyncio.run(handed())
    _say(f"Lõi đã nhận gói khai báo {version}.", f"Core has declared data {version} in place.")


def _say(vi: str, en: str) -> None:
    print(Text(vi, en).to(language()))
