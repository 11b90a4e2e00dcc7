"""A site with enrolled PCs that answer, under one rule: what it says, and how its finding lives. Time moves by `waits` alone."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import msgspec

from collector.engine import Engine
from model.declared import Declared, Enrolled
from model.detector import Detector
from model.endpointfacts import PcAnswered, PcHeard, Source, Trouble
from model.posture.told import Told
from model.restored import restore, row_of
from model.site import SiteView
from model.text import Text
from model.times import SECOND, VIETNAM
from model.verdict import Outcome, Subject, Verdict

_numbers = itertools.count(1)
PC = "pc-01"
VIOLATION, CLEAR, UNKNOWN, NOT_APPLICABLE = Outcome.VIOLATION, Outcome.CLEAR, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def at(text: str) -> int:
    """`2026-06-19 16:00` in Viet Nam."""
    return int(datetime.fromisoformat(text).replace(tzinfo=VIETNAM).timestamp()) * SECOND


MONDAY = at("2026-06-22 08:00")


def answered(told: Told, when: int, pc: str = PC, source: Source = "osquery") -> PcAnswered:
    return PcAnswered(
        at=when, sensor="endpoints", sequence=next(_numbers), pc=pc, topic=str(told.__struct_config__.tag), answered=when, told=told, source=source
    )


class Office:
    """The engine of one site with one rule."""

    def __init__(self, rule: Detector, now: int = MONDAY, use: str = "office", enrolled: tuple[Enrolled, ...] | None = None, **declared: Any) -> None:
        pcs = (Enrolled(id=PC, name="Máy quầy 1", use=use),) if enrolled is None else enrolled  # type: ignore[arg-type]
        self.rule = rule
        self._begin(SiteView(Declared(site="xa", legs=("lan",), enrolled=pcs, **declared), key=b"k" * 32, now=now))

    def _begin(self, view: SiteView) -> None:
        self.view = view
        self.engine = Engine(view, [self.rule])
        self.engine.tick(view.now)

    @property
    def asset(self) -> str:
        return self.view.posture.pc[PC].asset

    def says(self, *told: Told, pc: str = PC, source: Source = "osquery", ago: int = 0) -> None:
        """The PC answers now, or did `ago` ns before."""
        for each in told:
            self.takes(answered(each, self.view.now - ago, pc, source))

    def fails(self, kind: type[Told], trouble: Trouble) -> None:
        topic = str(kind.__struct_config__.tag)
        self.takes(PcAnswered(at=self.view.now, sensor="endpoints", sequence=next(_numbers), pc=PC, topic=topic, answered=self.view.now, trouble=trouble))

    def checks_in(self, pc: str = PC) -> None:
        self.takes(PcHeard(at=self.view.now, sensor="endpoints", sequence=next(_numbers), pc=pc))

    def takes(self, fact: Any) -> None:
        self.engine.take(fact)

    def waits(self, span: int) -> None:
        self.engine.tick(self.view.now + span)

    def declares(self, by: str = "Lan", **fields: Any) -> None:
        self.engine.declare(msgspec.structs.replace(self.view.declared, edited_by=by, **fields))

    def verdict(self, asset: str = "") -> Verdict:
        judged = self.rule.judge(self.view, Subject("asset", asset or self.asset))
        assert judged is not None
        return judged

    def outcome(self) -> Outcome:
        return self.verdict().outcome

    def state(self) -> dict[str, str]:
        return dict(self.verdict().state)

    def steps(self) -> list[str]:
        """What was told of findings since the last look, and by what cause."""
        return [f"{change.step}:{change.cause.kind}" for change in self.engine.taken_news().changes]

    def restarts(self) -> None:
        """The process ends and begins again: all it has is what the journal held."""
        rows = [row_of(self.view, kind, name) for kind, name in sorted(self.view.dirty)]
        written = [msgspec.json.decode(msgspec.json.encode(row), type=type(row)) for row in rows]
        findings, verdicts = list(self.engine.findings.values()), list(self.engine.verdicts.values())
        fresh = SiteView(self.view.declared, key=self.view.key, now=self.view.now)
        restore(fresh, written)
        self._begin(fresh)
        self.engine.restore(findings, verdicts)
        self.engine.review_after_start()


def reads_well(verdict: Verdict) -> None:
    """Every sentence is one an officer can read, in both languages: one line, no value of a program's own, ended once."""
    texts = [verdict.title, verdict.summary, *verdict.remedy, *([verdict.reason] if verdict.reason else [])]
    for text in texts:
        for said in (text.vi, text.en):
            assert said.strip() == said
            assert "\n" not in said
            assert not any(sign in said for sign in ("None", "True", "False", "{", "}", "..", " .", " ,", ",,")), said
            assert len(said) < 400
    assert all(text.vi != text.en for text in texts if isinstance(text, Text))
    assert verdict.summary.vi.endswith(".")
