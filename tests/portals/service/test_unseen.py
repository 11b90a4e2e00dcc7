"""A portal whose name nobody can resolve: unknown from the first look on, a finding about coverage after two periods, never clear."""

import itertools

from collector.engine import Engine
from collector.registry import build_all
from collector.sensors.portals.eyes import Keeper, VisitorEyes
from collector.sensors.portals.memory import Memory
from collector.sensors.portals.resolver import DnsResolver
from collector.sensors.portals.rounds import Manner, Round
from collector.sensors.portals.visitor import Visitor
from model.declared import Declared
from model.portals.declared import Portal
from model.portals.policy import Policy
from model.site import SiteView
from model.times import HOUR, SECOND
from model.verdict import Outcome

START = 1_760_000_000 * SECOND
XA = Portal(id="xa-a", url="https://xa-a.tinh.test/")


class SetClock:
    def __init__(self):
        self.at = START

    def now(self):
        return self.at

    def monotonic(self):
        return self.at / SECOND


class Core:
    """Judges as core does."""

    def __init__(self, declared):
        self.engine = Engine(SiteView(declared, now=START), build_all())

    def put(self, facts):
        for fact in facts:
            self.engine.tick(fact.at)
            self.engine.take(fact)
        return len(facts)

    def outcomes(self, detector):
        return {verdict.outcome for (name, subject), verdict in self.engine.verdicts.items() if name.startswith(detector) and subject.id == XA.id}

    def findings(self):
        return [(finding.detector, finding.subject.id) for finding in self.engine.findings.values() if finding.state == "open"]


async def no_files(portal, memory):
    return (), 0


async def test_a_portal_that_cannot_be_resolved_is_never_clear_and_is_missed_after_two_periods():
    clock, declared = SetClock(), Declared(site="s", portals=(XA,))
    core, tokens, memory = Core(declared), itertools.count(), Memory(portal=XA.id)
    # Where nobody listens: refused at once, on this machine.
    async with Visitor(DnsResolver("127.0.0.1", 9), clock, gap=0.0) as visitor:
        rounds = Round(
            VisitorEyes(visitor, Policy(declared), Keeper(None)),
            core,
            clock,
            Manner(),
            files=no_files,
            personas=lambda _: ("desktop", "mobile", "search_google"),
            token=lambda: str(next(tokens)),
        )
        for hour in range(0, 18, 6):
            await rounds.make(XA, memory)
            assert core.outcomes("VG-WEB") == {Outcome.UNKNOWN}
            assert bool(core.findings()) == (hour > 12), core.findings()
            clock.at += 6 * HOUR
            core.engine.tick(clock.at)
    assert core.findings() == [("VG-COV-01", XA.id)]
    assert core.outcomes("VG-COV") == {Outcome.VIOLATION}
    assert core.outcomes("VG-WEB") == {Outcome.UNKNOWN}
