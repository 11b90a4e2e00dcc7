"""`vonggac endpoints`: the officers' PCs, which report by osquery or by bundles."""

from __future__ import annotations

import typer

from collector.cli import catalogue_commands, enrolment_commands


def register(app: typer.Typer) -> None:
    """Adds the commands, each part's from its own module."""
    endpoints = typer.Typer(help="Máy tính cán bộ: cấp chứng chỉ, nhận trạng thái, thu hồi.", no_args_is_help=True)
    endpoints.callback(epilog="Ví dụ: vonggac endpoints enroll-kit --site xa-a --count 20 --box 192.168.10.2 --ca ca-tinh --out bo-xa-a")(_group)
    enrolment_commands.register(endpoints)
    catalogue_commands.register(endpoints)
    app.add_typer(endpoints, name="endpoints")


def _group() -> None:
    """Máy tính cán bộ: cấp chứng chỉ, nhận trạng thái, thu hồi."""
