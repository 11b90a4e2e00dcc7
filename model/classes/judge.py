"""Which class an asset's signs agree on. Only agreeing signs of different sources make it sure, and no sign against a class is ever passed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from model.classes.kinds import DIRECT, LABELS, SOLID, UNKNOWN, Classification, Rule, Sign, Signal, Source
from model.classes.rules import RULES
from model.classes.signs import signs_of
from model.rows import Asset
from model.text import shown
from model.verdict import Evidence, EvidenceKind, Grade

# `likely` asks for this much in all, and this much more than the next best class has.
_LIKELY = 5
_CLEARLY = 2
_MAX_EVIDENCE = 12


def classify(asset: Asset) -> Classification:
    """The class of an asset, `unknown` when its signs do not agree or say too little. Same rows, same answer."""
    signals = met(signs_of(asset))
    return weigh(signals) if signals else Classification(name=asset.device_class or UNKNOWN)


def named(asset: Asset) -> str:
    """The name of the asset's class alone. It depends on what was said, not on when: for what is asked of every device at every turn."""
    return _named(tuple((sign.field, sign.text, sign.kind) for sign in signs_of(asset))) or asset.device_class or UNKNOWN


@lru_cache(maxsize=1024)
def _named(said: tuple[tuple[str, str, EvidenceKind], ...]) -> str:
    """Empty where no rule is met."""
    signals = met(Sign(field, text, kind, 0) for field, text, kind in said)
    return weigh(signals).name if signals else ""


def met(signs: Iterable[Sign]) -> list[Signal]:
    """The rules that the signs meet; a text said twice counts once, by its latest."""
    latest: dict[tuple[str, str, str], Sign] = {}
    for sign in signs:
        key = (sign.field, sign.text, sign.kind)
        if key not in latest or latest[key].at < sign.at:
            latest[key] = sign
    return [Signal(sign, rule) for sign in latest.values() for rule in matching(sign.field, sign.text)]


# The same few thousand texts come from every network: a memory of a pure function, bounded for the hostile ones.
@lru_cache(maxsize=8192)
def matching(field: str, text: str) -> tuple[Rule, ...]:
    """The rules of `field` that `text` meets."""
    return tuple(rule for rule in RULES.get(field, ()) if rule.compiled.search(text))


def weigh(signals: Sequence[Signal]) -> Classification:
    """The class on which the signals agree."""
    support = {name: _by_source(signals, name) for name in sorted({name for signal in signals for name, weight in signal.rule.says.items() if weight})}
    scores = sorted(((sum(sources.values()), name) for name, sources in support.items()), reverse=True)
    if not scores:
        return Classification()
    (best, name), next_best = scores[0], scores[1][0] if len(scores) > 1 else 0
    against = sum(_against(signals, name).values())
    if best < SOLID or best == next_best or against >= best:
        return Classification(evidence=_evidence(signals, "") if against or best == next_best else ())
    disputed = against > 0 or any(_disputed(signals, name, rival, score) for score, rival in scores[1:] if score >= SOLID)
    grade = Grade.INFERRED if disputed else _grade(support[name], best - next_best, _direct(signals, name))
    return Classification(name=name, grade=grade, evidence=_evidence(signals, name), kind=_kind(signals, name))


def _disputed(signals: Iterable[Signal], name: str, rival: str, score: int) -> bool:
    """Whether the class leads its rival only by signs that speak against the rival: without them the rival would have been the answer."""
    return sum(_by_source((signal for signal in signals if signal.rule.fits(rival)), name).values()) < score


def _grade(support: Mapping[Source, int], margin: int, direct: bool) -> Grade:
    if direct and margin >= _CLEARLY:
        return Grade.CONFIRMED
    if len(support) > 1 and sum(support.values()) >= _LIKELY and margin >= _CLEARLY:
        return Grade.LIKELY
    return Grade.INFERRED


def _direct(signals: Iterable[Signal], name: str) -> bool:
    return any(signal.weighs(name) >= DIRECT for signal in signals)


def _by_source(signals: Iterable[Signal], name: str) -> dict[Source, int]:
    """The strongest word of each source for the class."""
    found: dict[Source, int] = {}
    for signal in signals:
        if weight := signal.weighs(name):
            found[signal.source] = max(found.get(signal.source, 0), weight)
    return found


def _against(signals: Iterable[Signal], name: str) -> dict[Source, int]:
    """The strongest word of each source that leaves no room for the class."""
    found: dict[Source, int] = {}
    for signal in signals:
        if not signal.rule.fits(name):
            found[signal.source] = max(found.get(signal.source, 0), signal.rule.weight)
    return found


def _kind(signals: Iterable[Signal], name: str) -> str:
    told = [(signal.weighs(name), signal.rule.kind) for signal in signals if signal.rule.kind and signal.weighs(name)]
    return max(told)[1] if told else ""


def _evidence(signals: Iterable[Signal], name: str) -> tuple[Evidence, ...]:
    """Signs for the class, strongest first, then those against it; each text once. Without a class, all that say something."""
    lines: dict[tuple[str, str], tuple[int, Evidence]] = {}
    for signal in signals:
        weight, fits = signal.weighs(name) if name else signal.rule.weight, signal.rule.fits(name) or not name
        if not weight and fits:
            continue
        told = name if weight and name else ", ".join(sorted(c for c, w in signal.rule.says.items() if w == signal.rule.weight))
        text = f"{'' if fits else '≠ '}{LABELS.get(signal.sign.field, '')}{shown(signal.sign.text)} → {told}"
        rank = weight if fits else -signal.rule.weight
        known = lines.get((signal.sign.kind, text))
        if known is None or known[0] < rank:
            lines[signal.sign.kind, text] = rank, Evidence(signal.sign.kind, text, signal.sign.at)
    ordered = sorted(lines.values(), key=lambda line: (-line[0], line[1].kind, line[1].value))
    return tuple(evidence for _, evidence in ordered[:_MAX_EVIDENCE])


__all__ = ["UNKNOWN", "classify", "met", "named", "weigh"]
