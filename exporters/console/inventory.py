"""Assets and screens as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exporters.console.overview import WORST
from model.ledger import STANDING
from model.verdict import Outcome

if TYPE_CHECKING:
    from exporters.console.snapshot import Snapshot
    from model.ledger import Change
    from model.rows import Asset, Episode
    from model.verdict import Verdict

DISPLAY: Final = "VG-NET-02"
LAMPS: Final = ("present", "enabled", "open", "in_session")
_LIT: Final = ("yes", "no")


@dataclass(frozen=True)
class AssetRow:
    """An asset with the name people know it by (may be empty) and where it was heard last."""

    asset: Asset
    name: str
    place: str
    findings: int


@dataclass(frozen=True)
class ScreenRow:
    """A screen with its four lamps (`yes`, `no`, `unknown`), its finding if one stands, and why it is unknown."""

    verdict: Verdict
    name: str
    place: str
    address: str
    family: str
    lamps: tuple[tuple[str, str], ...]
    finding: Change | None
    episode: Episode | None


def asset_rows(snapshot: Snapshot, search: str) -> list[AssetRow]:
    """Assets with `search` in a name or address, last seen first."""
    counts: dict[str, int] = {}
    for change in snapshot.findings:
        if change.finding.state == "open" and change.finding.subject.kind == "asset":
            counts[change.finding.subject.id] = counts.get(change.finding.subject.id, 0) + 1
    kept = [asset for asset in snapshot.assets.values() if _matches(asset, snapshot.asset_name(asset), search)]
    kept.sort(key=lambda asset: (-asset.seen.last, asset.id))
    return [asset_row(snapshot, asset, counts.get(asset.id, 0)) for asset in kept]


def asset_row(snapshot: Snapshot, asset: Asset, findings: int = 0) -> AssetRow:
    """One asset as a row."""
    latest = max(asset.segments, key=lambda name: asset.segments[name].last, default="")
    return AssetRow(asset, snapshot.asset_name(asset), snapshot.segment_name(latest) if latest else "", findings)


def _matches(asset: Asset, name: str, search: str) -> bool:
    wanted = search.casefold().strip()
    if not wanted:
        return True
    return any(wanted in text.casefold() for text in (name, *asset.names, *asset.ips, *asset.macs))


def screen_rows(snapshot: Snapshot) -> list[ScreenRow]:
    """Every subject the display rule speaks about; the open ones first, the worst of them at the top, then the unknown."""
    displays = (change for change in snapshot.findings if change.finding.detector == DISPLAY)
    found = {change.finding.subject: change for change in displays if change.finding.state in STANDING}
    episodes = _latest(snapshot)
    rows = []
    for verdict in snapshot.verdicts:
        if verdict.detector != DISPLAY or verdict.outcome is Outcome.NOT_APPLICABLE:
            continue
        asset = snapshot.assets.get(verdict.subject.id)
        said = dict(verdict.state)
        rows.append(
            ScreenRow(
                verdict=verdict,
                name=snapshot.subject_name(verdict.subject),
                place=snapshot.place_of(verdict.subject),
                address=snapshot.address_of(asset) if asset else "",
                family=said.get("families", ""),
                lamps=tuple((lamp, said[lamp] if said.get(lamp) in _LIT else "unknown") for lamp in LAMPS),
                finding=found.get(verdict.subject),
                episode=episodes.get(verdict.subject.id),
            )
        )
    return sorted(rows, key=lambda row: (WORST.index(row.verdict.outcome), -row.verdict.severity.rank, row.name.casefold(), row.verdict.subject.id))


def _latest(snapshot: Snapshot) -> dict[str, Episode]:
    latest: dict[str, Episode] = {}
    for episode in snapshot.episodes:
        known = latest.get(episode.asset)
        if known is None or episode.seen.last > known.seen.last:
            latest[episode.asset] = episode
    return latest
