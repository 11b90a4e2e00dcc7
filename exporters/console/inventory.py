"""Assets and screens as the page shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from exporters.console.findings import BadFilterError
from exporters.console.kinds import CLASSES, known_of
from model.inspection.counting import WORST
from model.ledger import STANDING
from model.privacy import is_veiled
from model.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exporters.console.kinds import Classify
    from exporters.console.snapshot import Snapshot
    from model.classes.kinds import Classification
    from model.ledger import Change
    from model.rows import Asset, Episode
    from model.verdict import Evidence, Subject, Verdict

DISPLAY: Final = "VG-NET-02"
TAKEOVER: Final = "VG-NET-03"
LAMPS: Final = ("present", "enabled", "open", "in_session")
_LIT: Final = ("yes", "no")


@dataclass(frozen=True)
class AssetRow:
    """An asset with the name people know it by, its class with the reasons, whom it serves and where it was heard last. `veiled`: a citizen's own."""

    asset: Asset
    name: str
    known: Classification
    role: str
    place: str
    veiled: bool
    findings: int

    @property
    def vendors(self) -> list[str]:
        """The makers of its addresses; none is told of a citizen's own."""
        return [] if self.veiled else sorted(set(self.asset.vendors.values()))

    @property
    def against(self) -> bool:
        """Whether some sign speaks against the class."""
        return any(line.value.startswith("≠") for line in self.known.evidence)


@dataclass(frozen=True)
class Wanted:
    """What the list of assets is narrowed to; an empty string does not narrow."""

    search: str = ""
    kind: str = ""
    segment: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything differs from the plain list."""
        return self != Wanted()


@dataclass(frozen=True)
class ScreenRow:
    """A screen with its four lamps (`yes`, `no`, `unknown`), its finding if one stands, who took it over, while that stands, and its last session.

    `senders`: what is said of who sends to it, which a plain port cannot know.
    """

    verdict: Verdict
    name: str
    place: str
    address: str
    family: str
    lamps: tuple[tuple[str, str], ...]
    finding: Change | None
    episode: Episode | None
    takeover: Change | None
    senders: Verdict | None

    @property
    def session(self) -> Evidence | None:
        """What the screen itself last said of a session: `beginning what`, or `beginning/end what` (model.screens.told)."""
        pieces = [piece for piece in self.verdict.evidence if piece.kind == "session"]
        return max(pieces, key=lambda piece: piece.at, default=None)

    @property
    def shown(self) -> str:
        """What it showed then, by its own word; it may name nothing."""
        return self.session.value.partition(" ")[2] if self.session else ""

    @property
    def over(self) -> bool:
        """Whether that session has ended."""
        return self.session is not None and "/" in self.session.value.partition(" ")[0]


def wanted(query: Mapping[str, str], snapshot: Snapshot) -> Wanted:
    """The filters of an address. Raises BadFilterError for a class or a segment that does not exist."""
    kind, segment = query.get("loai", ""), query.get("phan-doan", "")
    if kind not in {"", *CLASSES}:
        raise BadFilterError("loai", kind, CLASSES)
    names = segments_of(snapshot)
    if segment not in {"", *names}:
        raise BadFilterError("phan-doan", segment, names)
    return Wanted(query.get("tim", "")[:80], kind, segment)


def segments_of(snapshot: Snapshot) -> list[str]:
    """Every segment that some asset was heard on or that is known by itself."""
    return sorted({name for asset in snapshot.assets.values() for name in asset.segments} | {row.id for row in snapshot.segments})


def listed(snapshot: Snapshot, asked: Wanted, classify: Classify) -> list[Asset]:
    """The assets that are wanted, last seen first; a class is found out only where it is asked for."""
    kept = [asset for asset in snapshot.assets.values() if asked.segment in {"", *asset.segments} and _matches(asset, snapshot.asset_name(asset), asked.search)]
    if asked.kind:
        kept = [asset for asset in kept if known_of(asset, classify).name == asked.kind]
    return sorted(kept, key=lambda asset: (-asset.seen.last, asset.id))


def open_counts(snapshot: Snapshot) -> Counter[str]:
    """How many findings are open about each asset."""
    findings = (change.finding for change in snapshot.findings)
    return Counter(finding.subject.id for finding in findings if finding.state == "open" and finding.subject.kind == "asset")


def asset_row(snapshot: Snapshot, asset: Asset, classify: Classify, findings: int = 0) -> AssetRow:
    """One asset as a row."""
    latest = max(asset.segments, key=lambda name: asset.segments[name].last, default="")
    return AssetRow(
        asset=asset,
        name=snapshot.asset_name(asset),
        known=known_of(asset, classify),
        role=snapshot.role_of(asset),
        place=snapshot.segment_name(latest) if latest else "",
        veiled=is_veiled(asset),
        findings=findings,
    )


def _matches(asset: Asset, name: str, search: str) -> bool:
    words = search.casefold().strip()
    if not words:
        return True
    # Of a citizen's own device nothing can be searched but the hash it is shown by.
    texts = (*asset.macs,) if is_veiled(asset) else (name, *asset.names, *asset.ips, *asset.macs, *asset.vendors.values())
    return any(words in text.casefold() for text in texts)


def lamps_of(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The four lamps a verdict of the display rule shows; what it does not say plainly is unknown."""
    said = dict(verdict.state)
    return tuple((lamp, said[lamp] if said.get(lamp) in _LIT else "unknown") for lamp in LAMPS)


def screen_rows(snapshot: Snapshot) -> list[ScreenRow]:
    """Every subject the display rule speaks about; those taken over first, then the open ones, the worst of them at the top, then the unknown."""
    found, taken = _standing(snapshot, DISPLAY), _standing(snapshot, TAKEOVER)
    episodes = _latest(snapshot)
    senders = {verdict.subject: verdict for verdict in snapshot.verdicts if verdict.detector == TAKEOVER}
    rows = []
    for verdict in _about_screens(snapshot, taken):
        asset = snapshot.assets.get(verdict.subject.id)
        said = dict(verdict.state)
        rows.append(
            ScreenRow(
                verdict=verdict,
                name=snapshot.subject_name(verdict.subject),
                place=snapshot.place_of(verdict.subject),
                address=snapshot.address_of(asset) if asset else "",
                family=said.get("families", ""),
                lamps=lamps_of(verdict),
                finding=found.get(verdict.subject),
                episode=episodes.get(verdict.subject.id),
                takeover=taken.get(verdict.subject),
                senders=senders.get(verdict.subject),
            )
        )
    return sorted(
        rows, key=lambda row: (not row.takeover, WORST.index(row.verdict.outcome), -row.verdict.severity.rank, row.name.casefold(), row.verdict.subject.id)
    )


def _about_screens(snapshot: Snapshot, taken: Mapping[Subject, Change]) -> list[Verdict]:
    """What the display rule says; of a screen that was taken over before it said anything by itself, only that it is there."""
    told = [verdict for verdict in snapshot.verdicts if verdict.detector == DISPLAY and verdict.outcome is not Outcome.NOT_APPLICABLE]
    heard = {verdict.subject for verdict in told}
    others = [verdict for verdict in snapshot.verdicts if verdict.detector == TAKEOVER and verdict.subject in taken and verdict.subject not in heard]
    return [*told, *(msgspec.structs.replace(verdict, state=(("present", "yes"),)) for verdict in others)]


def _standing(snapshot: Snapshot, detector: str) -> dict[Subject, Change]:
    changes = (change for change in snapshot.findings if change.finding.detector == detector)
    return {change.finding.subject: change for change in changes if change.finding.state in STANDING}


def _latest(snapshot: Snapshot) -> dict[str, Episode]:
    latest: dict[str, Episode] = {}
    for episode in snapshot.episodes:
        known = latest.get(episode.asset)
        if known is None or episode.seen.last > known.seen.last:
            latest[episode.asset] = episode
    return latest
