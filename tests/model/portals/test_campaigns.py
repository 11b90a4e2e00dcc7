"""One alert a campaign: who leads, who is listed, who follows, and what it costs."""

from __future__ import annotations

import msgspec
import pytest

from model.portals.campaigns import Campaigns, Entry, Member
from model.portals.declared import Destination, Portal
from model.restored import restore
from model.site import SiteView
from model.times import DAY, HOUR, MINUTE
from model.verdict import Subject, Urgency
from tests.model.making import AT
from tests.model.portals.making import EVIL, MIRROR, Eyes, engine_of, known, selling, stands, take, told, view_of
from tests.model.steps import work

NAMES = tuple(f"xa-{n:02}" for n in range(6))


def host(name: str) -> str:
    return f"{name}.example.gov.vn"


def portals(names=NAMES, **fields) -> list[Portal]:
    return [Portal(id=name, url=f"https://{host(name)}/", **fields) for name in names]


def infected(name: str, after: int, target: str = EVIL, **fields):
    """Seen twice: confirmed. Each portal has a server of its own."""
    eyes = Eyes(name, host(name))
    looks = [eyes.sent("mobile", after + n * 2 * MINUTE, target, **fields) for n in (0, 1)]
    number = int(name.rpartition("-")[2])
    return [msgspec.structs.replace(look, hops=tuple(msgspec.structs.replace(hop, address=f"45.1.1.{number}") for hop in look.hops)) for look in looks]


def urgencies(engine, detector: str = "VG-WEB-01") -> dict[str, str]:
    return {name: engine.findings[detector, Subject("portal", name)].urgency.value for name in NAMES if (detector, Subject("portal", name)) in engine.findings}


def outbreak(targets, **fields):
    engine = engine_of(known(*portals(**fields)))
    for n, target in enumerate(targets):
        take(engine, infected(NAMES[n], n * HOUR, target))
    return engine


def test_portals_that_lead_to_one_target_are_one_alert():
    engine = outbreak([EVIL, EVIL, EVIL])
    assert urgencies(engine) == {NAMES[0]: "page", NAMES[1]: "report", NAMES[2]: "report"}
    lead = engine.verdicts["VG-WEB-01", Subject("portal", NAMES[0])]
    assert "Cùng chiến dịch: 2 cổng khác (xa-01, xa-02" in lead.summary.vi
    assert dict(lead.state)["campaign"] == "3 portals"
    follower = engine.verdicts["VG-WEB-01", Subject("portal", NAMES[2])]
    assert "Thuộc chiến dịch 3 cổng, đã báo ở “xa-00” (VG-WEB-01)" in follower.summary.vi
    assert follower.severity.value == "critical", "how bad it is does not depend on who was told"


def test_only_one_page_is_ever_sent_for_a_campaign_and_the_list_follows():
    engine = outbreak([EVIL] * 5)
    paged = [change for change in engine.news.changes if change.finding.urgency is Urgency.PAGE]
    assert {change.finding.subject.id for change in paged} == {NAMES[0]}
    assert "4 cổng khác" in engine.findings["VG-WEB-01", Subject("portal", NAMES[0])].summary.vi


@pytest.mark.parametrize("second", [MIRROR, "m9.nova12.test", f"x.{EVIL}"])
def test_numbered_mirrors_of_one_brand_are_one_campaign(second):
    assert urgencies(outbreak([EVIL, second])) == {NAMES[0]: "page", NAMES[1]: "report"}


def test_different_targets_of_different_vendors_are_different_alerts():
    assert set(urgencies(outbreak([EVIL, "other99.test"])).values()) == {"page"}


def test_one_vendor_is_one_campaign_whatever_the_target():
    assert urgencies(outbreak([EVIL, "other99.test"], vendor="Công ty A")) == {NAMES[0]: "page", NAMES[1]: "report"}


def test_neighbours_on_one_server_are_one_campaign():
    engine = engine_of(known(*portals()))
    for n in (0, 1):
        eyes = Eyes(NAMES[n], host(NAMES[n]))
        looks = [eyes.sent("mobile", n * HOUR + m * 2 * MINUTE, f"other{n}.test") for m in (0, 1)]
        take(engine, [msgspec.structs.replace(look, hops=(msgspec.structs.replace(look.hops[0], address="45.119.7.7"), *look.hops[1:])) for look in looks])
    assert urgencies(engine) == {NAMES[0]: "page", NAMES[1]: "report"}


def test_a_script_host_and_a_target_meet_in_one_campaign():
    engine = engine_of(known(*portals()))
    eyes = Eyes(NAMES[0], host(NAMES[0]))
    hidden = selling(host(NAMES[0]), "hidden_links", hosts=(EVIL,))
    take(engine, [eyes.look("desktop", n * 2 * MINUTE, signs=(hidden,)) for n in (0, 1)])
    assert urgencies(engine, "VG-WEB-02") == {NAMES[0]: "ticket"}
    take(engine, infected(NAMES[1], HOUR))
    assert urgencies(engine) == {NAMES[1]: "page"}, "the worse one speaks, though it is younger"
    assert urgencies(engine, "VG-WEB-02") == {NAMES[0]: "report"}


def test_two_rules_on_one_portal_are_one_alert():
    engine = engine_of(known(*portals()))
    eyes = Eyes(NAMES[0], host(NAMES[0]))
    both = (selling(EVIL), selling(host(NAMES[0])))
    take(engine, [eyes.sent("mobile", n * 2 * MINUTE, signs=both) for n in (0, 1)])
    assert (urgencies(engine), urgencies(engine, "VG-WEB-02")) == ({NAMES[0]: "page"}, {NAMES[0]: "report"})
    assert "Cùng sự cố đã báo ở VG-WEB-01" in engine.findings["VG-WEB-02", Subject("portal", NAMES[0])].summary.vi


def test_when_the_lead_is_clean_the_next_one_speaks():
    engine = outbreak([EVIL, EVIL, EVIL])
    eyes = Eyes(NAMES[0], host(NAMES[0]))
    take(engine, [eyes.look("mobile", HOUR + delay) for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY)])
    assert ("resolved", "VG-WEB-01", "critical") in told(engine)
    now = {name: urgency for name, urgency in urgencies(engine).items() if name != NAMES[0]}
    assert now == {NAMES[1]: "page", NAMES[2]: "report"}


def test_what_holds_a_campaign_together_may_go():
    """A and C share nothing but B."""
    engine = engine_of(known(*portals(NAMES[:2], vendor="A"), *portals(NAMES[2:])))
    for n, target in enumerate(["one88.test", "two99.test", "two99.test"]):
        take(engine, infected(NAMES[n], n * HOUR, target))
    assert urgencies(engine) == {NAMES[0]: "page", NAMES[1]: "report", NAMES[2]: "report"}
    eyes = Eyes(NAMES[1], host(NAMES[1]))
    take(engine, [eyes.look("mobile", 2 * HOUR + delay) for delay in (HOUR, 6 * HOUR, DAY, 7 * DAY)])
    assert urgencies(engine)[NAMES[2]] == "page"


def test_a_portal_declared_lawful_meanwhile_leads_nobody():
    engine = outbreak([EVIL, EVIL])
    engine.declare(known(*portals(), destinations=(Destination(host=EVIL, portal=NAMES[0]),)))
    assert urgencies(engine)[NAMES[1]] == "page"
    assert ("resolved", "VG-WEB-01", "critical") in told(engine)


def test_a_lead_nobody_sees_any_more_does_not_silence_the_others():
    engine = outbreak([EVIL])
    take(engine, infected(NAMES[1], 40 * DAY))
    assert urgencies(engine)[NAMES[1]] == "page"


def test_a_restart_knows_the_campaigns():
    data = known(*portals())
    view = view_of([fact for n in range(3) for fact in infected(NAMES[n], n * HOUR)], data)
    again = SiteView(data, now=view.now)
    restore(again, list(view.portals.values()))
    for name in NAMES[:3]:
        assert again.campaigns.of(name, "VG-WEB-01") == view.campaigns.of(name, "VG-WEB-01")
    assert again.campaigns.of(NAMES[0], "VG-WEB-01").portals == 3


def test_a_portal_alone_has_no_campaign():
    view = view_of(infected(NAMES[0], 0), known(*portals()))
    assert stands(view, portal=NAMES[0]) is not None
    assert view.campaigns.of(NAMES[0], "VG-WEB-01") is None


# The index by itself


def entry(*keys: str, rank: int = 4, first: int = 0, day: int = 0) -> Entry:
    return Entry(frozenset(keys), rank, AT + first, day)


def test_the_index_agrees_with_what_hangs_together_however_it_was_built():
    import random

    dice = random.Random(7)
    index, entries = Campaigns(), {}
    for _ in range(1500):
        member = Member(f"p{dice.randrange(40)}", "VG-WEB-01")
        if dice.random() < 0.3:
            entries.pop(member, None)
            index._set(member, None)
        elif member not in entries:
            entries[member] = entry(f"portal:{member.portal}", *(f"k{dice.randrange(30)}" for _ in range(dice.randrange(3))), first=dice.randrange(1000))
            index._set(member, entries[member])
    groups = _groups(entries)
    for member in entries:
        expected = next(group for group in groups if member in group)
        found = index.of(member.portal, member.detector)
        lead = min(expected, key=lambda each: (entries[each].first, each))
        assert (found.lead, found.portals) == (lead, len(expected)) if len(expected) > 1 else found is None


def _groups(entries):
    groups = []
    for member, one in entries.items():
        near = [group for group in groups if any(entries[other].keys & one.keys for other in group)]
        groups = [group for group in groups if group not in near] + [{member}.union(*near)]
    return groups


def test_only_who_must_be_told_anew_is_touched():
    index = Campaigns()
    for n in range(50):
        index._set(Member(f"p{n:02}", "VG-WEB-01"), entry("host:nova", first=n))
    assert index._set(Member("new", "VG-WEB-01"), entry("host:nova", first=99)) == {"p00", "new"}
    assert index._set(Member("apart", "VG-WEB-01"), entry("host:other")) == {"apart"}
    assert index._set(Member("p20", "VG-WEB-01"), entry("host:nova", first=20)) == set(), "nothing new"
    assert len(index._set(Member("p00", "VG-WEB-01"), None)) == 51, "the lead went: everybody names another"


def test_a_member_costs_the_same_in_a_campaign_of_thousands():
    def steps(number: int) -> int:
        index = Campaigns()
        for n in range(number):
            index._set(Member(f"p{n}", "VG-WEB-01"), entry("host:nova", f"portal:p{n}", first=n))
        more = [(Member(f"q{n}", "VG-WEB-01"), entry("host:nova", f"portal:q{n}", first=number + n)) for n in range(300)]
        return work(lambda: [index._set(member, each) for member, each in more])

    few, many = steps(100), steps(10_000)
    # Its place in an ordered list is found by halving.
    assert many < 1.5 * few, f"{few} instructions among 100, {many} among 10,000"
