"""Seconds from what happened to its delivery: from the tallies of this process, or from the metrics of the one that delivers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from exporters.tally import BUCKETS
from model.inspection.document import Delivered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exporters.tally import Tally

_FAMILY = "vonggac_delivery_seconds"


def of_tallies(tallies: Iterable[Tally]) -> list[Delivered]:
    """One line a sink that was given anything."""
    return [_line(tally.sink, tally.buckets, tally.seconds) for tally in tallies if sum(tally.buckets)]


def of_metrics(page: str) -> list[Delivered]:
    """The same from a page of metrics; nothing from a page that is none."""
    from prometheus_client.parser import text_string_to_metric_families  # noqa: PLC0415 - for the command alone

    buckets: dict[str, list[tuple[float, int]]] = defaultdict(list)
    sums: dict[str, float] = {}
    try:
        for family in text_string_to_metric_families(page):
            for sample in family.samples if family.name == _FAMILY else ():
                sink = sample.labels.get("sink", "")
                if sample.name == f"{_FAMILY}_bucket":
                    buckets[sink].append((float(sample.labels["le"]), int(sample.value)))
                elif sample.name == f"{_FAMILY}_sum":
                    sums[sink] = sample.value
    except (ValueError, KeyError):
        return []
    lines = ((sink, _apart([count for _, count in sorted(found)]), sums.get(sink, 0.0)) for sink, found in sorted(buckets.items()))
    return [_line(*line) for line in lines if sum(line[1])]


def _apart(cumulated: Sequence[int]) -> list[int]:
    return [count - before for before, count in zip((0, *cumulated), cumulated, strict=False)]


def _line(sink: str, buckets: Sequence[int], seconds: float) -> Delivered:
    count = sum(buckets)
    return Delivered(sink=sink, count=count, mean=round(seconds / count, 2), half=_within(buckets, 0.5), most=_within(buckets, 0.95))


def _within(buckets: Sequence[int], share: float) -> float | None:
    """The bound within which so many were delivered; None: beyond every bound."""
    wanted, found = share * sum(buckets), 0
    for bound, count in zip(BUCKETS, buckets, strict=False):
        found += count
        if found >= wanted:
            return bound
    return None
