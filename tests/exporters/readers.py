"""A journal reader that says what a test gives it."""

from model.ports import CoreStatus, SinkStatus
from model.rows import Sensor, Sighting
from tests.exporters.samples import AT

SECOND = 1_000_000_000


def status(**fields):
    given = {
        "now": AT,
        "started": AT - 60 * SECOND,
        "facts": {"capture:lan": 120},
        "refused": {"capture:lan": 3},
        "assets": 2,
        "evicted": 0,
        "overflowed": 0,
        "queue": 5,
        "commits": 60,
        "commit_seconds": 0.5,
        "journal_bytes": 4096,
        "lost": {"posture": 7},
    }
    return CoreStatus(**{**given, **fields})


def sensor(name="capture:lan", **fields):
    given = {"leg": "lan", "seen": Sighting(AT - 60 * SECOND, AT), "vantage": "plain", "received": 1000, "dropped": 11, "undecodable": 2}
    return Sensor(sensor=name, **{**given, **fields})


class Reader:
    def __init__(self, *, changes=(), verdicts=(), sensors=None, sinks=None, core=None):
        self.changes, self.judged = list(changes), list(verdicts)
        self.sensors = [sensor()] if sensors is None else sensors
        self.standing = [SinkStatus(sink="webhook", waiting=4, oldest_at=AT - 90 * SECOND, dead=1, delivered=9)] if sinks is None else sinks
        self.core = core or status()
        self.reads = 0
        self.error: Exception | None = None

    async def findings(self, states=()):
        return self.changes

    async def verdicts(self):
        return self.judged

    async def rows(self):
        return self.sensors

    async def portals(self, ids=()):
        return []

    async def sinks(self):
        return self.standing

    async def status(self):
        self.reads += 1
        if self.error:
            raise self.error
        return self.core
