"""A journal reader that says what a test gives it."""

from model.ports import CoreStatus, Judging, SinkStatus
from model.posture.rows import TakenRow
from model.rows import Held, Sensor, Sighting, Stamp
from model.wire.proof import ProofRow, Run
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
        "judging": {"VG-NET-02": Judging(40, 0.5), "VG-NET-06": Judging()},
    }
    return CoreStatus(**{**given, **fields})


def sensor(name="capture:lan", **fields):
    given = {
        "leg": "lan",
        "seen": Sighting(AT - 60 * SECOND, AT),
        "vantage": "plain",
        "received": 1000,
        "dropped": 11,
        "undecodable": 2,
        "flows": 700,
        "flows_dropped": 3,
        "flows_cut": 1,
    }
    return Sensor(sensor=name, **{**given, **fields})


def probed(leg="lan", **outcomes):
    """A leg's last probes: `kind="outcome"`, or `kind__target="outcome"`; each ran a minute before AT, and failed before that."""
    runs = {kind.replace("__", ">") if "__" in kind else f"{kind}>": [_run("failed", 3600), _run(outcome, 60)] for kind, outcome in outcomes.items()}
    return ProofRow(id=leg, seen=Sighting(AT - 3600 * SECOND, AT), runs=runs)


def counted(**counts):
    """What the server of the PCs counted; `refused__store` stands for `refused.store`."""
    return TakenRow(
        id="endpoints", site="xa", sequence=7, counts=Held({name.replace("__", "."): n for name, n in counts.items()}, Stamp(0, AT, "endpoints", 1))
    )


def _run(outcome, ago):
    return Run(stamp=Stamp(0, AT - ago * SECOND, "probe", 1), outcome=outcome)


class Reader:
    def __init__(self, *, changes=(), verdicts=(), sensors=None, sinks=None, core=None):
        self.changes, self.judged = list(changes), list(verdicts)
        self.sensors = [sensor()] if sensors is None else sensors
        self.standing = [SinkStatus(sink="webhook", waiting=4, oldest_at=AT - 90 * SECOND, dead=1, delivered=9, held=2)] if sinks is None else sinks
        self.core = core or status()
        self.reads = 0
        self.error: Exception | None = None

    async def findings(self, states=()):
        return self.changes

    async def verdicts(self, site=""):
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
