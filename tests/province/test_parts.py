"""The province over a store in memory: days that pass, people who act, an engine that is away, edits of what is declared."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from collector.province import memory
from collector.province.roster import Roster
from collector.province.warnings import Warnings
from exporters.prometheus_fleet import FleetMetrics
from model.acts import Act, ActRefusedError
from model.fleet.declared import FleetBox
from model.fleet.figures import FleetFigures
from model.fleet.folding import Storming
from model.fleet.silence import Patience
from model.fleet.verify import Refusal
from model.ports import Health, Posture, Told
from model.times import DAY, HOUR, SECOND
from model.verdict import Outcome, Severity, Urgency
from tests.fleet.boxes import NOW, roster, told
from tests.province.desk import LINE, MONDAY


async def test_a_silent_site_can_be_accepted_until_a_date_and_speaks_up_after_it(desk):
    here = desk()
    here.beat()
    await here.read()
    await here.wait(300)
    assert here.told() == [("xa-a", "opened", "page")]
    (finding,) = here.province._memory.own
    await here.province.act(Act(kind="accept", finding=finding, by="an", why="sửa điện", until=here.clock.now() + HOUR))
    assert here.told() == [("xa-a", "accepted", "page")]
    here.journal.close()
    here.begin()
    await here.wait(HOUR / SECOND - 120)
    assert here.told() == []
    await here.wait(300)
    assert here.told()[0][:2] == ("xa-a", "expired")


async def test_what_people_may_not_do_changes_nothing(desk):
    here = desk()
    here.send("finding", Told(change=told("xa-a")))
    await here.read()
    here.told()
    finding = told("xa-a").finding.id
    with pytest.raises(ActRefusedError):
        await here.province.act(Act(kind="accept", finding=finding, by="an", until=here.clock.now() + HOUR))
    here.store.away = True
    with pytest.raises(ActRefusedError, match="kho dữ liệu"):
        await here.province.act(Act(kind="acknowledge", finding=finding, by="an"))
    assert (here.told(), here.store.kept) == ([], [])


async def test_an_act_that_could_not_be_kept_ends_no_campaign(desk):
    here = desk(roster(LINE, FleetBox(box="hop-1", site="xa-b", key=LINE.key)))
    led = {"detector": "VG-WEB-01", "severity": Severity.CRITICAL, "urgency": Urgency.PAGE, "facets": (("targets", "kuwin"),), "at": MONDAY}
    for site in ("xa-a", "xa-b"):
        here.send("finding", Told(change=told(site, **led)), site)
    await here.read()
    assert [site for site, step, _ in here.told() if step == "opened"] == ["xa-a", "xa-b", "79"]
    here.store.full = True
    for site in ("xa-a", "xa-b"):
        with pytest.raises(ActRefusedError, match="kho dữ liệu"):
            await here.province.act(Act(kind="close", finding=told(site, **led).finding.id, by="an", why="đã dọn"))
    here.store.full = False
    await here.wait(60)
    assert here.told() == [], "what they lead to is still led to"


async def test_what_the_store_did_not_take_is_written_when_it_does(desk):
    here = desk()
    here.beat()
    await here.read()
    here.store.full = True
    for _ in range(4):
        here.clock.move(60)
        with pytest.raises(ConnectionError):
            await here.read()
    here.store.full = False
    here.store.states.clear()
    await here.wait(60)
    said = [state.document.verdict.outcome for state in here.store.states if isinstance(state.document, Posture)]
    assert said == [Outcome.VIOLATION]


async def test_findings_are_counted_as_they_stand_in_the_journal(desk):
    here = desk()

    async def agree():
        await here.read()
        known = await here.province.reader.findings()
        assert here.province.counts() == Counter((one.finding.detector, one.finding.severity.value, one.finding.state) for one in known)
        return sorted(one.finding.state for one in known)

    for number in range(4):
        here.send("finding", Told(change=told("xa-a", number, at=MONDAY)))
    assert await agree() == ["open"] * 4
    here.send("finding", Told(change=told("xa-a", 1, step="resolved", at=MONDAY + 1, sequence=2)))
    here.send("finding", Told(change=told("xa-a", 2, step="updated", at=MONDAY + 1, sequence=2, severity=Severity.CRITICAL)))
    await agree()
    await here.province.act(Act(kind="accept", finding=told("xa-a", 3).finding.id, by="an", why="chờ mua", until=MONDAY + 200 * DAY))
    assert await agree() == ["accepted", "open", "open", "resolved"]
    here.journal.close()
    here.begin()
    assert await agree() == ["accepted", "open", "open", "resolved"]
    here.clock.move(91 * DAY / SECOND)
    assert await agree() == ["accepted", "open", "open"]


async def test_what_happened_long_ago_is_no_news_however_long_the_service_runs(desk):
    here = desk()
    here.send("finding", Told(change=told("xa-a", 1, at=MONDAY)))
    here.send("finding", Told(change=told("xa-a", 1, step="resolved", at=MONDAY + 1, sequence=2)))
    await here.read()
    here.told()
    here.clock.move(200 * DAY / SECOND)
    await here.read()
    assert here.province._memory.marks.keys() == here.province._memory.own.keys(), "it is forgotten"
    # Another box is declared: all findings are read again.
    here.declared = roster(LINE, FleetBox(box="hop-2", site="xa-b", key=b"n" * 32))
    here.send("finding", Told(change=told("xa-a", 2, at=here.clock.now())))
    await here.read()
    assert here.told() == [("xa-a", "opened", "ticket")]


async def test_what_is_declared_no_more_is_nobodys_silence(desk):
    second, elsewhere = FleetBox(box="hop-2", site="xa-a", key=b"n" * 32), FleetBox(box="hop-3", site="xa-b", key=b"m" * 32)
    here = desk(roster(LINE, second, elsewhere))
    for site, line in (("xa-a", LINE), ("xa-a", second), ("xa-b", elsewhere)):
        here.send("health", Health(site=site, at=MONDAY, box=line.box, queued=0, oldest_at=0), site, line.box, line.key)
    await here.read()
    await here.wait(300, beating=["xa-a"])
    assert sorted(here.told()) == [("xa-a", "opened", "ticket"), ("xa-b", "opened", "page")]
    here.declared = roster(LINE)
    await here.wait(60, beating=["xa-a"])
    assert sorted(here.told()) == [("xa-a", "resolved", "ticket"), ("xa-b", "resolved", "page")]
    causes = {change.cause.kind for change in await here.province.reader.findings(("resolved",))}
    assert causes == {"policy"}, "told as an edit, never as repaired"
    await here.wait(120, beating=["xa-a"])
    assert here.told() == []


async def test_a_box_that_dies_resolves_nothing(desk):
    here = desk()
    here.send("finding", Told(change=told("xa-a", at=MONDAY)))
    here.beat()
    await here.read()
    await here.wait(2 * HOUR / SECOND)
    assert [step for _, step, _ in here.told()] == ["opened", "opened"], "the finding, and that its site is silent"


async def test_what_comes_late_is_older_and_a_replaced_box_is_newer(desk):
    here = desk()
    first, second = NOW // SECOND, NOW // SECOND + 60
    here.send("finding", Told(change=told("xa-a", 1, step="resolved", at=MONDAY + 1, sequence=2)), epoch=second, sequence=1)
    await here.read()
    here.send("finding", Told(change=told("xa-a", 1, at=MONDAY, sequence=1)), epoch=first, sequence=900)
    here.send("finding", Told(change=told("xa-a", 2, at=MONDAY, sequence=7)), epoch=first, sequence=901)
    await here.read()
    assert sorted(step for _, step, _ in here.told()) == ["opened", "resolved"]
    assert sorted(mark.told for mark in here.province._memory.marks.values()) == ["open", "resolved"]


async def test_a_storm_is_one_message_and_every_finding_stays_to_be_seen(desk):
    sites = [f"xa-{number:02}" for number in range(30)]
    here = desk(roster(*(FleetBox(box="hop-1", site=site, key=LINE.key) for site in sites)))
    for site in sites:
        here.send("finding", Told(change=told(site, at=MONDAY, urgency=Urgency.PAGE)), site)
    await here.read()
    heard = here.told()
    assert [site for site, _, urgency in heard if urgency == "page"] == [*sites[:9], "79"]
    assert len(heard) == 31, "those that are folded are in the stream all the same, waking nobody"
    stored = {state.document.change.finding.id: state.document.change for state in here.store.states if isinstance(state.document, Told)}
    assert len(stored) == 31
    assert {change.finding.urgency for change in stored.values()} == {Urgency.PAGE}, "state says how bad each is"
    here.journal.close()
    here.begin()
    for site in sites:
        here.send("finding", Told(change=told(site, step="resolved", at=MONDAY + 1, sequence=2)), site)
    await here.read()
    assert [(site, step) for site, step, urgency in here.told() if urgency != "report" and site == "79"] == [("79", "resolved")]


async def test_a_box_that_invents_findings_without_end_fills_nobodys_memory(desk, monkeypatch):
    monkeypatch.setattr(memory, "MOST_OF_SITE", 3)
    here = desk(roster(LINE, FleetBox(box="hop-1", site="xa-b", key=LINE.key)))
    for number in range(6):
        here.send("finding", Told(change=told("xa-a", number, at=MONDAY)))
        await here.read()
    assert here.province.figures.refused == {"many": 3}
    # What is known goes on, other sites do, and so does this one after a restart.
    here.journal.close()
    here.begin()
    here.send("finding", Told(change=told("xa-a", 0, step="resolved", at=MONDAY + 1, sequence=2)))
    here.send("finding", Told(change=told("xa-a", 99, at=MONDAY)))
    here.send("finding", Told(change=told("xa-b", 0, at=MONDAY)), "xa-b")
    await here.read()
    assert sorted((site, step) for site, step, _ in here.told()) == [*[("xa-a", "opened")] * 3, ("xa-a", "resolved"), ("xa-b", "opened")]
    assert (here.province.figures.refused["many"], len(here.province._memory.marks)) == (1, 4)
    here.clock.move(91 * DAY / SECOND)
    await here.read()
    here.send("finding", Told(change=told("xa-a", 100, at=here.clock.now())))
    await here.read()
    assert here.told() == [("xa-a", "opened", "ticket")]


async def test_a_storm_counts_after_a_restart_what_was_told_before_it_began(desk):
    sites = [f"xa-{number}" for number in range(4)]
    here = desk(roster(*(FleetBox(box="hop-1", site=site, key=LINE.key) for site in sites)), storming=Storming(sites=4))
    for site in sites:
        here.send("finding", Told(change=told(site, at=MONDAY)), site)
    await here.read()
    assert [(site, urgency) for site, _, urgency in here.told()] == [*((site, "ticket") for site in sites[:3]), (sites[3], "report"), ("79", "ticket")]
    # One of them changes meanwhile, and is counted all the same.
    here.send("finding", Told(change=told(sites[0], step="updated", at=MONDAY + 1, sequence=2)), sites[0])
    await here.read()
    here.told()
    here.journal.close()
    here.begin()
    await here.read()
    assert here.told() == []

    async def end(site, sequence):
        here.send("finding", Told(change=told(site, step="resolved", at=MONDAY + 2, sequence=sequence)), site)
        await here.read()
        return [step for where, step, _ in here.told() if where == "79"]

    assert await end(sites[3], 2) == [], "three stand"
    assert (await end(sites[0], 3), await end(sites[1], 2)) == ([], [])
    assert await end(sites[2], 2) == ["resolved"]


async def test_a_silence_of_many_is_one_storm_and_of_all_is_nobodys_own(desk):
    sites = [f"xa-{number}" for number in range(12)]
    here = desk(roster(*(FleetBox(box="hop-1", site=site, key=LINE.key) for site in sites)), storming=Storming(sites=4))
    for site in sites:
        here.beat(site)
    await here.read()
    await here.wait(300, beating=sites[:5])
    heard = here.told()
    assert [one for one in heard if one[2] == "page"] == [*((site, "opened", "page") for site in sites[5:8]), ("79", "opened", "page")]
    assert here.province.figures.sites == {"heard": 5, "silent": 7}
    await here.wait(60, beating=sites)
    assert {step for _, step, _ in here.told()} == {"resolved"}
    await here.wait(300)
    assert here.told() == [("79", "opened", "page")], "all together: the way in, not each of them"


async def test_after_the_store_was_away_boxes_are_given_the_time_that_they_need_to_come_back(desk):
    here = desk(patience=Patience())
    here.beat()
    await here.read()
    await here.wait(420, every=10, beating=())
    assert here.told() == []
    await here.wait(180, every=10)
    assert here.told() == [("xa-a", "opened", "page")]
    here.beat()
    await here.read()
    here.told()
    # Nobody could write for twenty seconds; the box tries again within five minutes.
    await here.wait(100, every=20)
    await here.wait(420, every=10)
    assert here.told() == []


async def test_an_engine_that_is_away_is_told_once_and_silence_is_unknown_until_it_is_back(desk, caplog):
    here = desk()
    here.beat()
    await here.read()
    stop = asyncio.Event()
    here.store.away = True
    task = asyncio.create_task(here.province.run(stop, 0.01))
    async with asyncio.timeout(30):
        while here.province._failures < 1:
            await asyncio.sleep(0)
    stop.set()
    await task
    assert len([record for record in caplog.records if "đi vắng" in record.getMessage()]) == 1
    here.clock.move(600)
    here.store.away = False
    await here.read()
    assert (here.province.figures.sites, here.told()) == ({"unknown": 1}, [])


async def test_what_ended_long_ago_is_forgotten_and_what_is_old_is_no_news(desk):
    here = desk(now=MONDAY)
    here.send("finding", Told(change=told("xa-a", 1, at=MONDAY)))
    here.send("finding", Told(change=told("xa-a", 1, step="resolved", at=MONDAY + 1, sequence=2)))
    here.send("finding", Told(change=told("xa-a", 2, at=MONDAY - 2 * DAY)))
    await here.read()
    assert [step for _, step, _ in here.told()] == ["opened", "resolved"]
    assert len(here.province._memory.marks) == 2
    here.clock.move(91 * DAY / SECOND)
    await here.read()
    kept = [finding for finding in here.province._memory.marks if here.province._memory.marks[finding].box]
    assert kept == [told("xa-a", 2).finding.id]
    assert await here.province.reader.standing(told("xa-a", 1).finding.id) is None


async def test_a_state_that_the_engine_refuses_holds_up_nothing(desk, caplog):
    here = desk()
    here.store.refusing = 1
    here.send("finding", Told(change=told("xa-a", at=MONDAY)))
    await here.read()
    assert [step for _, step, _ in here.told()] == ["opened"]
    assert here.province.figures.unstored > 0
    assert len([record for record in caplog.records if "quá dài" in record.getMessage()]) == 1


def test_a_refusal_is_told_once_an_hour_however_many_names_are_invented(caplog):
    warnings = Warnings("vi")
    for second in range(2000):
        warnings.refused(Refusal(id="r", stream="finding", box=f"hop-{second}\n\x1b[31m", site="xa-a", reason="no_key"), NOW + second)
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert 500 <= len(lines) <= 502
    assert all(line.isprintable() for line in lines)
    warnings.refused(Refusal(id="r", stream="finding", box="hop-1", site="xa-a", reason="no_key"), NOW + 2 * HOUR)
    assert len(caplog.records) == len(lines) + 1


def declare(folder, boxes, province="79"):
    (folder / "province.toml").write_text(f'province = "{province}"\n')
    (folder / "sites.csv").write_text("site,name\nxa-a,Trung tâm A\n")
    (folder / "boxes.csv").write_text("box,site,key\n" + boxes)


def test_an_edit_of_what_is_declared_holds_and_a_broken_one_changes_nothing(tmp_path, caplog):
    declare(tmp_path, "")
    roster_ = Roster(tmp_path, "vi")
    before = roster_()
    roster_.look()
    assert roster_() is before
    line = f"hop-1,xa-a,{'ab' * 32}\n"
    for boxes, province, count in ((line, "79", 1), ("hop-1,xa-b,zz\n", "79", 1), (line * 1, "80", 1), (line + f"hop-2,xa-a,{'cd' * 32}\n", "79", 2)):
        declare(tmp_path, boxes, province)
        os.utime(tmp_path / "boxes.csv", ns=(count, NOW + len(caplog.records)))
        roster_.look()
        assert (len(roster_().boxes), roster_().province) == (count, "79")
    assert len(caplog.records) == 4


def test_the_metrics_name_no_site_and_begin_at_zero():
    registry = CollectorRegistry()
    figures = FleetFigures()
    registry.register(FleetMetrics(lambda: figures))
    page = generate_latest(registry).decode()
    assert 'vonggac_fleet_refused_total{reason="signature"} 0.0' in page
    assert 'vonggac_fleet_sites{heard="silent"} 0.0' in page
    figures.refused["signature"] += 2
    figures.sites["silent"] = 3
    figures.up = True
    page = generate_latest(registry).decode()
    assert 'vonggac_fleet_refused_total{reason="signature"} 2.0' in page
    assert 'vonggac_fleet_sites{heard="silent"} 3.0' in page
    assert "vonggac_fleet_store_up 1.0" in page
