"""`vonggac notify test`: does the way to the on-call work; `vonggac webhook verify`: is this delivery really ours."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli.options import DEFAULT_CONFIG, ConfigOption
from collector.cli.say import Refusal, configured, language, speak, table
from model.text import Text, shown
from model.times import SECOND

if TYPE_CHECKING:
    from collector.config import Config
    from collector.config.sinks import AnySink
    from model.ports import Receipt

# A body that a receiver kept is a few kilobytes; a gigabyte given by mistake is not read to its end.
_MOST_BYTES = 16 << 20

_ARRIVED = Text("đã nhận", "took it")
_FILTERED = Text("không gửi: nơi này không nhận mức độ nào của phát hiện", "not sent: it takes no severity of findings")
_REFUSED = Text("từ chối", "refused")
_NO_NETWORK = Text(
    "không có nơi nhận nào qua mạng để thử: tệp JSON lines nằm ngay trên máy này",
    "there is no sink over the network to try: JSON lines are a file on this machine",
)
_HELD = Text("chưa gửi được", "could not be reached")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    notify = typer.Typer(no_args_is_help=True)
    notify.callback(epilog="Ví dụ: vonggac notify test --sink truc-ban")(_notify)
    notify.command("test", epilog="Ví dụ: vonggac notify test · vonggac notify test --sink truc-ban")(try_out)
    app.add_typer(notify, name="notify")
    webhook = typer.Typer(no_args_is_help=True)
    webhook.callback(epilog="Ví dụ: vonggac webhook verify than.json --headers tieu-de.txt --secret-file khoa")(_webhook)
    webhook.command("verify", epilog="Ví dụ: vonggac webhook verify than.json --headers tieu-de.txt --secret-file khoa --at 1752545643")(verify)
    app.add_typer(webhook, name="webhook")


def _notify() -> None:
    """Đường báo tới người trực."""


def _webhook() -> None:
    """Phía nhận của webhook có chữ ký."""


def try_out(
    config: ConfigOption = DEFAULT_CONFIG, sink: Annotated[str, typer.Option("--sink", help="Chỉ nơi nhận này, theo name trong cấu hình.")] = ""
) -> None:
    """Gửi một tin thử có đánh dấu qua đúng đường của từng nơi nhận, rồi cho biết máy nhận trả lời gì."""
    settings = configured(config)
    receipts = [(options, _tried(settings, options, config)) for options in _chosen(settings, sink)]
    say = language()
    heads = ("Nơi nhận", "Loại", "Kết quả", "Máy nhận trả lời") if say == "vi" else ("Sink", "Type", "Result", "What it answered")
    table("", heads, [(options.name, options.type, *_said(receipt)) for options, receipt in receipts])
    if not all(_arrived(receipt) for _, receipt in receipts):
        raise typer.Exit(1)


def _chosen(settings: Config, name: str) -> Sequence[AnySink]:
    if name:
        found = [options for options in settings.sinks if options.name == name]
        if not found:
            known = ", ".join(options.name for options in settings.sinks) or "-"
            raise Refusal(Text(f"cấu hình không có nơi nhận “{shown(name)}”; đang có: {known}", f"there is no sink “{shown(name)}”; there are: {known}"))
    else:
        found = list(settings.sinks)
    # A second writer would cut into the line that the running service has half written.
    over_the_network = [options for options in found if options.type != "jsonlines"]
    if not over_the_network:
        raise Refusal(_NO_NETWORK)
    return over_the_network


def _tried(settings: Config, options: AnySink, path: Path) -> Receipt:
    from collector import assembly, sites  # noqa: PLC0415 - the sinks, only for this command
    from collector.clock import SystemClock  # noqa: PLC0415 - same
    from exporters.trial import trial  # noqa: PLC0415 - same

    declared = sites.sites_of(settings, broken=[])
    detectors = sites.detectors_of(settings, path)
    clock = SystemClock()
    # What the running service remembers of whom it told must not be written by a second process.
    with tempfile.TemporaryDirectory(prefix="vonggac-") as scratch:
        alone = settings.model_copy(update={"sinks": (options,), "state_dir": Path(scratch)})

        async def sent() -> Receipt:
            (sink,) = assembly.sinks_of(alone, declared, detectors, clock)
            try:
                return await trial(sink, next(iter(declared)), clock.now())
            finally:
                await sink.close()

        return asyncio.run(sent())


def _arrived(receipt: Receipt) -> bool:
    from exporters.sink import FILTERED  # noqa: PLC0415 - the sinks, only for this command

    return receipt.outcome == "accepted" and receipt.reason != FILTERED


def _said(receipt: Receipt) -> tuple[str, str]:
    if _arrived(receipt):
        return _ARRIVED.to(language()), receipt.reason or "-"
    if receipt.outcome == "accepted":
        return _FILTERED.to(language()), "-"
    return (_REFUSED if receipt.outcome == "rejected" else _HELD).to(language()), receipt.reason


def verify(
    body: Annotated[Path, typer.Argument(metavar="BODY", help="Thân tin đúng từng byte như nhận được; - là đầu vào chuẩn.", readable=False)],
    headers: Annotated[Path, typer.Option("--headers", help="Tệp các tiêu đề, mỗi dòng “tên: giá trị”.", readable=False)],
    secret_file: Annotated[Path, typer.Option("--secret-file", help="Tệp khóa ký (whsec_...), mỗi dòng một khóa.", readable=False)],
    at: Annotated[int | None, typer.Option("--at", help="Lúc nhận, giây Unix; không ghi thì là bây giờ.")] = None,
    english: Annotated[bool, typer.Option("--english", help="Câu trả lời bằng tiếng Anh.")] = False,
) -> None:
    """Kiểm tra một tin webhook: đúng chữ ký của hộp, và không cũ quá 5 phút. Tin giả hoặc cũ thì kết thúc với mã 1."""
    from collector.clock import SystemClock  # noqa: PLC0415 - only here
    from exporters.secret import read_secret  # noqa: PLC0415 - same
    from exporters.signing import SigningKeys  # noqa: PLC0415 - same
    from exporters.verifying import flaw, headers_of  # noqa: PLC0415 - same

    speak("en" if english else "vi")
    keys = SigningKeys(read_secret(secret_file))
    told = headers_of(_bytes(headers).decode(errors="replace"))
    why = flaw(keys, told, _bytes(body), SystemClock().now() // SECOND if at is None else at)
    if why is not None:
        raise Refusal(Text(f"KHÔNG tin được: {why.vi}", f"NOT to be believed: {why.en}"))
    message = shown(told["webhook-id"])
    print(Text(f"Đúng: tin {message} do nơi giữ khóa này ký, còn mới.", f"Genuine: {message} was signed with this key and is fresh.").to(language()))


def _bytes(path: Path) -> bytes:
    try:
        if str(path) == "-":
            return sys.stdin.buffer.read(_MOST_BYTES)
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError as error:
        name = shown(str(path), 200)
        raise Refusal(Text(f"không đọc được {name}: {error.strerror}", f"{name} cannot be read: {error.strerror}")) from None
