"""`vonggac probe`, which becomes the program that sends probes, and `vonggac soc-echo`, the SOC's side of comparing lines."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language
from model.text import Text

_NOTHING = Text(
    "Chưa chân mạng nào bật thăm dò: thêm probes = [...] vào [[legs]] trong tệp cấu hình.",
    "No leg names a probe: add probes = [...] to [[legs]] in the configuration.",
)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Ví dụ: vonggac probe --config /etc/vonggac/config.toml")(probe)
    app.command("soc-echo", epilog="Ví dụ: vonggac soc-echo --listen 0.0.0.0:8471 --consents consents.toml --certificate soc.pem --key soc.key")(soc_echo)


def probe(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Chạy chương trình gửi khung thăm dò theo lệnh của lõi; chỉ cần quyền CAP_NET_RAW."""
    from collector.probing import program  # noqa: PLC0415 - only here
    from collector.sockets.orders import NAME  # noqa: PLC0415 - same

    settings = configured(config)
    if not program.probed(settings.legs):
        raise Refusal(_NOTHING)
    if not program.available():
        raise Refusal(program.NO_SCAPY)
    argv = program.command(settings.sockets.dir / NAME, settings.legs)
    # From here on this process is another program, with nothing of ours in it (docs/decisions/011).
    os.execve(argv[0], argv, program.environment() | program.manager())  # noqa: S606 - our own Python and our own words


def soc_echo(
    consents: Annotated[Path, typer.Option(help="Tệp các điểm được trả lời và văn bản đồng ý gõ cổng.")],
    listen: Annotated[str, typer.Option(help="Nơi nghe, MÁY:CỔNG.")] = "127.0.0.1:8471",
    certificate: Annotated[Path | None, typer.Option(help="Chứng thư TLS (PEM); bắt buộc khi nghe ngoài máy này.")] = None,
    key: Annotated[Path | None, typer.Option(help="Khóa của chứng thư (PEM).")] = None,
) -> None:
    """Chạy ở SOC: trả lời cho điểm biết địa chỉ công cộng của mình; gõ thử những cổng đã có văn bản đồng ý của chính địa chỉ đó."""
    from collector import logs  # noqa: PLC0415 - a service's imports are its own
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from collector.socecho import run  # noqa: PLC0415 - same

    logs.start()

    def announce(address: str) -> None:
        print(Text(f"soc-echo nghe ở {address}  (dừng: Ctrl-C)", f"soc-echo listens on {address}  (stop: Ctrl-C)").to(language()), flush=True)

    asyncio.run(run(listen, consents, certificate, key, SystemClock(), announce))
