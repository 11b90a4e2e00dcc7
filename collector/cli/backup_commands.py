"""`vonggac backup` and `vonggac restore`."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Final

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured, language, speak
from model.text import Text, shown

# The folders of the package's services.
_INSTALLED: Final = "/var/lib/vonggac"

_Out = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp bản sao lưu, ví dụ hop-a.vgb; chứa khóa của hộp: cất như cất khóa.")]
_Copy = Annotated[Path, typer.Argument(metavar="FILE", help="Bản sao lưu do vonggac backup làm ra.", readable=False)]
_Replace = Annotated[bool, typer.Option("--replace", help="Cất các tệp đang có thành *.before-restore rồi khôi phục.")]
_State = Annotated[Path | None, typer.Option("--state-dir", help="Thư mục nhật ký của máy mới; bỏ trống: theo cấu hình trong bản sao lưu.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Ví dụ: vonggac backup hop-a.vgb --config /etc/vonggac/config.toml")(backup)
    app.command(epilog="Ví dụ: vonggac restore hop-a.vgb --config /etc/vonggac/config.toml")(restore)


def backup(out: _Out, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Sao lưu nhật ký, khóa của hộp, chứng thư, cấu hình và khai báo vào một tệp, cả khi hộp đang chạy. Mật khẩu trong secrets/ không được sao."""
    from collector import copies  # noqa: PLC0415 - only here
    from collector.clock import SystemClock  # noqa: PLC0415 - same

    manifest = copies.write(configured(config), config, out, SystemClock().now())
    count = len(manifest.members)
    print(Text(f"Đã sao lưu {count} tệp của hộp {manifest.box} vào {out}.", f"{count} files of box {manifest.box} are in {out}.").to(language()))


def restore(copy: _Copy, config: ConfigOption = DEFAULT_CONFIG, state_dir: _State = None, replace: _Replace = False) -> None:
    """Khôi phục bản sao lưu vào hộp này (hoặc hộp mới thay hộp hỏng) khi dịch vụ đã dừng. Nhật ký sang kỳ mới để SOC nhận những gì hộp gửi tiếp."""
    from collector import copies  # noqa: PLC0415 - only here

    notes: list[Text] = []
    manifest = copies.restore(copy, lambda told: _places(told, config.absolute().parent, state_dir, notes), replace=replace)
    told = Text(
        f"Đã khôi phục hộp {manifest.box} từ bản {manifest.made}. Đặt lại các tệp trong secrets/, rồi: vonggac doctor --config {config}",
        f"Box {manifest.box} is restored from the copy of {manifest.made}. Put the files of secrets/ back, then: vonggac doctor --config {config}",
    )
    for each in (told, *notes):
        print(each.to(language()))


def _places(config: bytes, folder: Path, state_dir: Path | None, notes: list[Text]) -> dict[str, Path]:
    """Where the copy's own configuration will look for each, not that of the machine, which is about to be replaced and may be broken."""
    try:
        told = tomllib.loads(config.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        told = {}
    if told.get("language") == "en":
        speak("en")
    web = told.get("web")
    users = web.get("users_file") if isinstance(web, dict) else None
    state = state_dir or _ours(told.get("state_dir"), folder, folder / "state", notes)
    declared = _ours(told.get("declared"), folder, folder / "declared", notes)
    return {"state": state, "declared": declared, "config": folder, "web": _ours(users, folder, state / "users.json", notes).parent}


def _ours(said: object, folder: Path, otherwise: Path, notes: list[Text]) -> Path:
    """The place as the configuration says it, if that is a box's own: a copy that somebody made up must not have root write just anywhere."""
    if not isinstance(said, str) or not said:
        return otherwise
    place = Path(os.path.normpath(folder / said))
    if place.is_relative_to(folder) or str(place).startswith(_INSTALLED):
        return place
    name = shown(str(place), 200)
    notes.append(
        Text(
            f"Cấu hình đã khôi phục ghi {name}, ngoài thư mục của hộp: tệp được đặt ở {otherwise}; hãy tự chép sang, hoặc sửa cấu hình.",
            f"The restored configuration says {name}, outside the box's folders: the files are in {otherwise}; move them, or edit the configuration.",
        )
    )
    return otherwise
