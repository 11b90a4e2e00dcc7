"""What a detector is: one frozen dataclass, its options as fields, `about` its metadata, `judge` its rule."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from model.text import Text
from model.times import DAY
from model.verdict import Evidence, Grade, Outcome, Subject, SubjectKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from model.site import SiteView

Need = Literal["multicast", "mirror", "probe", "radio", "endpoint", "declared"]


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """When a finding ends (findings.md): `clears` clear verdicts at least `over` ns apart in all; only `by_person` where a human must say so.

    Unseen for `lapse` ns while its leg was watched, the finding lapses: a state of its own, never told as resolved.
    """

    rule: Text
    clears: int = 1
    over: int = 0
    lapse: int = 30 * DAY
    by_person: bool = False


class About(msgspec.Struct, frozen=True, kw_only=True):
    """A detector's metadata. `id` is for ever; `version` rises when its rule changes; `hold_off` is how long a violation must last to open."""

    id: str
    findings: tuple[int, ...]
    title: Text
    kinds: tuple[SubjectKind, ...]
    needs: tuple[Need, ...]
    closing: Closing
    version: int = 1
    hold_off: int = 0
    update_hold: int = 10 * 60 * 1_000_000_000
    attack: tuple[str, ...] = ()


class Detector(ABC):
    """Judges subjects of its `about.kinds`; pure: same view and subject, same verdict."""

    about: ClassVar[About]

    @abstractmethod
    def subjects(self, view: SiteView) -> Iterable[Subject]:
        """Every subject of `view` this rule speaks about."""

    @abstractmethod
    def judge(self, view: SiteView, subject: Subject) -> Verdict | None:
        """What is true of `subject` now; None when the rule does not speak about it."""

    def verdict(
        self, subject: Subject, outcome: Outcome, said: Text, *, evidence: tuple[Evidence, ...] = (), grade: Grade = Grade.INFERRED,
        reason: Text | None = None, unseen: int = 0, recheck_at: int | None = None,
    ) -> Verdict:  # fmt: skip
        """A verdict that is no violation, under the rule's own title."""
        return Verdict(
            detector=self.about.id,
            subject=subject,
            outcome=outcome,
            grade=grade,
            title=self.about.title,
            summary=said,
            reason=reason,
            evidence=evidence,
            unseen=unseen,
            recheck_at=recheck_at,
        )
