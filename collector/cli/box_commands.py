"""`vonggac box key | enrol | renew` on the box, and with `box_province_commands` the province's part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import box_province_commands
from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.config import Config
    from collector.enrolment.box import Taken


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    box = typer.Typer(help="Hộp đối với tỉnh: gia nhập, gia hạn, thôi dùng.", epilog="Ví dụ: vonggac box key", no_args_is_help=True)
    box.callback()(_group)
    box.command("key", epilog="Ví dụ: vonggac box key --config /etc/vonggac/config.toml >> boxes.csv")(key)
    box.command("enrol", epilog="Ví dụ: vonggac box enrol https://soc.example.vn:8473 --token-file ma --ca soc-ca.pem --config /etc/vonggac/config.toml")(enrol)
    box.command("renew", epilog="Ví dụ: vonggac box renew --config /etc/vonggac/config.toml")(renew)
    box_province_commands.register(box)
    app.add_typer(box, name="box")


def _group() -> None:
    """Hộp đối với tỉnh: gia nhập, gia hạn, thôi dùng."""


def key(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """In khóa công khai của hộp thành dòng cho boxes.csv của tỉnh (box,site,key,since,until,by), mỗi điểm một dòng; chưa có khóa thì tạo."""
    from collector.boxkey import public_key  # noqa: PLC0415 - cryptography, only here
    from collector.sites import sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    settings = configured(config)
    sites = sites_of(settings)
    public = public_key(settings.box.key_file)
    for site in sites:
        print(f"{settings.box.id},{site},{public},,,")


def enrol(
    url: Annotated[str, typer.Argument(metavar="URL", help="Địa chỉ dịch vụ hộp của tỉnh (vonggac box serve), https://...")],
    token_file: Annotated[Path, typer.Option("--token-file", help="Tệp chứa mã gia nhập dùng một lần (chmod 600).", readable=False)],
    ca: Annotated[Path | None, typer.Option("--ca", help="Chứng thư CA của tỉnh (PEM); bỏ trống: những CA máy này tin.", readable=False)] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    replace: Annotated[bool, typer.Option("--replace", help="Thay các tệp của lần gia nhập trước.")] = False,
) -> None:
    """Đưa hộp này vào tỉnh bằng mã dùng một lần: tạo khóa, nhận mã lấy khai báo, khóa công khai của tỉnh và các bí mật SOC đã chuẩn bị."""
    from collector.enrolment.box import join, places_of  # noqa: PLC0415 - cryptography and aiohttp, only here
    from collector.token import read_token  # noqa: PLC0415 - same
    from exporters.trust import trusting  # noqa: PLC0415 - same

    settings, token, places = configured(config), read_token(token_file), places_of(config)
    try:
        taken = join(settings, places, url, token, ca, trusting(ca), sites=_sites(settings), replace=replace)
    except OSError as error:
        raise _unwritten(error) from None
    _say(f"Tỉnh đã nhận hộp {taken.joined.box} cho điểm {', '.join(taken.joined.sites)}.", f"The province took the box {taken.joined.box}.")
    _files(taken)
    if places.credentials and taken.joined.files:
        _say(
            'Bí mật trong secrets/sinks: ghi credential = "sinks_TÊN-TỆP" ở nơi nhận.',
            'Secrets in secrets/sinks: a sink names one as credential = "sinks_FILE".',
        )
    _next(taken, settings)


def _sites(settings: Config) -> list[str]:
    """The sites that the box declares itself; none where that comes from the province."""
    from collector.refusal import ConfigError  # noqa: PLC0415 - same
    from collector.sites import sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    if not settings.declared.exists():
        return []
    try:
        return list(sites_of(settings))
    except ConfigError:
        return []


def _files(taken: Taken) -> None:
    for path in taken.written:
        _say(f"  đã ghi {path}", f"  wrote {path}")
    for path in taken.kept:
        _say(f"  giữ nguyên {path} (đã có, nội dung khác; --replace để thay)", f"  kept {path} (it was there and differs; --replace replaces it)")


def _next(taken: Taken, settings: Config) -> None:
    if taken.configured:
        _say("Bảng [bundle] trong tệp cấu hình đã có đủ.", "The table [bundle] of the configuration has it all.")
    else:
        _say("Ghi vào tệp cấu hình:", "Write into the configuration:")
        print("\n".join(["[bundle]", *taken.lines]))
    if not settings.box.in_fleet:
        _say("Khi tỉnh đã trực thay: [box] in_fleet = true.", "Once the province is on watch: [box] in_fleet = true.")
    state, declared = settings.state_dir, settings.declared
    if state.exists() and declared.exists() and state.stat().st_uid != declared.stat().st_uid:
        _say(
            f'Lõi phải ghi được khai báo: declared = "{state / "declared"}" ở đầu tệp cấu hình.',
            f'Core has to write declared data: put declared = "{state / "declared"}" at the top of the configuration.',
        )
    _say(
        "Rồi: vonggac config check; systemctl restart vonggac.target; vonggac doctor. Xóa tệp mã gia nhập.",
        "Then: vonggac config check; systemctl restart vonggac.target; vonggac doctor. Remove the token's file.",
    )


def renew(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Thay khóa của hộp bằng khóa mới, mỗi năm một lần: khóa cũ còn hiệu lực đến hết ngày mai, tỉnh chưa nhận thì khóa cũ vẫn dùng."""
    from collector.clock import SystemClock  # noqa: PLC0415 - cryptography and aiohttp, only here
    from collector.enrolment.box import renew as renewed  # noqa: PLC0415 - same
    from exporters.trust import trusting  # noqa: PLC0415 - same

    settings = configured(config)
    try:
        told = renewed(settings, config.resolve().parent, trusting(settings.bundle.ca_file), SystemClock().now())
    except OSError as error:
        raise _unwritten(error) from None
    if told.certificate:
        _say("Đã nhận chứng thư mới cho dịch vụ máy tính: systemctl restart vonggac-endpoints.", "A new certificate for PCs: restart vonggac-endpoints.")
    day = f"{told.until[8:]}/{told.until[5:7]}/{told.until[:4]}"
    vi = f" Khóa cũ còn hiệu lực đến hết ngày {day}." if told.until else ""
    en = f" The old key holds until the end of {told.until}." if told.until else ""
    _say(
        f"Đã gia hạn khóa của hộp {told.box}.{vi} Chạy ngay: systemctl restart vonggac-core (nạp lại không đủ: khóa được đọc lúc khởi động).",
        f"The key of the box {told.box} is renewed.{en} Now run: systemctl restart vonggac-core (a reload is not enough: the key is read at the start).",
    )


def _unwritten(error: OSError) -> Refusal:
    name, why = shown(str(error.filename), 200), error.strerror
    return Refusal(Text(f"không đọc hoặc ghi được {name}: {why}", f"{name} cannot be read or written: {why}"))


def _say(vi: str, en: str) -> None:
    print(Text(vi, en).to(language()))
