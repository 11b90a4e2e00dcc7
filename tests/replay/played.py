"""Captures through `collector.replay`, and what came of them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from collector.captureerrors import CaptureError
from collector.registry import build_all
from collector.replay import Replay
from exporters import contract
from model.declared import Declared
from model.ledger import Change
from model.rows import Asset
from model.screens import Lamps, read

DISPLAY = "VG-NET-02"


def played(*captures: Path, known: Declared | None = None) -> Replay:
    """The captures one after the other; a cut one as far as it goes."""
    player = Replay(known or Declared(site="xa-thu", legs=("file",)), build_all())
    for capture in captures:
        with contextlib.suppress(CaptureError):
            player.run(capture)
    return player


def asset_of(player: Replay, mac: str) -> Asset:
    view = player.engine.view
    return view.assets[view.by_mac[mac]]


def lamps_of(player: Replay, mac: str) -> dict[str, Lamps]:
    """Lamps by family."""
    return {lamps.family: lamps for lamps in read(asset_of(player, mac))} if mac in player.engine.view.by_mac else {}


def findings_on(player: Replay, mac: str, detector: str = DISPLAY) -> list[Change]:
    return [change for change in player.engine.standing() if mac in change.macs and change.finding.detector == detector]


def json_of(player: Replay) -> bytes:
    """The lines that the command prints."""
    view = player.engine.view
    findings = [contract.encode(contract.finding_line(change)) for change in player.engine.standing()]
    shown: Sequence[Asset] = sorted(view.assets.values(), key=lambda asset: (asset.seen.first, asset.id))
    return b"\n".join([*findings, *(contract.encode(contract.asset_line(asset, view.role(asset))) for asset in shown)])
