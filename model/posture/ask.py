"""Questions of the rules to what PCs told: the newest good answer, how old it is, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from model.endpointfacts import Source, Trouble
from model.posture.rows import PcRow
from model.posture.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.site import SiteView

T = TypeVar("T", bound=Told)


class Seen(NamedTuple, Generic[T]):
    """A good answer: what, when the PC gave it (ns), how it came. `trouble`: asked again since, and it failed so."""

    told: T
    at: int
    source: Source
    trouble: Trouble | None


def pcs(view: SiteView, asset: str) -> list[PcRow]:
    """The enrolled PCs that this asset is: one, or several where a PC was enrolled anew."""
    return sorted((view.posture.pc[name] for name in view.posture.by_asset.get(asset, ())), key=lambda row: (-row.seen.last, row.id))


def assets_of_pcs(view: SiteView) -> Iterable[str]:
    """Every asset that is an enrolled PC."""
    return sorted(view.posture.by_asset)


def latest(view: SiteView, asset: str, kind: type[T]) -> Seen[T] | None:
    """The newest good answer of this kind; None when the PC never gave one."""
    name = kind.__struct_config__.tag
    found: list[Seen[T]] = []
    for row in pcs(view, asset):
        topic = row.topics.get(str(name))
        if topic is None or topic.answer is None or not isinstance(topic.answer.value.told, kind):
            continue
        since = topic.trouble.value if topic.trouble is not None and topic.trouble.stamp > topic.answer.stamp else None
        found.append(Seen(topic.answer.value.told, topic.answer.stamp.at, topic.answer.value.source, since))
    return max(found, key=lambda seen: seen.at, default=None)


def trouble(view: SiteView, asset: str, kind: type[Told]) -> Trouble | None:
    """Why the newest question of this kind brought no answer; None when it was never asked or was answered."""
    name = str(kind.__struct_config__.tag)
    held = [topic.trouble for row in pcs(view, asset) if (topic := row.topics.get(name)) is not None and topic.trouble is not None]
    return max(held, key=lambda each: each.stamp).value if held else None
