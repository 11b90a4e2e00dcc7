"""`vonggac box key`."""

from __future__ import annotations

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured


def register(app: typer.Typer) -> None:
    """Adds the command."""
    box = typer.Typer(help="Hộp này đối với tỉnh.", epilog="Ví dụ: vonggac box key", no_args_is_help=True)
    box.callback()(_group)
    box.command("key", epilog="Ví dụ: vonggac box key --config /etc/vonggac/config.toml >> boxes.csv")(key)
    app.add_typer(box, name="box")


def _group() -> None:
    """Hộp này đối với tỉnh."""


def key(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """In khóa công khai của hộp thành dòng cho boxes.csv của tỉnh (box,site,key,since,until,by), mỗi điểm một dòng; chưa có khóa thì tạo."""
    from collector.boxkey import public_key  # noqa: PLC0415 - cryptography, only here
    from collector.sites import sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    settings = configured(config)
    sites = sites_of(settings)
    public = public_key(settings.box.key_file)
    for site in sites:
        print(f"{settings.box.id},{site},{public},,,")
