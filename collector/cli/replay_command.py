"""`vonggac replay`: a capture file through the live path."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from collector.captureerrors import CaptureError
from collector.cli.options import CaptureFiles, MaybeConfig
from collector.cli.places import Places
from collector.cli.say import Refusal, complain, configured, json_lines, language, table
from collector.replay import Replay
from exporters import contract, render_words
from model.classes.kinds import UNKNOWN, Classification
from model.declared import Declared
from model.ledger import Change
from model.naming import name_of
from model.rows import Asset
from model.text import Language, Text
from model.times import local
from model.verdict import Severity
from model.wording.unlisted_device import CLASSES

# Shorter files are done before a bar could be drawn.
_PROGRESS_FROM = 32 << 20


class Format(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Ví dụ: vonggac replay sang-thu-hai.pcapng · vonggac replay --format json --assets a.pcap b.pcap.gz · vonggac replay --fail-on high x.pcap"
    )(replay)


def replay(
    captures: CaptureFiles,
    config: MaybeConfig = None,
    leg: Annotated[str, typer.Option(help="Coi khung tin như nghe được ở chân mạng này.")] = "",
    format: Annotated[Format, typer.Option(help="Bảng cho người đọc, hoặc JSON mỗi dòng một đối tượng.")] = Format.TABLE,  # noqa: A002 - the option's name is in the contract
    assets: Annotated[bool, typer.Option("--assets", help="In thêm danh sách thiết bị.")] = False,
    private: Annotated[bool, typer.Option("--private", help="Che địa chỉ MAC và IP bằng mã băm.")] = False,
    fail_on: Annotated[Severity | None, typer.Option(help="Trả mã thoát 1 nếu có phát hiện từ mức này.")] = None,
) -> None:
    """Phát lại tệp bắt gói qua đúng đường xử lý trực tiếp; in các phát hiện khi hết tệp."""
    # With addresses hidden, identifiers must not be computable from them either.
    player = _player(config, leg, os.urandom(32) if private else b"")
    refused = _play(player, captures)
    engine = player.engine
    changes = engine.standing()
    shown = list(engine.view.assets.values()) if assets else []
    if format is Format.JSON:
        hide = _hider(engine.view.by_mac) if private else _as_it_is
        json_lines(hide(line) for line in _lines(player, changes, shown))
    else:
        _tables(player, changes, shown, hidden=private)
    worst = max((change.finding.severity.rank for change in changes if change.finding.state == "open"), default=0)
    if refused or (fail_on is not None and worst >= fail_on.rank):
        raise typer.Exit(1)


def _hider(macs: Collection[str]) -> Callable[[bytes], bytes]:
    from collector.cli.private import hider  # noqa: PLC0415 - its patterns, only for --private

    return hider(macs)


def _player(config: Path | None, leg: str, key: bytes) -> Replay:
    from collector.registry import OFF_THE_WIRE, build_all  # noqa: PLC0415 - finds and imports every detector

    if config is None:
        return Replay(Declared(site="replay", legs=(leg or "file",)), build_all(but=OFF_THE_WIRE), leg or "file", key)
    from collector.sites import detectors_of, sites_of  # noqa: PLC0415 - pydantic, only with a configuration

    settings = configured(config)
    sites = sites_of(settings, broken=[])
    wanted = leg or next((known for site in sites.values() for known in site.legs), "file")
    declared = next((site for site in sites.values() if wanted in site.legs), None)
    if declared is None:
        known = ", ".join(sorted(known for site in sites.values() for known in site.legs))
        raise Refusal(Text(f"không có chân mạng “{leg}” trong khai báo; hiện có: {known}", f"no leg “{leg}” is declared; there are: {known}"), status=2)
    return Replay(declared, detectors_of(settings, config), wanted, key)


def _play(player: Replay, captures: Sequence[Path]) -> bool:
    """Plays every file; one that is refused or cut is told and the others still play. True when any was."""
    refused = False
    for path in captures:
        try:
            with _progress(path) as moved:
                player.run(path, moved)
        except CaptureError as error:
            complain(error)
            refused = True
    return refused


class _progress:  # noqa: N801 - used as a word in a with statement
    """A bar on the error output, for long files on a terminal only."""

    def __init__(self, path: Path) -> None:
        self._long = sys.stderr.isatty() and path.is_file() and path.stat().st_size >= _PROGRESS_FROM
        self._name = path.name

    def __enter__(self) -> Callable[[int, int], None] | None:
        if not self._long:
            return None
        from rich.console import Console  # noqa: PLC0415 - only a bar needs rich
        from rich.progress import Progress  # noqa: PLC0415 - same

        self._bar = Progress(console=Console(stderr=True), transient=True)
        task = self._bar.add_task(self._name, total=None)
        self._bar.start()
        return lambda done, size: self._bar.update(task, completed=done, total=size or None)

    def __exit__(self, *_: object) -> None:
        if self._long:
            self._bar.stop()


def _as_it_is(line: bytes) -> bytes:
    return line


def _lines(player: Replay, changes: Sequence[Change], assets: Sequence[Asset]) -> Iterator[bytes]:
    for change in changes:
        yield contract.encode(contract.finding_line(change, language()))
    if not assets:
        return
    from model.classes.judge import classify  # noqa: PLC0415 - its rules are compiled only where somebody asks for classes

    for asset in sorted(assets, key=lambda asset: (asset.seen.first, asset.id)):
        yield contract.encode(contract.asset_line(asset, player.engine.view.role(asset), classify(asset)))


def _tables(player: Replay, changes: Sequence[Change], assets: Sequence[Asset], *, hidden: bool) -> None:
    view = player.engine.view
    hide = _hider(view.by_mac) if hidden else _as_it_is
    cell: Callable[[str], str] = lambda value: hide(value.encode()).decode()  # noqa: E731 - one expression, two uses
    say = language()
    rows = [
        (
            render_words.SEVERITIES[change.finding.severity].to(say),
            cell(change.finding.title.to(say)),
            cell(", ".join((*change.macs, *change.ips)) or change.name),
            render_words.GRADES[change.finding.grade].to(say),
            render_words.STATES[change.finding.state].to(say),
            local(change.finding.opened),
            f"{change.finding.detector}/{change.finding.id}",
        )
        for change in changes
    ]
    watched = Text(
        f"{len(changes)} phát hiện trên {len(view.assets)} thiết bị nghe thấy ({player.frames} khung tin)",
        f"{len(changes)} findings on {len(view.assets)} devices heard ({player.frames} frames)",
    )
    heads = ("Mức độ", "Phát hiện", "Thiết bị", "Chắc chắn", "Trạng thái", "Từ lúc (giờ VN)", "Mã")
    table(watched.to(say), heads if say == "vi" else ("Severity", "Finding", "Device", "How sure", "State", "Since (VN time)", "Id"), rows)
    if assets:
        asset_table(Places({view.site: view.declared}, view.segments.values()), assets, cell)


def asset_table(places: Places, assets: Sequence[Asset], cell: Callable[[str], str]) -> None:
    """The inventory for people."""
    from model.classes.judge import classify  # noqa: PLC0415 - as above

    say = language()
    known = {asset.id: classify(asset) for asset in assets}
    rows = [
        (
            cell(name_of(places.declared(asset), asset)),
            _kind(known[asset.id], say),
            cell(", ".join(sorted(asset.macs))),
            cell(", ".join(sorted(asset.ips))),
            render_words.ROLES[places.role(asset)].to(say),
            ", ".join(sorted(asset.segments)),
            local(asset.seen.first),
            local(asset.seen.last),
        )
        for asset in sorted(assets, key=lambda asset: (asset.seen.first, asset.id))
    ]
    vietnamese = ("Tên", "Loại", "MAC", "IP", "Nhóm", "Phân đoạn", "Lần đầu", "Lần cuối")
    heads = vietnamese if say == "vi" else ("Name", "Class", "MAC", "IP", "Role", "Segment", "First", "Last")
    table(Text(f"{len(rows)} thiết bị", f"{len(rows)} devices").to(say), heads, rows)


def _kind(known: Classification, say: Language) -> str:
    name = CLASSES.get(known.name, CLASSES[UNKNOWN]).to(say)
    return f"{name} ({render_words.GRADES[known.grade].to(say)})" if known.grade else name
