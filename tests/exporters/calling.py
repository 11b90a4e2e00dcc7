"""A sink's people with a clock that tests move, findings that stand as tests say, and messages kept in the order they came."""

from collections.abc import Callable
from pathlib import Path

from exporters import maintenance
from exporters.audience import AlertingOptions, Audience
from exporters.fold import Fold
from exporters.maintenance import Window, Windows
from exporters.manner import Manner
from exporters.message import Message, alert
from exporters.render import Place
from exporters.webhook_answer import Answer
from model.ledger import Change, Finding
from model.ports import OutboxRow
from model.text import Text
from model.times import HOUR
from model.verdict import Subject, Urgency
from tests.exporters.samples import AT, change, told

PLACE = Place(
    name="Xã A",
    page_url="https://vonggac.example",
    rules={"VG-NET-02": Text("Màn hình mở", "Open screen"), "VG-NET-03": Text("Màn hình bị chiếm", "Screen taken over")},
)


class House:
    """What a manner needs beside its options; `audience()` gives the people, each call as after a restart."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.now = AT
        self.stood: dict[str, Finding] = {}
        self.heard: list[Message] = []
        self.answer: Callable[[Message], Answer] = lambda message: Answer("accepted")
        self.reads = 0

    async def standing(self, finding):
        self.reads += 1
        known = self.stood.get(finding)
        return None if known is None else Change(step="opened", at=AT, finding=known)

    def options(self, **fields) -> AlertingOptions:
        given = {key: fields.pop(key) for key in ("urgencies", "min_severity", "detail") if key in fields}
        fields = {"group_wait": 0, **fields}
        manner = Manner(now=lambda: self.now, present=self, windows=Windows(self.folder / maintenance.NAME), **fields)
        return AlertingOptions(name="truc", told_file=self.folder / "told.json", place=PLACE, manner=manner, **given)

    def audience(self, **fields) -> Audience:
        return Audience(self.options(**fields))

    async def deliver(self, message: Message) -> Answer:
        answer = self.answer(message)
        if answer.outcome == "accepted":
            self.heard.append(message)
        return answer

    async def tell(self, people: Audience, *rows: OutboxRow):
        """What became of each row, in order."""
        for row in rows:
            self.stand(row.document.change.finding)
        return [receipt.outcome for receipt in await people.tell(rows, self.deliver)]

    def stand(self, finding: Finding):
        """The finding as it is in the journal now."""
        self.stood[finding.id] = finding

    def texts(self):
        return [alert(message, "vi", PLACE) for message in self.heard]

    def maintain(self, **fields):
        given = {"id": "bt1", "site": "xa-a", "begins": AT, "ends": AT + HOUR, "by": "Lan", "why": "thay mạng"}
        maintenance.write(self.folder / maintenance.NAME, [Window(**{**given, **fields})], AT)


def page(number, step="opened", **fields):
    """A row about what wakes people."""
    return row(number, step, urgency=Urgency.PAGE, **fields)


def row(number, step="opened", *, seq=None, of=None, **fields):
    """Row `number` about a subject of its own (`of`)."""
    subject = Subject("asset", f"a{of if of is not None else number}")
    at = fields.pop("at", AT)
    return told(seq or number, change(step, at, subject=subject, **{"name": f"TV-{number}", **fields}), at=at)


def finding_of(one: OutboxRow) -> Finding:
    return one.document.change.finding


def members(message: Message):
    """(row id, finding, step) of each change a message tells."""
    if isinstance(message.about, Fold):
        return [(one.row, one.finding, one.step) for one in message.about.members]
    return [(message.id, message.about.finding.id, message.about.step)]
