"""Options that several commands have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

# Where a folder has none, that of the installed box: also for who may not read it, and is told so.
_INSTALLED = "/etc/vonggac"
DEFAULT_CONFIG = Path("." if os.path.exists("config.toml") or not os.path.isdir(_INSTALLED) else _INSTALLED, "config.toml")  # noqa: PTH110, PTH112 - False, not an error, where it may not look

# Whether a file can be read is for its reader to say, in one sentence: not for typer, in a box.
CaptureFiles = Annotated[list[Path], typer.Argument(metavar="CAPTURE...", help="Tệp pcap hoặc pcapng, có thể nén gzip.", readable=False)]
ConfigOption = Annotated[Path, typer.Option("--config", help="Tệp cấu hình.", readable=False)]
MaybeConfig = Annotated[Path | None, typer.Option("--config", help="Cấu hình: khai báo của điểm, tùy chọn của quy tắc, ngôn ngữ.", readable=False)]
