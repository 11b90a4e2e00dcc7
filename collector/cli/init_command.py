"""`vonggac init`: asks what only a person knows, finds the interfaces, writes a first configuration that passes `config check`."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG
from collector.cli.say import Refusal, language, speak
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.firstconfig import Answers, LegAnswer

_SITE = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_LEG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

_Site = Annotated[str, typer.Option("--site", help="Mã điểm: chữ thường không dấu, số, dấu chấm, gạch nối; không đổi về sau.")]
_Name = Annotated[str, typer.Option("--name", help="Tên điểm như người trực đọc.")]
_Commune = Annotated[str, typer.Option("--commune", help="Mã xã, 5 chữ số.")]
_Province = Annotated[str, typer.Option("--province", help="Mã tỉnh, 2 chữ số.")]
_Leg = Annotated[list[str], typer.Option("--leg", help="Chân mạng dạng tên=giao-diện, ví dụ canbo=eth0; lặp lại được.")]
_Soc = Annotated[str, typer.Option("--soc", help="Địa chỉ Elasticsearch của SOC (https://...), bỏ trống nếu chưa có.")]
_Webhook = Annotated[str, typer.Option("--webhook", help="Địa chỉ webhook của người trực (https://...), bỏ trống nếu chưa có.")]
_Box = Annotated[str, typer.Option("--box", help="Mã của hộp; bỏ trống: theo mã điểm.")]
_English = Annotated[bool, typer.Option("--english", help="Hỏi và trả lời bằng tiếng Anh.")]
_Replace = Annotated[bool, typer.Option("--replace", help="Giữ tệp cấu hình đi kèm gói và thêm vào đó; bản cũ cất thành *.before-init.")]
_Dir = Annotated[Path, typer.Option("--dir", help="Thư mục sẽ ghi config.toml và declared/site.toml; trên hộp cài bằng gói là /etc/vonggac.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Ví dụ: vonggac init · vonggac init --dir /etc/vonggac --site xa-a --name 'Xã A' --leg canbo=eth0 --leg dan=eth1")(init)


def init(
    site: _Site = "", name: _Name = "", commune: _Commune = "", province: _Province = "",
    leg: _Leg = [],  # noqa: B006 - typer's own way for a repeated option
    soc: _Soc = "", webhook: _Webhook = "", box: _Box = "", english: _English = False, replace: _Replace = False,
    dir: _Dir = DEFAULT_CONFIG.parent,  # noqa: A002 - the option's name
) -> None:  # fmt: skip
    """Hỏi vài điều rồi ghi cấu hình đầu tiên của hộp. Không đè tệp đã có (trừ khi --replace, bản cũ được cất); vùng mạng chỉ được đề nghị."""
    from collector.firstconfig import Answers, config_toml, is_installed, site_toml  # noqa: PLC0415 - only here

    speak("en" if english else "vi")
    files = (dir / "config.toml", dir / "declared" / "site.toml")
    base = _base(files, replace=replace)
    asked = sys.stdin.isatty()
    site = _matching(site or _ask(asked, "Mã điểm (ví dụ xa-a)", "Site code (for example xa-a)"), _SITE, "--site")
    legs = _legs(leg, asked=asked)
    answers = Answers(
        site=site,
        name=name or _ask(asked, "Tên điểm", "Name of the site"),
        commune=_code(commune or _ask(asked, "Mã xã, 5 chữ số (bỏ trống nếu chưa biết)", "Commune code, 5 digits (may be empty)"), 5, "--commune"),
        province=_code(province or _ask(asked, "Mã tỉnh, 2 chữ số (bỏ trống nếu chưa biết)", "Province code, 2 digits (may be empty)"), 2, "--province"),
        box=box or f"hop-{site}"[:64],
        legs=legs,
        soc=soc or _ask(asked, "Địa chỉ Elasticsearch của SOC, https://... (bỏ trống nếu chưa có)", "Elasticsearch of the SOC, https://... (may be empty)"),
        webhook=webhook or _ask(asked, "Địa chỉ webhook của người trực (bỏ trống nếu chưa có)", "Webhook of the on-call (may be empty)"),
    )
    text = config_toml(answers) if base is None else _extended(base, answers)
    texts = (text, site_toml(answers))
    _try_out(texts)
    _write(files, texts, dir)
    _tell(files, answers, installed=is_installed(text))


def _base(files: Sequence[Path], *, replace: bool) -> str | None:
    """The configuration that is there and is to be kept; None where there is none. Raises Refusal."""
    there = [path for path in files if path.exists()]
    if there and not replace:
        place = shown(str(there[0]), 200)
        raise Refusal(
            Text(
                f"đã có {place}: init không đè lên; sửa tệp đó, thêm --replace, hoặc chọn --dir khác",
                f"{place} exists: init overwrites nothing; edit it, add --replace, or choose another --dir",
            )
        )
    try:
        return files[0].read_text("utf-8") if files[0] in there else None
    except (OSError, UnicodeDecodeError):
        place = shown(str(files[0]), 200)
        raise Refusal(Text(f"không đọc được {place}", f"{place} cannot be read")) from None


def _extended(base: str, answers: Answers) -> str:
    from collector.firstconfig import extended  # noqa: PLC0415 - only here

    try:
        text = extended(base, answers)
    except ValueError:
        text = None
    if text is None:
        raise Refusal(
            Text(
                "config.toml đã có người sửa ([box], [[legs]] hoặc [[sinks]]): init chỉ thêm vào tệp còn nguyên như đi kèm gói; hãy sửa tay",
                "somebody has edited config.toml ([box], [[legs]] or [[sinks]]): init adds to the file as it came with the package only; edit it by hand",
            )
        )
    return text


def _ask(asked: bool, vi: str, en: str) -> str:
    """A person's answer; nothing where nobody sits at a terminal."""
    return typer.prompt(Text(vi, en).to(language()), default="", show_default=False).strip() if asked else ""


def _matching(value: str, form: re.Pattern[str], option: str) -> str:
    if not form.fullmatch(value):
        raise Refusal(
            Text(
                f"{option} phải là mã gồm chữ thường không dấu, số, gạch nối, nhận được “{shown(value)}”",
                f"{option} must be lower-case letters, digits and hyphens, got “{shown(value)}”",
            ),
            status=2,
        )
    return value


def _code(value: str, digits: int, option: str) -> str:
    if value and not (value.isascii() and value.isdigit() and len(value) == digits):
        raise Refusal(
            Text(f"{option} phải gồm {digits} chữ số, nhận được “{shown(value)}”", f"{option} must have {digits} digits, got “{shown(value)}”"), status=2
        )
    return value


def _legs(given: Sequence[str], *, asked: bool) -> tuple[LegAnswer, ...]:
    from collector.interfaces import list_interfaces  # noqa: PLC0415 - only here

    there = [name for name in list_interfaces() if name != "lo"]
    if not given and asked:
        print(Text("Giao diện mạng của máy này:", "This machine's interfaces:").to(language()))
        for name in there:
            print(f"  {name:16} {_described(name)}")
        answer = _ask(asked, "Chân mạng cần nghe, dạng tên=giao-diện, cách nhau dấu phẩy", "Legs to listen on, as name=interface, with commas")
        given = [part.strip() for part in answer.split(",") if part.strip()]
    return tuple(_leg(each, there) for each in given)


def _leg(given: str, there: Sequence[str]) -> LegAnswer:
    from collector.firstconfig import LegAnswer  # noqa: PLC0415 - only here
    from collector.interfaces import address_of  # noqa: PLC0415 - same

    name, equals, interface = given.partition("=")
    if not equals or interface not in there:
        known = ", ".join(there) or "-"
        raise Refusal(
            Text(
                f"chân mạng phải dạng tên=giao-diện với giao diện có trên máy ({known}), nhận được “{shown(given)}”",
                f"a leg is name=interface with an interface of this machine ({known}), got “{shown(given)}”",
            ),
            status=2,
        )
    address = address_of(interface)
    return LegAnswer(name=_matching(name, _LEG, "--leg"), interface=interface, address=str(address.network) if address else "")


def _described(interface: str) -> str:
    from collector.interfaces import address_of, has_carrier  # noqa: PLC0415 - only here

    plugged = Text("đã cắm", "plugged in") if has_carrier(interface) else Text("chưa cắm", "not plugged in")
    return f"{plugged.to(language())}, {address_of(interface) or '-'}"


def _try_out(texts: Sequence[str]) -> None:
    """Raises ConfigError for what `config check` would refuse, before anything is written where it counts."""
    from collector.config import load  # noqa: PLC0415 - pydantic
    from collector.sites import sites_of  # noqa: PLC0415 - same

    with tempfile.TemporaryDirectory(prefix="vonggac-") as name:
        scratch = Path(name)
        _write((scratch / "config.toml", scratch / "declared" / "site.toml"), texts, scratch)
        sites_of(load(scratch / "config.toml"))


def _write(files: Sequence[Path], texts: Sequence[str], folder: Path) -> None:
    from exporters.durable import write_whole  # noqa: PLC0415 - only to write

    try:
        for path, text in zip(files, texts, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.stat() if path.exists() else None
            if before and before.st_size:
                # A copy, so that on a full disk the file that is there stays.
                shutil.copy2(path, path.with_name(path.name + ".before-init"))
            write_whole(path, text.encode())
            if before:
                # The services read it through their group.
                path.chmod(before.st_mode & 0o777)
                os.chown(path, before.st_uid, before.st_gid)
        (folder / "secrets").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        place = shown(str(error.filename or folder), 200)
        raise Refusal(Text(f"không ghi được {place}: {error.strerror}", f"{place} cannot be written: {error.strerror}")) from None


def _tell(files: Sequence[Path], answers: Answers, *, installed: bool) -> None:
    said = Text(f"Đã ghi {files[0]} và {files[1]}; cấu hình dùng được.", f"{files[0]} and {files[1]} are written; the configuration can be used.")
    print(said.to(language()))
    secrets = files[0].parent / "secrets" / ("sinks" if installed else "")
    names = ", ".join(name for name, wanted in (("es-api-key", answers.soc), ("webhook", answers.webhook)) if wanted)
    doctor, run = f"vonggac doctor --config {files[0]}", f"vonggac run --config {files[0]}"
    steps = [
        Text(f"Khai vùng mạng trong {files[1]}: mỗi phân đoạn phục vụ ai.", f"Say in {files[1]} whom each segment serves."),
        *([Text(f"Đặt khóa do SOC cấp vào {secrets}: {names}; chmod 600.", f"Put the keys from the SOC into {secrets}: {names}; chmod 600.")] if names else []),
        # The package's services run since it was installed, by the configuration that came with it.
        *(Text(line, line) for line in (("sudo systemctl restart vonggac.target", f"sudo {doctor}") if installed else (doctor, run))),
    ]
    for number, step in enumerate(steps, 1):
        print(f"{number}. {step.to(language())}")
