"""Which device on the wire a PC is: by the hardware addresses it says are its own.

An address belongs to the one machine that claims it. Of several, to that which claimed it only after all others had done (a card that was moved); where
they claim it by turns (a dock, a shared adapter) it is nobody's. Two certificates with the same hardware mark and an address in common are one machine that was
enrolled anew. All of it is told from the claims as they stand, so that it does not matter in which order they came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from model import assets
from model.posture.told import Machine
from model.rows import HASH, Sighting
from model.verdict import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from model.posture.fold import Tables
    from model.posture.rows import PcRow
    from model.rows import Asset
    from model.site import SiteView

# A laptop has three; one whose Wi-Fi address changes daily has a new one each day, of which the latest are kept.
MAX_MACS: Final = 16


class _Claim(NamedTuple):
    """A machine's claim to an address: first and last when, and one of its rows."""

    first: int
    last: int
    row: PcRow


def claim(view: SiteView, row: PcRow, macs: Iterable[str], at: int) -> tuple[Subject, ...]:
    """The PC said at this instant that these are its addresses; the assets that changed."""
    before = set(row.macs)
    for mac in macs:
        assets.sight(row.macs, mac, at, MAX_MACS)
    _index(view.posture, row, before)
    return _settle(view, sorted(before | set(row.macs)))


def told(view: SiteView, row: PcRow) -> tuple[Subject, ...]:
    """The PC said what hardware it is: the same as another's may make them one machine, or tells of a copy; the assets that are concerned."""
    board = board_of(row)
    if view.posture.boards.get(row.id, "") == board:
        return ()
    view.posture.boards[row.id] = board
    if board:
        view.posture.by_board.setdefault(board, set()).add(row.id)
    others = [view.posture.pc[name] for name in sorted(view.posture.by_board.get(board, ()))] if board else [row]
    touched = _settle(view, sorted(mac for mac in row.macs if len(view.posture.by_mac[mac]) > 1))
    return (*touched, *(Subject("asset", each.asset) for each in others))


def board_of(row: PcRow) -> str:
    """The mark of the PC's hardware as it last said; empty where it never did."""
    topic = row.topics.get("machine")
    said = topic.answer.value.told if topic is not None and topic.answer is not None else None
    return said.board if isinstance(said, Machine) else ""


def same_board(view: SiteView, row: PcRow) -> list[str]:
    """Names of other PCs that say they are the same hardware."""
    board = board_of(row)
    return sorted(name for name in view.posture.by_board.get(board, ()) if name != row.id and board_of(view.posture.pc[name]) == board) if board else []


def sharing(view: SiteView, row: PcRow) -> list[str]:
    """Names of other PCs, of other hardware, that claim an address of this one too."""
    others = {name for mac in row.macs for name in view.posture.by_mac.get(mac, ())} - {row.id}
    return sorted(name for name in others if view.posture.pc[name].asset != row.asset)


def renamed(view: SiteView, lesser: str, into: str) -> None:
    """An asset turned out to be another: its PCs are the other's."""
    for pc in view.posture.by_asset.pop(lesser, ()):
        view.posture.pc[pc].asset = into
        view.posture.by_asset.setdefault(into, set()).add(pc)
        view.changed("pc", pc)


def restore(tables: Tables, row: PcRow) -> None:
    """Puts a row from the journal into the indices."""
    tables.by_asset.setdefault(row.asset, set()).add(row.id)
    _index(tables, row, set())
    if board := board_of(row):
        tables.boards[row.id] = board
        tables.by_board.setdefault(board, set()).add(row.id)


def _index(tables: Tables, row: PcRow, before: set[str]) -> None:
    for mac in row.macs.keys() - before:
        tables.by_mac.setdefault(mac, set()).add(row.id)
    for mac in before - row.macs.keys():
        tables.by_mac[mac].discard(row.id)


def _settle(view: SiteView, macs: Iterable[str]) -> tuple[Subject, ...]:
    touched = [subject for mac in macs for subject in _give(view, mac)]
    return tuple(dict.fromkeys(touched))


def _give(view: SiteView, mac: str) -> list[Subject]:
    """The address goes to its machine's asset, and what was heard of it on the wire with it."""
    owner = _owner(view, mac)
    holder = view.by_mac.get(mac, "")
    if not holder and view.asset_id(mac) in view.assets:
        # A device on a citizens' segment that was written down as a hash before it was known to be the office's.
        holder = view.asset_id(mac)
    if owner is None:
        if holder not in view.posture.by_asset:
            return []
        assets.disown(view, view.assets[holder], mac)
        return [Subject("asset", holder)]
    mine = view.assets[owner.row.asset]
    touched = [Subject("asset", mine.id)] if holder != mine.id else []
    if holder in view.posture.by_asset and holder != mine.id:
        assets.disown(view, view.assets[holder], mac)
        touched.append(Subject("asset", holder))
    elif holder and holder != mine.id:
        _absorb(view, view.assets[holder], mine)
    assets.own(view, mine, mac, Sighting(owner.first, owner.last))
    return touched


def _owner(view: SiteView, mac: str) -> _Claim | None:
    """The one machine whose address it is."""
    machines: dict[str, list[PcRow]] = {}
    for name in sorted(view.posture.by_mac.get(mac, ())):
        row = view.posture.pc[name]
        machines.setdefault(board_of(row) or f"pc:{name}", []).append(row)
    claims = [_Claim(min(row.macs[mac].first for row in rows), max(row.macs[mac].last for row in rows), _one(view, rows)) for rows in machines.values()]
    latest = max(claims, key=lambda claim: (claim.first, claim.row.id), default=None)
    return latest if latest is not None and all(each is latest or each.last < latest.first for each in claims) else None


def _one(view: SiteView, rows: Sequence[PcRow]) -> PcRow:
    """These are one machine: their assets become one, that of the first by name."""
    found = sorted({row.asset for row in rows}, key=lambda asset: min(view.posture.by_asset[asset]))
    for lesser in found[1:]:
        _absorb(view, view.assets[lesser], view.assets[found[0]])
    return rows[0]


def _absorb(view: SiteView, lesser: Asset, into: Asset) -> None:
    assets.absorb(view, lesser, into)
    into.macs.pop(HASH + lesser.id, None)
    renamed(view, lesser.id, into.id)


def rebase(row: PcRow, at: int) -> None:
    """The clock was set back to `at`."""
    for sighting in row.macs.values():
        sighting.rebase(at)
