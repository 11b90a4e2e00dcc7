"""`vonggac declared check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli.say import language
from model.text import Text


def register(app: typer.Typer) -> None:
    """Adds the command."""
    declared = typer.Typer(help="Dữ liệu khai báo của điểm.", epilog="Ví dụ: vonggac declared check declared/", no_args_is_help=True)
    declared.command("check", epilog="Ví dụ: vonggac declared check declared/")(check)
    declared.callback()(_group)
    app.add_typer(declared, name="declared")


def _group() -> None:
    """Dữ liệu khai báo của điểm."""


def check(folder: Annotated[Path, typer.Argument(help="Thư mục khai báo.")] = Path("declared")) -> None:
    """Kiểm tra thư mục khai báo như một khối."""
    from collector.declared import load_sites  # noqa: PLC0415 - pydantic, only with declared data

    for site in load_sites(folder).values():
        undeclared = [name for name in ("register", "screens", "dhcp_servers", "routers", "enrolled", "usb", "portals") if getattr(site, name) is None]
        missing = ", ".join(undeclared) or "-"
        print(Text(f"{site.site} {site.name}: dùng được; chưa khai báo: {missing}", f"{site.site} {site.name}: usable; not declared: {missing}").to(language()))
