"""The whole way on a real engine: signed by a box, read, checked, kept, told."""

import msgspec
import pytest

from collector.province.keys import holds
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet
from model.acts import Act, ActRefusedError
from model.fleet.confirmed import REASON
from model.fleet.silence import Patience
from model.ledger import Change
from model.ports import Observed, Posture
from model.rows import Asset, Sighting
from model.times import DAY, MINUTE
from model.verdict import Outcome, Severity, Subject, Urgency
from tests.exporters.samples import posture
from tests.fleet.boxes import NOW, roster, told
from tests.servers import faults
from tests.servers.fault_proxy import FaultProxy

pytestmark = pytest.mark.servers

decode = msgspec.json.Decoder(Change).decode
decode_posture = msgspec.json.Decoder(Posture).decode


def state(engine, namespace, index="finding"):
    return engine.documents(f"vonggac-{index}-{namespace}")


def standing(engine, namespace):
    """Finding to state, as the province's page reads it."""
    changes = [decode(document["vonggac"]["payload"]) for document in state(engine, namespace).values()]
    return {change.finding.id: change.finding.state for change in changes}


async def test_what_a_box_signed_becomes_state_and_is_told_under_the_boxs_own_id(engine, namespace, box_of, centre_of):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    opened = told("xa-a")
    box.commit("xa-a", opened, documents=[msgspec.structs.replace(posture(1).document, at=NOW)])
    box.beat("xa-a")
    await box.deliver()
    await centre.read()
    (document,) = state(engine, namespace).values()
    assert (document["vonggac"]["site"]["name"], document["vonggac"]["box"]) == ("Trung tâm xa-a", "hop-1")
    assert decode(document["vonggac"]["payload"]) == opened
    (known,) = engine.documents(f"logs-vonggac.finding-{namespace}")
    (waiting,) = centre.waiting()
    assert (waiting.id, waiting.document.change) == (known, opened)
    assert {one["rule"]["id"] for one in state(engine, namespace, "posture").values()} == {"VG-NET-02", "VG-COV-01"}
    beats = [one["vonggac"] for one in state(engine, namespace, "box").values()]
    assert [one["heard_at"] for one in beats if "box" in one] == ["2026-11-22T01:00:00.000000Z"]
    assert centre.province.figures.refused == {}
    assert centre.province.figures.sites == {"heard": 1}


async def test_a_box_cannot_write_as_another_site_or_box(engine, namespace, box_of, centre_of, caplog):
    honest, thief = box_of("hop-1"), box_of("hop-2")
    centre = await centre_of(roster(honest.line("xa-a"), thief.line("xa-b"))).begin()
    honest.commit("xa-a", told("xa-a", 1))
    # For another's site; in another's name; another's finding under its own site; and with a key that nobody declared.
    thief.commit("xa-a", told("xa-a", 2))
    named = box_of("hop-1-false", key="hop-2")
    named.commit("xa-a", told("xa-a", 3))
    victim = told("xa-a", 1).finding
    resolved = told("xa-b", 4, step="resolved", sequence=9)
    thief.commit("xa-b", msgspec.structs.replace(resolved, finding=msgspec.structs.replace(resolved.finding, id=victim.id, subject=victim.subject)))
    for box in (honest, thief, named):
        await box.deliver()
    await centre.read()
    assert standing(engine, namespace)[victim.id] == "open"
    assert [site for site, *_ in centre.told()] == ["xa-a", "xa-b"]
    assert {one.finding.site for one in await centre.province.reader.history(victim.id)} == {"xa-a"}
    assert centre.province.figures.refused == {"no_key": 2}
    assert sorted(one["vonggac"]["box"] for one in state(engine, namespace, "refused").values()) == ["hop-1-false", "hop-2"]
    lines = [record.getMessage() for record in caplog.records if "xa-a" in record.getMessage()]
    assert len(lines) == 2, "one line a box and reason, and none for what is right"


async def test_reading_again_changes_nothing_and_tells_nobody(engine, namespace, box_of, centre_of, clock):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    box.commit("xa-a", *(told("xa-a", number) for number in range(5)))
    await box.deliver()
    await centre.read()
    before = state(engine, namespace)
    assert len(centre.told()) == 5
    centre.province._tail.forget()
    await centre.read()
    assert (state(engine, namespace), centre.told()) == (before, [])
    # Also by a process that begins anew on the same journal.
    await centre.end()
    await centre.begin()
    centre.province._tail.forget()
    clock.move(1)
    await centre.read()
    assert (state(engine, namespace), centre.told()) == (before, [])


async def test_a_restored_journal_in_its_new_epoch_wins_over_what_it_wrote_before(engine, namespace, box_of, centre_of, clock):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    box.commit("xa-a", *(told("xa-a", number) for number in range(3)))
    box.commit("xa-a", told("xa-a", 1, step="updated", at=NOW + 1, sequence=2))
    await box.deliver()
    await centre.read()
    centre.told()
    await box.close()
    for file in box.journal.path.parent.glob("hop-1.db*"):
        file.unlink()
    clock.move(3600)
    again = box_of("hop-1")
    again.commit("xa-a", told("xa-a", 1, step="resolved", at=NOW + 3600, sequence=3))
    await again.deliver()
    await centre.read()
    assert centre.told() == [("xa-a", "resolved", "ticket")]
    assert list(standing(engine, namespace).values()).count("resolved") == 1


async def test_an_engine_that_is_away_or_somebody_else_is_waited_for(engine, namespace, box_of, centre_of):
    box = box_of("hop-1")
    async with FaultProxy(engine.url) as proxy:
        centre = await centre_of(roster(box.line("xa-a")), proxy.url).begin()
        await centre.read()
        box.commit("xa-a", told("xa-a"))
        await box.deliver()
        for fault, part in (
            (faults.captive_portal(), ""),
            (faults.Reset(), "_bulk"),
            (faults.cluster_blocked(), "_bulk"),
            (faults.HalfBody(), "_search"),
            (faults.too_many_requests(1), "_bulk"),
        ):
            proxy.next(fault, path_part=part)
            with pytest.raises(OSError, match=r"\w"):
                await centre.read()
            assert centre.told() == []
        await centre.read()
        assert centre.told() == [("xa-a", "opened", "ticket")]


async def test_silence_is_told_after_two_heartbeats_and_never_by_a_province_that_was_away(engine, namespace, box_of, centre_of, clock):
    clock.move(DAY // 10**9)
    one, other = box_of("hop-1"), box_of("hop-2")
    quick = Patience(held=0, gap=MINUTE, grace=0)
    centre = await centre_of(roster(one.line("xa-a"), other.line("xa-b"), sites=["xa-c"]), patience=quick).begin()
    for box, site in ((one, "xa-a"), (other, "xa-b")):
        box.beat(site)
        await box.deliver()
    await centre.read()
    assert centre.province.figures.sites == {"heard": 2, "unknown": 1}
    # The province sleeps for an hour: what it did not listen to proves nothing.
    clock.move(3600)
    await centre.read()
    assert (centre.province.figures.sites["silent"], centre.told()) == (0, [])
    for _ in range(3):
        clock.move(50)
        one.beat("xa-a")
        await one.deliver()
        await centre.read()
    assert centre.province.figures.sites == {"heard": 1, "silent": 1, "unknown": 1}
    assert centre.told() == [("xa-b", "opened", "page")]
    other.beat("xa-b")
    await other.deliver()
    await centre.read()
    assert centre.told() == [("xa-b", "resolved", "page")]


async def test_an_act_at_the_province_holds_over_what_the_box_says_later(engine, namespace, box_of, centre_of, clock):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    box.commit("xa-a", told("xa-a", 1), told("xa-a", 2))
    await box.deliver()
    await centre.read()
    centre.told()
    first, second = told("xa-a", 1).finding.id, told("xa-a", 2).finding.id
    await centre.province.act(Act(kind="accept", finding=first, by="an", why="chờ mua thiết bị", until=NOW + 2 * DAY))
    await centre.province.act(Act(kind="acknowledge", finding=second, by="bình"))
    assert [step for _, step, _ in centre.told()] == ["accepted", "acknowledged"]
    assert len(state(engine, namespace, "act")) == 2
    # The box knows nothing of it and tells on; the province begins anew in between.
    box.commit("xa-a", told("xa-a", 1, step="updated", at=NOW + 1, sequence=2), told("xa-a", 2, step="updated", at=NOW + 1, sequence=2))
    await box.deliver()
    await centre.end()
    await centre.begin()
    await centre.read()
    assert standing(engine, namespace) == {first: "accepted", second: "open"}
    assert (await centre.province.reader.standing(second)).finding.owner == "bình"
    clock.move(2 * DAY / 10**9 + 1)
    centre.told()
    await centre.read()
    assert [step for site, step, _ in centre.told() if site == "xa-a"][:1] == ["expired"]
    assert standing(engine, namespace)[first] == "open"
    with pytest.raises(ActRefusedError):
        await centre.province.act(Act(kind="acknowledge", finding="nobody", by="an"))


async def test_portals_of_many_sites_that_lead_to_one_place_are_one_campaign(engine, namespace, box_of, centre_of):
    box = box_of("hop-1")
    centre = await centre_of(roster(*(box.line(f"xa-{number}") for number in range(4)))).begin()
    for number in range(4):
        led = {"detector": "VG-WEB-01", "severity": Severity.CRITICAL, "urgency": Urgency.PAGE, "facets": (("targets", "kuwin, google.com"),)}
        box.commit(f"xa-{number}", told(f"xa-{number}", **led))
    await box.deliver()
    await centre.read()
    assert [(site, urgency) for site, _, urgency in centre.told() if urgency != "report"] == [("xa-0", "page"), ("79", "page")]
    found = [one for one in state(engine, namespace).values() if one["vonggac"].get("target")]
    assert {tuple(one["vonggac"]["target"]) for one in found} == {("kuwin",)}
    (digest,) = [one for one in state(engine, namespace).values() if one["vonggac"]["site"]["id"] == "79"]
    assert "kuwin" in digest["vonggac"]["title"]["vi"]


async def test_what_a_box_sent_before_it_was_declared_is_read_once_it_is(engine, namespace, box_of, centre_of, clock):
    known, later = box_of("hop-1"), box_of("hop-2")
    centre = await centre_of(roster(known.line("xa-a"), sites=["xa-b"])).begin()
    for box, site in ((known, "xa-a"), (later, "xa-b")):
        box.commit(site, told(site))
        await box.deliver()
    await centre.read()
    assert centre.told() == [("xa-a", "opened", "ticket")]
    centre.declared = roster(known.line("xa-a"), later.line("xa-b"))
    clock.move(1)
    await centre.read()
    assert centre.told() == [("xa-b", "opened", "ticket")]
    assert len(standing(engine, namespace)) == 2


async def test_state_that_was_deleted_is_made_anew_and_nobody_is_told_again(engine, namespace, box_of, centre_of):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()
    box.commit("xa-a", told("xa-a"))
    await box.deliver()
    await centre.read()
    before = state(engine, namespace)
    assert len(centre.told()) == 1
    await centre.end()
    assert engine.call("DELETE", f"/vonggac-finding-{namespace}").status == 200
    await centre.begin()
    await centre.read()
    assert (state(engine, namespace), centre.told()) == (before, [])


async def test_a_verdict_that_no_box_repeats_becomes_unknown_and_is_removed_after_a_month(engine, namespace, box_of, centre_of, clock):
    box = box_of("hop-1")
    centre = await centre_of(roster(box.line("xa-a"))).begin()

    def say(subject, outcome, **fields):
        known = posture(1).document
        verdict = msgspec.structs.replace(known.verdict, subject=Subject("asset", subject), outcome=outcome, **fields)
        box.commit("xa-a", documents=[msgspec.structs.replace(known, at=clock.now(), verdict=verdict)])

    async def days(count):
        clock.move(count * 86_400)
        box.beat("xa-a")
        await box.deliver()
        await centre.read()

    def known():
        rows = [decode_posture(each["vonggac"]["payload"]).verdict for each in state(engine, namespace, "posture").values()]
        return {row.subject.id: (row.outcome, row.reason == REASON) for row in rows if row.detector == "VG-NET-02"}

    opened = told("xa-a", 1)
    box.commit("xa-a", opened)
    for subject, outcome in (
        ("a1", Outcome.VIOLATION),
        ("a2", Outcome.CLEAR),
        ("a3", Outcome.VIOLATION),
        ("a4", Outcome.NOT_APPLICABLE),
        ("a5", Outcome.CLEAR),
    ):
        say(subject, outcome, reason=None)
    await days(3)
    assert {outcome for outcome, _ in known().values()} == {Outcome.VIOLATION, Outcome.CLEAR, Outcome.NOT_APPLICABLE}
    say("a5", Outcome.CLEAR, reason=None)
    await days(0.1)
    gone = (Outcome.UNKNOWN, True)
    # The first has a finding that stands; the last was told again.
    assert known() == {"a1": (Outcome.VIOLATION, False), "a2": gone, "a3": gone, "a4": gone, "a5": (Outcome.CLEAR, False)}
    assert (centre.province.figures.faded, centre.province.figures.dropped) == (3, 0)
    reader = ElasticFleet(ElasticOptions(urls=(engine.url,), namespace=namespace), lambda: centre.declared, clock.now, verify=holds)
    assert {row.subject.id for row in await reader.site("xa-a").verdicts() if row.outcome is Outcome.UNKNOWN} >= {"a2", "a3", "a4"}
    await reader.close()
    say("a2", Outcome.CLEAR, reason=None)
    await days(0)
    assert known()["a2"] == (Outcome.CLEAR, False), "the box's word brings it back"
    await days(27.8)
    assert known() == {"a1": (Outcome.VIOLATION, False), "a2": gone, "a5": gone}
    assert (centre.province.figures.faded, centre.province.figures.dropped) == (5, 2)
    # State made anew from the streams is no younger for it.
    centre.province._tail.forget()
    await centre.read()
    assert known() == {"a1": (Outcome.VIOLATION, False), "a2": gone, "a5": gone}


async def test_a_row_that_its_box_does_not_repeat_is_gone_and_after_a_month_no_trace_of_it_is_kept(engine, namespace, box_of, centre_of, clock):
    box, other = box_of("hop-1"), box_of("hop-2")
    centre = await centre_of(roster(box.line("xa-a"), other.line("xa-b"))).begin()
    reader = ElasticFleet(ElasticOptions(urls=(engine.url,), namespace=namespace), lambda: centre.declared, clock.now, verify=holds)

    def see(name, *, gone=False, by=box, site="xa-a"):
        asset = Asset(id=name, seen=Sighting(first=clock.now(), last=clock.now()))
        row = "" if gone else msgspec.json.encode(asset).decode()
        by.commit(site, documents=[Observed(site=site, at=clock.now(), kind="asset", id=name, row=row, gone=gone)])

    async def days(count):
        clock.move(count * 86_400)
        box.beat("xa-a")
        for one in (box, other):
            await one.deliver()
        await centre.read()
        engine.call("POST", f"/vonggac-row-{namespace}/_refresh")

    async def shown(site="xa-a"):
        return sorted(asset.id for asset in await reader.site(site).assets())

    for name in ("a1", "a2", "a3"):
        see(name)
    see("b1", by=other, site="xa-b")
    other.beat("xa-b")
    await days(3)
    see("a1")
    see("a3", gone=True)
    await days(0.1)
    assert (await shown(), await shown("xa-b")) == (["a1"], ["b1"]), "of a box that is silent the last is kept, with its age"
    assert (await reader.site("xa-a").status()).assets == 1
    see("a2")
    await days(0)
    assert await shown() == ["a1", "a2"], "the box's word brings it back"
    # Read again, what was told of old is as old.
    centre.province._tail.forget()
    await centre.read()
    engine.call("POST", f"/vonggac-row-{namespace}/_refresh")
    assert await shown() == ["a1", "a2"]
    await days(27)
    assert (await shown(), await shown("xa-b")) == ([], [])
    assert len(state(engine, namespace, "row")) == 3, "so that an older word does not bring it back"
    await days(4)
    assert state(engine, namespace, "row") == {}
    centre.province._tail.forget()
    await centre.read()
    assert state(engine, namespace, "row") == {}
    await reader.close()
