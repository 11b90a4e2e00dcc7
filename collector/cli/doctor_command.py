"""`vonggac doctor`: everything that keeps the box from its work, with the command that mends it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured, json_lines, language, refusals, table, told
from model.text import Text, shown

if TYPE_CHECKING:
    from pathlib import Path

    from collector.config import Config
    from collector.doctor import Check
    from model.declared import Declared

_MARKS: Final = {"ok": Text("đạt", "ok"), "warn": Text("lưu ý", "note"), "bad": Text("HỎNG", "BAD"), "unknown": Text("chưa rõ", "unknown")}


class Format(StrEnum):
    """How it is told."""

    TABLE = "table"
    JSON = "json"


class _Line(msgspec.Struct):
    """One check for programs."""

    name: str
    state: str
    said: str
    mend: str


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Ví dụ: vonggac doctor · sudo vonggac doctor --config /etc/vonggac/config.toml --format json")(doctor)


def doctor(
    config: ConfigOption = DEFAULT_CONFIG,
    format: Annotated[Format, typer.Option("--format", help="table hoặc json.")] = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """Khám hộp: quyền, giao diện mạng, mất gói, giờ, đĩa, nơi nhận, chứng thư, phiên bản; mỗi chỗ hỏng kèm lệnh để sửa. Hỏng hoặc chưa rõ thì mã thoát là 1."""
    checks = list(_checks(configured(config), config))
    if format is Format.JSON:
        lines = (_Line(each.name, each.state, told(each.said), each.mend.to(language())) for each in checks)
        json_lines(msgspec.json.encode(line) for line in lines)
    else:
        heads = ("", "Mục", "Tình trạng", "Cách sửa") if language() == "vi" else ("", "Checked", "How it stands", "What mends it")
        rows = [(_MARKS[each.state].to(language()), each.name, told(each.said), each.mend.to(language())) for each in checks]
        table("", heads, rows)
    if any(each.state in {"bad", "unknown"} for each in checks):
        raise typer.Exit(1)


def _checks(settings: Config, path: Path) -> Iterator[Check]:
    from collector import doctor as checks  # noqa: PLC0415 - cryptography and ctypes, for this command only
    from collector.clock import SystemClock  # noqa: PLC0415 - same

    now = SystemClock().now()
    yield from checks.of_machine(settings, now)
    yield from checks.of_keys(settings, now)
    yield from checks.of_credentials(settings, path.resolve().parent)
    sites, declared = _declared(settings, path)
    yield declared
    yield from checks.of_units(settings, sites)
    expected = [sensor.sensor for site in sites for sensor in site.sensors]
    yield from asyncio.run(_running(settings, now, expected))


def _declared(settings: Config, path: Path) -> tuple[Sequence[Declared], Check]:
    from collector.doctor import AS_ROOT, Check  # noqa: PLC0415 - as above
    from collector.sites import detectors_of, sites_of  # noqa: PLC0415 - same

    try:
        sites = list(sites_of(settings).values())
        detectors_of(settings, path)
    except refusals() as error:
        said = getattr(error, "text", Text(str(error), str(error)))
        mend = Text("sửa tệp đã nêu, rồi: vonggac config check", "correct that file, then: vonggac config check")
        return (), Check(name="declared", state="bad", said=said, mend=mend)
    except PermissionError as error:
        return (), Check(name="declared", state="unknown", said=_unseen(error), mend=AS_ROOT)
    said = Text(f"khai báo dùng được, {len(sites)} điểm", f"declared data can be used, {len(sites)} sites")
    return sites, Check(name="declared", state="ok", said=said)


async def _running(settings: Config, now: int, sensors: Sequence[str]) -> list[Check]:
    from collector.access import reading  # noqa: PLC0415 - as above
    from collector.doctor import AS_ROOT, Check, of_running  # noqa: PLC0415 - same

    try:
        async with reading(settings) as reader:
            return await of_running(reader, now, sensors=sensors, sinks=[sink.name for sink in settings.sinks])
    except refusals() as error:
        said = getattr(error, "text", Text(str(error), str(error)))
        return [Check(name="core", state="bad", said=said, mend=Text("systemctl start vonggac.target", "systemctl start vonggac.target"))]
    except PermissionError as error:
        return [Check(name="core", state="unknown", said=_unseen(error), mend=AS_ROOT)]


def _unseen(error: OSError) -> Text:
    name, why = shown(str(error.filename), 200), error.strerror
    return Text(f"không xem được {name}: {why}", f"{name} cannot be seen: {why}")
