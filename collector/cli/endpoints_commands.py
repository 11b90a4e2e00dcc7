"""`vonggac endpoints`: the officers' PCs, which report by osquery or by bundles."""

from __future__ import annotations

import asyncio

import typer

from collector.cli import bundle_commands, catalogue_commands, enrolment_commands, pc_commands, usb_commands
from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured


def register(app: typer.Typer) -> None:
    """Adds the commands, each part's from its own module."""
    endpoints = typer.Typer(help="Máy tính cán bộ: cấp chứng chỉ, nhận trạng thái, thu hồi.", no_args_is_help=True)
    endpoints.callback(epilog="Ví dụ: vonggac endpoints enroll-kit --site xa-a --count 20 --box 192.168.10.2 --ca ca-tinh --out bo-xa-a")(_group)
    endpoints.command(epilog="Ví dụ: vonggac endpoints serve --config /etc/vonggac/config.toml")(serve)
    enrolment_commands.register(endpoints)
    catalogue_commands.register(endpoints)
    bundle_commands.register(endpoints)
    pc_commands.register(endpoints)
    usb_commands.register(endpoints)
    app.add_typer(endpoints, name="endpoints")


def _group() -> None:
    """Máy tính cán bộ: cấp chứng chỉ, nhận trạng thái, thu hồi."""


def serve(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy bộ thu máy tính: nhận osquery qua TLS hai chiều, chuyển cho lõi; `vonggac run` đã có sẵn."""
    from collector import logs, split  # noqa: PLC0415 - a service's imports are its own
    from collector.service import Parts  # noqa: PLC0415 - same

    settings = configured(config)
    logs.start()
    asyncio.run(split.endpoints(Parts(settings, config)))
