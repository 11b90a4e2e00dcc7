"""`vonggac config check|show` and `vonggac es bootstrap`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, complain, configured, json_lines, language
from model.text import Text

if TYPE_CHECKING:
    from exporters.elastic.bootstrap import Step


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    config = typer.Typer(help="Cấu hình của hộp.", epilog="Ví dụ: vonggac config check", no_args_is_help=True)
    config.command("check", epilog="Ví dụ: vonggac config check --config /etc/vonggac/config.toml")(check)
    config.command("show", epilog="Ví dụ: vonggac config show")(show)
    app.add_typer(config, name="config")
    es = typer.Typer(help="Elasticsearch của SOC.", epilog="Ví dụ: vonggac es bootstrap --dry-run", no_args_is_help=True)
    es.callback()(_group)
    es.command("bootstrap", epilog="Ví dụ: vonggac es bootstrap --dry-run")(bootstrap)
    app.add_typer(es, name="es")


def _group() -> None:
    """Elasticsearch của SOC."""


def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Kiểm tra cấu hình và khai báo như một lượt chạy thật, không đụng đến gì."""
    from collector import evidence  # noqa: PLC0415 - cryptography, only here
    from collector.legs import check_interfaces  # noqa: PLC0415 - same
    from collector.sites import detectors_of, sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    settings = configured(config)
    sites = sites_of(settings)
    detectors = detectors_of(settings, config)
    check_interfaces(settings.legs, config.name)
    evidence.check(settings)
    counted = f"{len(sites)} điểm, {len(settings.legs)} chân mạng, {len(settings.sinks)} nơi nhận, {len(detectors)} quy tắc"
    counted_en = f"{len(sites)} sites, {len(settings.legs)} legs, {len(settings.sinks)} sinks, {len(detectors)} detectors"
    print(Text(f"Cấu hình dùng được: {counted}.", f"The configuration can be used: {counted_en}.").to(language()))


def show(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """In mọi giá trị đang có hiệu lực; bí mật chỉ hiện nơi để chúng."""
    json_lines([configured(config).model_dump_json(indent=2).encode()])


def bootstrap(
    config: ConfigOption = DEFAULT_CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ in những gì sẽ cài, không kết nối.")] = False,
) -> None:
    """Cài mẫu chỉ mục, luồng dữ liệu, vòng đời vào Elasticsearch (việc của quản trị, không phải của hộp)."""
    from collector.assembly import elastic_options, province_options  # noqa: PLC0415 - the client, only here
    from collector.sites import detectors_of, sites_of  # noqa: PLC0415 - pydantic, only with a configuration
    from exporters.elastic import bootstrap as install  # noqa: PLC0415 - the client, only here

    settings = configured(config)
    detectors = detectors_of(settings, config)
    options = [province_options(settings, detectors)] if settings.province.urls else elastic_options(settings, sites_of(settings), detectors)
    if not options:
        raise Refusal(Text("cấu hình không có nơi nhận nào loại elasticsearch", "the configuration has no sink of type elasticsearch"))
    steps = [step for each in options for step in asyncio.run(install(each, dry_run=dry_run))]
    for step in steps:
        _tell(step)
    if any(step.outcome == "failed" for step in steps):
        raise typer.Exit(1)


def _tell(step: Step) -> None:
    """What was done; what would be, as an administrator can paste it into Kibana's console; or, as an error, why not."""
    match step.outcome:
        case "shown":
            print(f"{step.what}\n{step.text}\n")
        case "done":
            print(f"{step.what}: {step.text}")
        case "failed":
            complain(Refusal(Text(f"{step.what} không cài được: {step.text}", f"{step.what} could not be installed: {step.text}")))
