"""What a figure of a row counts: a bare number is read as so many PCs, though it may be of networks, screens or sensors."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, Literal

from model.inspection.document import Counts
from model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from model.detector import About
    from model.verdict import Outcome, Subject, SubjectKind, Verdict

# A PC is one by its own answers; an asset of which only the wire tells is a device. In the order in which they are told, the surer word first.
Counted = Literal["pc", "screen", "device", "segment", "segments", "sensor", "portal", "uplink", "account", "site"]
ORDER: Final[tuple[Counted, ...]] = ("pc", "screen", "device", "segment", "segments", "sensor", "portal", "uplink", "account", "site")

# One, and several: Vietnamese has one word for both.
_NOUNS: Final[Mapping[str, tuple[Text, Text]]] = {
    "pc": (Text("máy tính", "PC"), Text("máy tính", "PCs")),
    "screen": (Text("màn hình", "screen"), Text("màn hình", "screens")),
    "device": (Text("thiết bị", "device"), Text("thiết bị", "devices")),
    "segment": (Text("mạng", "network"), Text("mạng", "networks")),
    "segments": (Text("cặp mạng", "pair of networks"), Text("cặp mạng", "pairs of networks")),
    "sensor": (Text("bộ thu", "sensor"), Text("bộ thu", "sensors")),
    "portal": (Text("cổng", "portal"), Text("cổng", "portals")),
    "uplink": (Text("đường truyền", "uplink"), Text("đường truyền", "uplinks")),
    "account": (Text("tài khoản", "account"), Text("tài khoản", "accounts")),
    "site": (Text("điểm", "site"), Text("điểm", "sites")),
}
_NONE: Final[Mapping[str, Text]] = {
    "pc": Text("Chưa có máy tính nào báo về để xét.", "No PC reports, so none was judged."),
    "screen": Text("Chưa gặp màn hình nào để xét.", "No screen was met to be judged."),
    "device": Text("Chưa gặp thiết bị nào để xét.", "No device was met to be judged."),
    "segment": Text("Chưa nghe thấy mạng nào để xét.", "No network was heard to be judged."),
    "segments": Text("Chưa có cặp mạng nào của người dân và cán bộ để xét.", "No pair of citizens' and staff networks to be judged."),
    "sensor": Text("Chưa khai báo bộ thu nào để xét.", "No sensor is declared to be judged."),
    "portal": Text("Chưa khai báo cổng nào để xét.", "No portal is declared to be judged."),
}

# What each matter is about: the subjects of the inspection reports of 2025, in the words above.
_ABOUT: Final[Mapping[int, tuple[Counted, ...]]] = {
    1: ("segment", "segments"), 2: ("screen",), 3: ("pc", "device"), 4: ("portal",), **dict.fromkeys(range(5, 13), ("pc",)), 13: ("pc", "segment"),
    14: ("pc", "sensor", "portal"),
}  # fmt: skip
# What an asset is in a matter whose rules do not ask PCs.
_ASSETS: Final[Mapping[int, Counted]] = {2: "screen", 14: "pc"}


def about_pcs(number: int) -> bool:
    """Whether the matter is about PCs: what only the network tells cannot clear a site of it."""
    return "pc" in _ABOUT.get(number, ())


def noun(kind: str, count: int) -> Text:
    """The word for so many; a kind of a newer version by its own name."""
    one, many = _NOUNS.get(kind, (Text(kind, kind), Text(kind, kind)))
    return one if count == 1 else many


def none_of(kind: str) -> Text:
    """The sentence that nothing of the kind was judged."""
    return _NONE.get(kind, Text(f"Chưa xét {noun(kind, 0).vi} nào.", f"No {noun(kind, 1).en} was judged."))


def by_kind(number: int, worst: Mapping[Subject, Outcome], verdicts: Iterable[Verdict], rules: Mapping[str, About]) -> dict[str, Counts]:
    """The counts of a row, apart for each kind of subject, in their order; `worst` is the answer on each subject."""
    kinds: dict[Subject, Counted] = {}
    for verdict in verdicts:
        kind = _of(number, verdict.subject.kind, rules[verdict.detector])
        kinds[verdict.subject] = min(kinds.get(verdict.subject, kind), kind, key=ORDER.index)
    found: dict[Counted, Counter[str]] = defaultdict(Counter)
    for subject, kind in kinds.items():
        found[kind][worst[subject].value] += 1
    return {kind: Counts(**found[kind]) for kind in ORDER if kind in found}


def unmet(number: int, met: Iterable[str], rules: Iterable[About]) -> tuple[Counted, ...]:
    """What the matter is about and its rules could judge, and of which nothing was met."""
    could = {_of(number, kind, about) for about in rules for kind in about.kinds}
    return tuple(kind for kind in _ABOUT.get(number, ()) if kind in could and kind not in set(met))


def units(counts: Mapping[str, Counts], outcome: str) -> Sequence[tuple[int, Text]]:
    """How many of what stand at an outcome, in the order of kinds; nothing for none."""
    found = ((kind, int(getattr(each, outcome))) for kind, each in counts.items())
    return [(count, noun(kind, count)) for kind, count in found if count]


def _of(number: int, kind: SubjectKind, about: About) -> Counted:
    if kind != "asset":
        return kind
    return "pc" if "endpoint" in about.needs else _ASSETS.get(number, "device")
