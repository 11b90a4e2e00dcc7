"""The four protocols by which processes meet core (architecture §1): put facts, deliver the outbox, read the journal, act.

The same protocols hold in one process (`vonggac run`) and over core's Unix sockets; one contract test covers both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from model.acts import Act
from model.facts import AnyFact
from model.ledger import Change, Finding
from model.portals.figures import PortalFigures
from model.portals.rows import FeedRow, PortalRow
from model.posture.plugged import PluggedRow
from model.posture.rows import PcRow, TakenRow
from model.rows import Asset, Episode, Leg, Segment, Sensor
from model.verdict import Verdict
from model.wire.proof import ProofRow

Stream = Literal["finding", "posture", "health", "observation"]
Outcome = Literal["accepted", "rejected", "retry", "later"]
# What keeps a destination from taking anything and only a person puts right: it refuses our login, or its certificate cannot be trusted.
Trouble = Literal["", "login", "certificate"]
# Rows of the view that are few: assets and portals are asked for by themselves.
OtherRow = Segment | Leg | Sensor | Episode | FeedRow | ProofRow | TakenRow | PluggedRow


class Posture(msgspec.Struct, frozen=True, kw_only=True, tag="posture", tag_field="document"):
    """The latest verdict of one detector on one subject, sent on change and once a day: the report's four counts come from it."""

    site: str
    at: int
    findings: tuple[int, ...]
    verdict: Verdict


class Health(msgspec.Struct, frozen=True, kw_only=True, tag="health", tag_field="document"):
    """A box's heartbeat: what is queued, lost and watched. Also the gap document: `lost` rows of a stream were given up since the journal began.

    Counted from the beginning, so that a heartbeat that is itself lost takes no count with it: what two of them differ by was given up between them.
    """

    site: str
    at: int
    box: str
    queued: int
    oldest_at: int
    lost: dict[str, int] = {}
    sensors: tuple[Sensor, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True, tag="change", tag_field="document"):
    """A finding's change, as a document."""

    change: Change


class Observed(msgspec.Struct, frozen=True, kw_only=True, tag="observed", tag_field="document"):
    """One row of a site's view as the journal holds it (veiled, rule 11), for the province's page: sent when it changed and once a day.

    `kind` and `id` are the journal's own for rows of the view; `row` is the row's JSON, empty where it is `gone` from the view.
    """

    site: str
    at: int
    kind: str
    id: str
    row: str = ""
    gone: bool = False


Document = Told | Posture | Health | Observed


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A document as core signed it (`model.fleet.signed`): `payload` is its JSON, `signature` and `key` base64url and hex; `epoch` of the journal."""

    payload: str
    signature: str
    key: str
    epoch: int
    sequence: int


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One document waiting for a sink. `id` was made when it was queued and is the same for every attempt and sink; `at` in ns.

    `signed` is there for sinks whose receiver checks who wrote.
    """

    seq: int
    id: str
    stream: Stream
    at: int
    document: Document
    attempts: int = 0
    signed: Signed | None = None


class Receipt(msgspec.Struct, frozen=True):
    """A sink's answer for one row: delivered, never deliverable (why), try again (not before `after` ns from now, when the server said so), or `later`.

    `later`: nothing is wrong, the sink itself wants the row in `after` ns; that is no failed attempt, and holds up no row of another finding.
    """

    seq: int
    outcome: Outcome
    reason: str = ""
    after: int = 0
    trouble: Trouble = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a finding's change at one sink: of the change at `occurred` the sink said `outcome` at `at` (ns), for `reason`.

    `waiting` and `later`: not answered yet, tried `attempts` times; `unknown`: the sink takes findings, and of this one nothing is written down.
    """

    sink: str
    outcome: Literal["accepted", "rejected", "waiting", "later", "unknown"]
    occurred: int = 0
    at: int = 0
    attempts: int = 0
    reason: str = ""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A row a sink refused for ever, with its reason."""

    sink: str
    row: OutboxRow
    reason: str
    at: int


class SinkStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a sink stands: rows not yet delivered, when the oldest happened (ns), dead letters, last error; `held`: rows it wants later, not among `waiting`."""

    sink: str
    waiting: int
    oldest_at: int
    dead: int
    delivered: int
    last_error: str = ""
    held: int = 0


class Judging(msgspec.Struct):
    """How often a detector judged a subject since core began, and the seconds that took."""

    times: int = 0
    seconds: float = 0.0


class CoreStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Core's own figures, for the page and the metrics. `portals`: None where none are declared; `judging` by detector."""

    now: int
    started: int
    facts: dict[str, int]
    refused: dict[str, int]
    assets: int
    evicted: int
    overflowed: int
    queue: int
    commits: int
    commit_seconds: float
    journal_bytes: int
    lost: dict[str, int]
    late_ticks: int = 0
    portals: PortalFigures | None = None
    judging: dict[str, Judging] = {}


class FactSink(Protocol):
    """Where sensors put facts."""

    def put(self, facts: Sequence[AnyFact]) -> int:
        """Queues facts, never blocks; how many fitted into the sensor's share. The rest is counted as refused."""


class Outbox(Protocol):
    """Where sinks take documents from. Each sink has a cursor of its own, by name."""

    async def register(self, sink: str, streams: Sequence[Stream]) -> None:
        """The sink exists and wants these streams from now on; a known sink keeps its cursor."""

    async def lease(self, sink: str, limit: int, wait: float) -> Sequence[OutboxRow]:
        """Undelivered rows of the sink, findings first, oldest first; waits up to `wait` seconds for the first."""

    async def acknowledge(self, sink: str, receipts: Sequence[Receipt]) -> None:
        """Takes the sink's answers: accepted rows are done, rejected go to the dead letters, retry and later stay."""

    async def replay(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Gives the sink the dead letters with these row ids again, all of its unless told; how many. A finding's go together, what stands now after them."""

    async def purge(self, sink: str, rows: Sequence[str] = ()) -> int:
        """Throws those dead letters away; how many."""


class JournalReader(Protocol):
    """What may be read, by the page, the metrics and the commands."""

    async def findings(self, states: Sequence[str] = ()) -> Sequence[Change]:
        """Findings as they stand, each in its latest change; all states but `pending` unless told."""

    async def standing(self, finding: str) -> Change | None:
        """One finding as it stands, in its latest change; None for one that is not known, or pending."""

    async def history(self, finding: str) -> Sequence[Change]:
        """The changes of one finding, oldest first."""

    async def deliveries(self, finding: str) -> Sequence[Delivery]:
        """What became of one finding's changes at each sink that takes findings, the latest first; one `unknown` for a sink that left no trace."""

    async def verdicts(self, site: str = "") -> Sequence[Verdict]:
        """The latest verdict of every detector on every subject, of one site where told."""

    async def assets(self) -> Sequence[Asset]:
        """All assets."""

    async def rows(self) -> Sequence[OtherRow]:
        """The other rows of the view."""

    async def portals(self, ids: Sequence[str] = ()) -> Sequence[PortalRow]:
        """Portals by their ids, all of them unless told; a province has thousands."""

    async def pcs(self) -> Sequence[PcRow]:
        """The PCs that reported, with their last answers."""

    async def taken(self, sensor: str) -> Sequence[TakenRow]:
        """How far core has written down the facts of a sensor that keeps them until then, one row a site."""

    async def sinks(self) -> Sequence[SinkStatus]:
        """How each sink stands."""

    async def dead_letters(self, sink: str = "") -> Sequence[DeadLetter]:
        """Rows given up, newest first."""

    async def status(self) -> CoreStatus:
        """Core's own figures."""

    async def wait(self, version: int, wait: float) -> int:
        """The journal's version, as soon as it is not `version` or after `wait` seconds: for pages that are live."""


class Declaring(Protocol):
    """Where a bundle of declared data that the province signed is handed to; core alone verifies it and puts it in place."""

    async def declare(self, bundle: bytes) -> int:
        """Takes the bundle; its version, that of before where it brings nothing new. Raises ActRefusedError."""


class Acts(Protocol):
    """What people may do."""

    async def act(self, act: Act) -> Finding:
        """Carries out an act and journals it. Raises ActRefusedError."""
