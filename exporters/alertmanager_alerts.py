"""What Alertmanager is to hold of our findings: alerts made of changes, and the memory from which they are sent again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import UNSET, UnsetType

from exporters.audience import Detail, damaged
from exporters.durable import write_whole
from exporters.render import FINDING_PATH, Place, alert, brief, calm, title
from exporters.sink import OptionsError
from model.ledger import Change, Finding
from model.text import Language, Text
from model.times import MINUTE, rfc3339
from model.verdict import Severity, Urgency

# Prometheus says an end again for so long: an Alertmanager whose clock is behind ours takes it for one to come until then.
ENDED_KEPT = 15 * MINUTE

_MOVED = Text("Phát hiện nghiêm trọng hơn: xem cảnh báo mới cùng mã. Chưa hết.", "The finding became worse: see the new alert of this code. It is not over.")
_WAKES = (Urgency.REPORT, Urgency.TICKET, Urgency.PAGE)


class Alert(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One `postableAlert` of the API v2. `generator_url` is the address of the page, where one is known."""

    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: str
    ends_at: str
    generator_url: str | UnsetType = msgspec.field(default=UNSET, name="generatorURL")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as Alertmanager knows it by its labels. `starts` and `ends` in ns; `ends` is 0 while it is open."""

    labels: dict[str, str]
    annotations: dict[str, str]
    starts: int
    ends: int = 0
    url: str = ""

    def alert(self, now: int, hold: int) -> Alert:
        """The alert as it is sent at `now`; an open one holds for `hold` ns without another word from us."""
        ends = max(self.ends, self.starts) if self.ends else max(now, self.starts) + hold
        return Alert(
            labels=self.labels,
            annotations=self.annotations,
            starts_at=rfc3339(self.starts),
            ends_at=rfc3339(ends),
            generator_url=self.url or UNSET,
        )


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What one change means: the alerts to send now, the one that stands then (None: none), those whose end is said again for a while."""

    finding: str
    said: tuple[Standing, ...]
    standing: Standing | None
    ended: tuple[Standing, ...] = ()


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts are put into words."""

    detail: Detail
    language: Language
    place: Place

    def standing(self, change: Change, note: Text | None = None) -> Standing:
        """The alert that a change's finding stands for now; `note`: why it comes now."""
        finding = change.finding
        page = self.place.page_url.rstrip("/")
        return Standing(
            labels=_labels(finding), annotations=self._annotations(change, note), starts=finding.opened, url=f"{page}{FINDING_PATH}{finding.id}" if page else ""
        )

    def worse(self, old: Standing, at: int) -> Standing:
        """The end of an alert that goes on under other labels; it says so."""
        return msgspec.structs.replace(old, annotations={**old.annotations, "summary": _MOVED.to(self.language)}, ends=at)

    def _annotations(self, change: Change, note: Text | None) -> dict[str, str]:
        said = (change, self.language, self.place, note)
        if self.detail == "id_only":
            return {"summary": calm(brief(*said))}
        return {"summary": calm(title(*said)), "description": calm(alert(*said))}


class Memory(msgspec.Struct, kw_only=True):
    """What Alertmanager was told: the open alerts by finding, and those whose end it may not have taken in yet."""

    open: dict[str, Standing] = {}
    ended: list[Standing] = []

    def plan(self, change: Change, wording: Wording, note: Text | None = None) -> Plan:
        """What a change means to an Alertmanager that was told this much."""
        finding, now = change.finding, wording.standing(change, note)
        old = self.open.get(finding.id)
        if old is not None and (change.step in ("resolved", "lapsed") or not _worse(now, old)):
            # Labels are what Alertmanager knows an alert by: it keeps those under which it was sent, unless the finding grew.
            now = msgspec.structs.replace(now, labels=old.labels)
        if change.step == "resolved":
            over = msgspec.structs.replace(now, ends=change.at)
            return Plan(finding=finding.id, said=(over,), standing=None, ended=(over,))
        if change.step == "lapsed":
            # Nobody sees it any more, which is no end: it stands in Alertmanager until its time runs out, and says so.
            return Plan(finding=finding.id, said=(now,), standing=None)
        ended = (wording.worse(old, change.at),) if old is not None and old.labels != now.labels else ()
        return Plan(finding=finding.id, said=(*ended, now), standing=now, ended=ended)

    def apply(self, plan: Plan) -> None:
        """Alertmanager took the alerts of `plan`."""
        standing = plan.standing
        if standing is None:
            self.open.pop(plan.finding, None)
        else:
            self.open[plan.finding] = standing
            # Its former end, said again, would now end it anew.
            self.ended = [one for one in self.ended if one.labels != standing.labels]
        self.ended.extend(plan.ended)

    def told(self, now: int) -> Sequence[Standing]:
        """All that has to be said again, ends first."""
        self.ended = [one for one in self.ended if now < one.ends + ENDED_KEPT]
        return [*self.ended, *self.open.values()]


_decode = msgspec.json.Decoder(Memory).decode


class MemoryFile:
    """A memory kept in a file, written whole when it changed."""

    def __init__(self, path: Path) -> None:
        """Reads `path`; a missing file is an empty memory. Raises OptionsError."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._saved = path.read_bytes() if path.exists() else b""
            self.memory = _decode(self._saved) if self._saved else Memory()
        except OSError as error:
            raise OptionsError(Text(f"Không đọc được tệp {path}: {error.strerror}.", f"File {path} cannot be read: {error.strerror}.")) from None
        except ValueError:
            raise damaged(path) from None

    def save(self) -> None:
        """Makes the memory durable. Raises OSError."""
        content = msgspec.json.encode(self.memory)
        if content != self._saved:
            write_whole(self._path, content)
            self._saved = content


def _labels(finding: Finding) -> dict[str, str]:
    """Closed sets all: rules, sites, degrees, and the finding's own code. No name, no address."""
    return {
        "alertname": finding.detector,
        "service": "vonggac",
        "site": finding.site,
        "severity": finding.severity.value,
        "urgency": finding.urgency.value,
        "finding": finding.id,
    }


def _worse(now: Standing, old: Standing) -> bool:
    def degree(one: Standing) -> tuple[int, int]:
        return Severity(one.labels["severity"]).rank, _WAKES.index(Urgency(one.labels["urgency"]))

    return any(n > o for n, o in zip(degree(now), degree(old), strict=True))
