"""`vonggac run` and its parts: core, collect, screens, export, web; and `vonggac demo`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import configured, language, speak
from model.text import Text

if TYPE_CHECKING:
    from collector.service import Parts


class Spoken(StrEnum):
    """The languages of the product."""

    VI = "vi"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Ví dụ: vonggac run · vonggac run --config /etc/vonggac/config.toml")(run)
    app.command(epilog="Ví dụ: vonggac demo · vonggac demo --seconds 20 --port 0")(demo)
    app.command(epilog="Ví dụ: vonggac core --config /etc/vonggac/config.toml")(core)
    app.command(epilog="Ví dụ: vonggac collect --config /etc/vonggac/config.toml")(collect)
    app.command(epilog="Ví dụ: vonggac screens --config /etc/vonggac/config.toml")(screens)
    app.command(epilog="Ví dụ: vonggac export --config /etc/vonggac/config.toml")(export)
    app.command(epilog="Ví dụ: vonggac province --config /etc/vonggac/province.toml")(province)
    app.command(epilog="Ví dụ: vonggac web --config /etc/vonggac/config.toml")(web)


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy tất cả trong một tiến trình: nghe mạng, phán xét, nhật ký, nơi nhận, trang và số đo trên máy này."""
    from collector import service  # noqa: PLC0415 - a service's imports are its own

    _serve(service.run_all_in_one(_parts(config), _announce))


def demo(
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="Ngày đã ghi được phát lại trong bấy nhiêu giây.")] = 15,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng của trang; 0: cổng trống bất kỳ.")] = 8470,
    lang: Annotated[Spoken, typer.Option(help="Ngôn ngữ của trang và của mọi câu.")] = Spoken.VI,
) -> None:
    """Phát lại một ngày đã ghi của một trung tâm xã qua đúng đường xử lý trực tiếp; không cần quyền gì."""
    from collector import demo as recorded  # noqa: PLC0415 - only for the demonstration
    from collector import logs  # noqa: PLC0415 - same

    speak(lang.value)
    logs.start()
    _serve(recorded.show(seconds=seconds, port=port, language=language(), announce=_announce))


def core(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy lõi: hàng đợi, hiện trạng, quy tắc, nhật ký; các dịch vụ khác gặp lõi qua socket."""
    from collector import split  # noqa: PLC0415 - a service's imports are its own

    _serve(split.core(_parts(config)))


def collect(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy bộ thu mạng: chỉ nhận khung tin, gửi dữ liệu quan sát tới lõi."""
    from collector import split  # noqa: PLC0415 - a service's imports are its own

    _serve(split.collect(_parts(config)))


def screens(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy bộ thu màn hình: hỏi trạng thái các màn hình đã biết, chỉ đọc, không cần quyền gì."""
    from collector import split  # noqa: PLC0415 - a service's imports are its own

    _serve(split.screens(_parts(config)))


def export(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy nơi gửi: giao phát hiện tới các nơi nhận, kèm số đo /metrics."""
    from collector import split  # noqa: PLC0415 - a service's imports are its own

    _serve(split.export(_parts(config), _announce))


def province(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy dịch vụ của tỉnh: đọc tài liệu các hộp đã ký, giữ hiện trạng, phán xét hộp im lặng, báo người trực, trang của tỉnh."""
    from collector import logs  # noqa: PLC0415 - a service's imports are its own
    from collector.province import service  # noqa: PLC0415 - same

    settings = configured(config)
    logs.start()
    _serve(service.province(settings, config, _announce))


def web(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy trang xem trên máy này."""
    from collector import split  # noqa: PLC0415 - a service's imports are its own

    _serve(split.web(_parts(config), _announce))


def _parts(path: Path) -> Parts:
    from collector import logs  # noqa: PLC0415 - services log, commands do not
    from collector.service import Parts  # noqa: PLC0415 - same

    config = configured(path)
    logs.start()
    return Parts(config, path)


def _serve(service: Coroutine[Any, Any, None]) -> None:
    asyncio.run(service)


def _announce(address: str) -> None:
    print(Text(f"Trang theo dõi: {address}  (dừng: Ctrl-C)", f"Page: {address}  (stop: Ctrl-C)").to(language()), flush=True)
