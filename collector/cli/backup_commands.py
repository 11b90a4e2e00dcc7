"""`vonggac backup` and `vonggac restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured, language
from model.text import Text

_Out = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp bản sao lưu, ví dụ hop-a.vgb; chứa khóa của hộp: cất như cất khóa.")]
_Copy = Annotated[Path, typer.Argument(metavar="FILE", help="Bản sao lưu do vonggac backup làm ra.", readable=False)]
_Replace = Annotated[bool, typer.Option("--replace", help="Cất các tệp đang có thành *.before-restore rồi khôi phục.")]
_State = Annotated[Path | None, typer.Option("--state-dir", help="Thư mục nhật ký của máy mới; bỏ trống: cạnh tệp cấu hình.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Ví dụ: vonggac backup hop-a.vgb --config /etc/vonggac/config.toml")(backup)
    app.command(epilog="Ví dụ: vonggac restore hop-a.vgb --config /etc/vonggac/config.toml")(restore)


def backup(out: _Out, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Sao lưu nhật ký, khóa của hộp, cấu hình và khai báo vào một tệp, cả khi hộp đang chạy. Mật khẩu trong secrets/ không được sao."""
    from collector import copies  # noqa: PLC0415 - only here
    from collector.clock import SystemClock  # noqa: PLC0415 - same

    manifest = copies.write(configured(config), config, out, SystemClock().now())
    count = len(manifest.members)
    print(Text(f"Đã sao lưu {count} tệp của hộp {manifest.box} vào {out}.", f"{count} files of box {manifest.box} are in {out}.").to(language()))


def restore(copy: _Copy, config: ConfigOption = DEFAULT_CONFIG, state_dir: _State = None, replace: _Replace = False) -> None:
    """Khôi phục bản sao lưu vào hộp này (hoặc hộp mới thay hộp hỏng) khi dịch vụ đã dừng. Nhật ký sang kỳ mới để SOC nhận những gì hộp gửi tiếp."""
    from collector import copies  # noqa: PLC0415 - only here

    folder = config.parent
    state, declared = state_dir or folder / "state", folder / "declared"
    people = state
    if config.exists():
        settings = configured(config)
        state, declared, people = state_dir or settings.state_dir, settings.declared, settings.web.users_file.parent
    manifest = copies.restore(copy, {"state": state, "declared": declared, "config": folder, "web": people}, replace=replace)
    told = Text(
        f"Đã khôi phục hộp {manifest.box} từ bản {manifest.made}. Đặt lại các tệp trong secrets/, rồi: vonggac doctor --config {config}",
        f"Box {manifest.box} is restored from the copy of {manifest.made}. Put the files of secrets/ back, then: vonggac doctor --config {config}",
    )
    print(told.to(language()))
