"""`vonggac declared check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli.say import language
from model.text import Text

_MOST_NAMED = 20


def register(app: typer.Typer) -> None:
    """Adds the command."""
    declared = typer.Typer(help="Dữ liệu khai báo của điểm hoặc của tỉnh.", epilog="Ví dụ: vonggac declared check declared/", no_args_is_help=True)
    declared.command("check", epilog="Ví dụ: vonggac declared check declared/")(check)
    declared.callback()(_group)
    app.add_typer(declared, name="declared")


def _group() -> None:
    """Dữ liệu khai báo của điểm hoặc của tỉnh."""


def check(folder: Annotated[Path, typer.Argument(help="Thư mục khai báo của điểm, hoặc của tỉnh (có province.toml).")] = Path("declared")) -> None:
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
