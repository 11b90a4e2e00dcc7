"""Where everything of the network picture stands, in CSS pixels at the normal size of text. Fixed places, no forces: see `network` for the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exporters.console.inert import inert
from exporters.console.kinds import picture_of
from exporters.console.network import JOINING, MAX_GROUPS
from exporters.console.snapshot import hash_of

if TYPE_CHECKING:
    from exporters.console.network import Device, Lane, Link, Network
    from exporters.console.snapshot import Snapshot
    from exporters.console.speech import Speech

# A lane and a bit of the next fit on a phone of 360 px, four lanes on the page of a desk.
LANE: Final = 272
PITCH: Final = LANE + 18
PAD: Final = 10
UPLINK: Final = 44
WIRE: Final = 10
TRACK: Final = 34
PILL: Final = 24
HEADER: Final = 98
CHIP: Final = 46
STEP: Final = CHIP + 6
ROW: Final = 30
RULE: Final = 14
MAX_TRACKS: Final = 8

# Widths of letters in parts of the text's size: SVG cannot cut a text that is too long, and a browser's own measure comes too late.
_WIDE: Final = frozenset("MWmw@%…—")
_NARROW: Final = frozenset("iIjltfr.,:;|'!()[] ìíịĩỉ/-·")


@dataclass(frozen=True)
class Chip:
    """A device in its place. `name` and `line` fit, `title` says all of it; `tone`: violation with its severity, unknown, or nothing."""

    x: int
    y: int
    device: Device
    name: str
    line: str
    title: str
    tone: str
    quiet: bool


@dataclass(frozen=True)
class Fold:
    """Devices of one class that are not drawn one by one; without a class: all that is left."""

    x: int
    y: int
    kind: str
    picture: str
    text: str


@dataclass(frozen=True)
class Column:
    """A lane in its place: its header's texts, chips and folds; `rules` are the heights of lines across it."""

    x: int
    y: int
    lane: Lane
    role: str
    total: str
    name: str
    hearing: str
    mark: str
    trouble: str
    chips: tuple[Chip, ...]
    folds: tuple[Fold, ...]
    rules: tuple[int, ...]
    empty: str
    bottom: int


@dataclass(frozen=True)
class Wire:
    """A way out, its box above the first lane that uses it, and its wires to all of them. Without a name: nobody declared it."""

    x: int
    name: str
    path: str


@dataclass(frozen=True)
class Join:
    """A link between two lanes: its path, and the pill that names it."""

    link: Link
    path: str
    x: float
    y: int
    width: int
    text: str
    title: str


@dataclass(frozen=True)
class Picture:
    """The whole drawing; `top` is where the lanes begin."""

    width: int
    height: int
    top: int
    wires: tuple[Wire, ...]
    joins: tuple[Join, ...]
    columns: tuple[Column, ...]


def draw(network: Network, snapshot: Snapshot, speech: Speech) -> Picture:
    """Gives every part its place. Texts are inert and cut to their room."""
    lanes = network.lanes
    place = {lane.id: index * PITCH for index, lane in enumerate(lanes)}
    drawn = [link for link in network.links if link.rung in JOINING and link.one in place and link.other in place][:MAX_TRACKS]
    named = list(dict.fromkeys(lane.uplink for lane in lanes if lane.uplink))
    start = UPLINK + RULE + WIRE * len(named)
    top = start + TRACK * len(drawn) + RULE
    columns = [_column(lane, place[lane.id], top, snapshot, speech) for lane in lanes]
    bottom = max((column.bottom for column in columns), default=top)
    return Picture(
        width=max(LANE, PITCH * len(lanes) - (PITCH - LANE)),
        height=bottom,
        top=top,
        wires=tuple(_wires(lanes, named, place, top)),
        joins=tuple(_join(link, index, place, start, top, snapshot, speech) for index, link in enumerate(drawn)),
        columns=tuple(columns),
    )


def fit(text: str, room: float, size: float) -> str:
    """`text`, inert, cut so that it takes at most about `room` px at `size` px."""
    written = inert(text, 120)
    if width(written, size) <= room:
        return written
    kept, left = "", room - width("…", size)
    for letter in written:
        left -= width(letter, size)
        if left < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def width(text: str, size: float) -> float:
    """About how wide a text is, px."""
    return sum(map(_part, text)) * size


def _part(letter: str) -> float:
    if letter in _NARROW:
        return 0.33
    if letter in _WIDE or ord(letter) > 0x2E7F:
        return 0.95
    return 0.65 if letter.isupper() else 0.55


def _column(lane: Lane, x: int, top: int, snapshot: Snapshot, speech: Speech) -> Column:
    inner = LANE - 2 * PAD
    y = top + HEADER
    rules = [y] if lane.heads else []
    heads, y = _chips(lane.heads, x + PAD, y + (PAD if lane.heads else 0), snapshot, speech)
    rules.append(y)
    chips, y = _chips(lane.devices, x + PAD, y + PAD, snapshot, speech)
    folds, y = _folds(lane, x + PAD, y, speech)
    return Column(
        x=x,
        y=top,
        lane=lane,
        role=speech.term(lane.role, "role"),
        total=speech.say("lane_total", n=speech.number(lane.total)),
        name=fit(snapshot.segment_name(lane.id), inner, 17),
        hearing=_heard(lane, inner - 20, speech),
        mark="clear" if lane.hearing == "all" else "unknown",
        trouble=fit(speech.text(lane.finding.finding.title), inner - 20, 13.8) if lane.finding else "",
        chips=(*heads, *chips),
        folds=folds,
        rules=tuple(rules),
        empty="" if lane.total else speech.say("lane_empty"),
        bottom=y + (ROW if not lane.total else 0) + PAD,
    )


def _heard(lane: Lane, room: float, speech: Speech) -> str:
    """The leg, its vantage and what that lets through; a long leg's name gives way to what matters."""
    hearing = speech.term(lane.hearing, "hearing")
    if lane.vantage == "unknown":
        return fit(f"{speech.say('leg_told', leg=lane.leg)} · {hearing}", room, 12.5)
    told = f"{speech.term(lane.vantage, 'vantage')} · {hearing}"
    whole = f"{lane.leg} · {told}"
    return fit(whole if width(whole, 12.5) <= room else told, room, 12.5)


def _chips(devices: Sequence[Device], x: int, y: int, snapshot: Snapshot, speech: Speech) -> tuple[tuple[Chip, ...], int]:
    chips = tuple(_chip(device, x, y + index * STEP, snapshot, speech) for index, device in enumerate(devices))
    return chips, y + len(chips) * STEP


def _chip(device: Device, x: int, y: int, snapshot: Snapshot, speech: Speech) -> Chip:
    room = LANE - 2 * PAD - 42 - PAD
    name = speech.say("citizen_short", hash=hash_of(device.asset)[:8]) if device.veiled else snapshot.asset_name(device.asset)
    kind = speech.term(device.kind, "class")
    state = speech.term(worst_lamp(device), "worst_lamp") if device.lamps else ""
    silent = speech.say("quiet_for", span=speech.about(snapshot.now - device.asset.seen.last)) if device.away else ""
    serves = [speech.term(service, "serves") for service in device.serves]
    address = snapshot.address_of(device.asset)
    also = [speech.say("also_on", name=snapshot.segment_name(segment)) for segment in device.also[:3]]
    first = silent or state or ", ".join(serves) or (also[0] if also else "")
    lamps = [f"{speech.term(lamp, 'lamp')}: {speech.term(lit, 'lit')}" for lamp, lit in device.lamps]
    grave = speech.term(device.severity, "severity") if device.severity else ""
    return Chip(
        x=x,
        y=y,
        device=device,
        name=fit(name, room - (22 if device.severity else 0), 15),
        line=_line(first, kind, "" if address == name else address, room - (62 if device.lamps else 0)),
        title=inert("; ".join(dict.fromkeys(filter(None, (snapshot.asset_name(device.asset), kind, grave, *serves, *lamps, silent, *also, address)))), 300),
        tone=_tone(device),
        quiet=device.away,
    )


def _line(first: str, kind: str, address: str, room: float) -> str:
    """What matters most of a device, and its address if there is room for all of it: half an address names another device."""
    if not first:
        return fit(" · ".join(filter(None, (address, kind))), room, 12.5)
    both = f"{first} · {address}"
    return fit(both if address and width(both, 12.5) <= room else first, room, 12.5)


def _tone(device: Device) -> str:
    if device.worst == "violation" or device.severity:
        return f"violation {device.severity}".rstrip()
    return "unknown" if device.worst == "unknown" or (not device.lamps and device.picture == "unknown") else ""


def worst_lamp(device: Device) -> str:
    """The one word for a screen's four lamps: what lets strangers in before what merely shows something."""
    lit = dict(device.lamps)
    if lit.get("enabled") == "no":
        return "off"
    for lamp in ("open", "in_session"):
        if lit.get(lamp) == "yes":
            return lamp
    if "unknown" in (lit.get("open"), lit.get("enabled")):
        return "unknown"
    return "enabled" if lit.get("enabled") == "yes" else "present"


def _folds(lane: Lane, x: int, y: int, speech: Speech) -> tuple[tuple[Fold, ...], int]:
    shown, rest = lane.folded[:MAX_GROUPS], lane.folded[MAX_GROUPS:]
    rows = [(kind, picture_of(kind), speech.say("folded_more", n=speech.number(count), kind=speech.term(kind, "class"))) for kind, count in shown]
    if rest:
        rows.append(("", "unknown", speech.say("folded_rest", n=speech.number(sum(count for _, count in rest)))))
    folds = tuple(Fold(x, y + index * ROW, kind, picture, fit(text, LANE - 2 * PAD - 48, 13.5)) for index, (kind, picture, text) in enumerate(rows))
    return folds, y + len(folds) * ROW


def _wires(lanes: Sequence[Lane], named: Sequence[str], place: dict[str, int], top: int) -> list[Wire]:
    found = []
    for track, uplink in enumerate(named):
        users = [place[lane.id] for lane in lanes if lane.uplink == uplink]
        height = UPLINK + RULE // 2 + WIRE * track
        x = users[0] + LANE // 2
        first = f"M{x} {UPLINK}V{top}"
        path = first + "".join(f"M{x} {height}H{user + LANE // 2}V{top}" for user in users[1:])
        found.append(Wire(users[0], fit(uplink, LANE - 2 * PAD - 40, 14), path))
    found += [Wire(place[lane.id], "", f"M{place[lane.id] + LANE // 2} {UPLINK}V{top}") for lane in lanes if not lane.uplink]
    return sorted(found, key=lambda wire: wire.x)


def _join(link: Link, index: int, place: dict[str, int], start: int, top: int, snapshot: Snapshot, speech: Speech) -> Join:
    left, right = sorted((place[link.one], place[link.other]))
    spread = 34 + 14 * index
    begin, end = left + LANE // 2 + spread, right + LANE // 2 - spread
    y = start + TRACK * index + TRACK // 2
    text = f"{speech.term(link.rung, 'rung')} · {speech.term(link.verdict.grade.value, 'grade')}"
    names = f"{snapshot.segment_name(link.one)} ↔ {snapshot.segment_name(link.other)}"
    wide = int(width(text, 13.5)) + 42
    return Join(
        link=link,
        path=f"M{begin} {top}V{y}H{end}V{top}",
        x=max(0.0, (begin + end - wide) / 2),
        y=y - PILL // 2,
        width=wide,
        text=text,
        title=inert(f"{names}: {text}; {speech.text(link.verdict.summary)}", 400),
    )
