"""The province and its sites as read from a real engine."""

import asyncio

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exporters.elastic import ElasticOptions
from exporters.elastic.fleet import ElasticFleet, worst_first
from exporters.elastic.fleet_asking import EngineError
from exporters.elastic.state import index_name
from model.fleet.declared import FleetDeclared
from model.fleet.ports import NOBODY, Asked, SiteStanding
from model.fleet.silence import Watch
from model.ledger import finding_id
from model.text import Text
from model.times import MINUTE
from model.verdict import Outcome, Subject, Verdict
from tests.console.commune import NOW, Journal
from tests.fleet.filled import ABOUTS, Filled, Place, declared_of, rows_of, verify
from tests.fleet.page.conftest import reader_of
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import HalfBody, Reset, captive_portal, too_many_requests, unauthorized, unavailable


async def test_every_declared_site_is_there_and_the_worst_first(fleet: ElasticFleet, places: list[Place]) -> None:
    sites = await fleet.sites()
    assert {site.site for site in sites} == {place.site for place in places}
    assert list(sites) == sorted(sites, key=worst_first)
    found = {site.site: site for site in sites}
    assert found["xa-a"].open == {"critical": 1, "high": 1, "medium": 1, "low": 1}
    assert found["xa-01"].outcomes == {"clear": 1, "unknown": 1}
    assert found["xa-b"].boxes == 1


async def test_silent_never_and_heard_are_told_apart(fleet: ElasticFleet) -> None:
    found = {site.site: (site.heard, site.heard_at) for site in await fleet.sites()}
    assert found["xa-a"][0] == "heard"
    assert found["xa-im"][0] == "silent"
    assert found["xa-moi"] == ("never", 0)
    order = [site.site for site in await fleet.sites()]
    assert order.index("xa-moi") < order.index("xa-01")


async def test_a_province_that_does_not_listen_calls_nobody_silent(filled: Filled, roster: FleetDeclared) -> None:
    options = ElasticOptions(urls=(filled.server.url,), namespace=filled.namespace)
    blind = ElasticFleet(options, lambda: roster, lambda: NOW, verify=verify, watch=lambda: Watch(at=NOW - 10 * MINUTE))
    found = {site.site: site.heard for site in await blind.sites()}
    await blind.close()
    assert found["xa-im"] == found["xa-moi"] == "unknown"
    assert found["xa-a"] == "heard"


def expected(places: list[Place], number: int) -> tuple[dict[str, int], int]:
    """Sites by their worst outcome, and those without any verdict, as counted by hand."""
    counts, unheard = dict.fromkeys((outcome.value for outcome in Outcome), 0), 0
    numbers = {about.id: about.findings for about in ABOUTS}
    for place in places:
        said = [verdict for verdict in place.journal.judged if number in numbers.get(verdict.detector, ())]
        if not said:
            unheard += 1
            continue
        order = ("violation", "unknown", "clear", "not_applicable")
        # In what is about PCs a network clears nothing: without a word of a PC it stays unknown.
        counting = [each.outcome.value for each in said if each.outcome.value in order[:2] or number not in ABOUT_PCS or told_by_pc(each)]
        counts[min(counting or ["unknown"], key=order.index)] += 1
    return counts, unheard


ABOUT_PCS = (3, *range(5, 15))


def told_by_pc(verdict: Verdict) -> bool:
    return verdict.detector.startswith("VG-END-") or (verdict.detector == "VG-COV-01" and verdict.subject.kind == "asset")


async def test_the_fifteen_count_each_site_once_at_its_worst(fleet: ElasticFleet, places: list[Place]) -> None:
    for matter in await fleet.matters():
        assert (matter.sites, matter.unheard) == expected(places, matter.number), matter.number
    some = [place for place in places if place.group == "Cụm Tây"]
    for matter in await fleet.matters([place.site for place in some]):
        assert (matter.sites, matter.unheard) == expected(some, matter.number), matter.number


async def test_a_network_that_is_clear_clears_no_site_of_what_is_about_pcs(elasticsearch: Elasticsearch, namespace: str) -> None:
    def said(detector: str, kind: str, outcome: Outcome = Outcome.CLEAR) -> Verdict:
        return Verdict(detector=detector, subject=Subject(kind, "x"), outcome=outcome, title=Text("t", "t"), summary=Text("t", "t"))  # type: ignore[arg-type] # of the closed set

    heard, roster = said("VG-COV-01", "sensor"), said("VG-COV-01", "asset")
    judged = {"nghe": [heard], "du": [heard, roster], "tat": [heard, said("VG-COV-01", "asset", Outcome.NOT_APPLICABLE)], "cong": [said("VG-WEB-01", "portal")]}
    places = [Place(site, site, Journal(judged=verdicts)) for site, verdicts in judged.items()]
    filled = Filled(elasticsearch, namespace)
    filled.install()
    await asyncio.to_thread(filled.write, places)
    reader = reader_of(filled, declared_of(places))
    found = {matter.number: (matter.sites, matter.unheard) for matter in await reader.matters()}
    await reader.close()
    assert found[14] == ({"violation": 0, "unknown": 1, "clear": 1, "not_applicable": 1}, 1)
    assert found[4] == ({"violation": 0, "unknown": 0, "clear": 1, "not_applicable": 0}, 3)


async def test_findings_are_narrowed_sorted_and_paged(fleet: ElasticFleet) -> None:
    every = await fleet.findings(Asked(limit=500))
    assert every.total == len(every.changes)
    ranks = [change.finding.severity.rank for change in every.changes]
    assert ranks == sorted(ranks, reverse=True)
    pages = [await fleet.findings(Asked(start=start, limit=4)) for start in range(0, every.total, 4)]
    assert [change.finding.id for page in pages for change in page.changes] == [change.finding.id for change in every.changes]
    assert {change.finding.site for change in (await fleet.findings(Asked(sites=("xa-a",)))).changes} == {"xa-a"}
    assert {change.finding.severity.value for change in (await fleet.findings(Asked(severity="critical"))).changes} == {"critical"}
    assert {change.finding.detector for change in (await fleet.findings(Asked(detector="VG-WEB-02"))).changes} == {"VG-WEB-02"}
    assert all(14 in change.finding.findings for change in (await fleet.findings(Asked(number=14))).changes)
    assert {change.finding.state for change in (await fleet.findings(Asked(states=("resolved",)))).changes} == {"resolved"}
    assert (await fleet.findings(Asked(start=10_500))).changes == []


async def test_who_took_what_can_be_asked_for(fleet: ElasticFleet) -> None:
    assert "Nguyễn Thị Lan" in await fleet.owners()
    mine = await fleet.findings(Asked(owner="Nguyễn Thị Lan"))
    assert {change.finding.owner for change in mine.changes} == {"Nguyễn Thị Lan"}
    nobody = await fleet.findings(Asked(owner=NOBODY, limit=500))
    assert {change.finding.owner for change in nobody.changes} == {""}
    assert nobody.total + mine.total <= (await fleet.findings(Asked())).total


async def test_a_campaign_is_two_portals_led_to_one_place(fleet: ElasticFleet) -> None:
    (campaign,) = await fleet.campaigns()
    assert (campaign.target, campaign.sites, len(campaign.findings)) == ("play88", ("tinh", "xa-d"), 2)


async def test_coverage_is_counted_by_kind(fleet: ElasticFleet, places: list[Place]) -> None:
    found = {each.kind: each.outcomes for each in await fleet.coverage()}
    judged = [verdict for place in places for verdict in place.journal.judged if verdict.detector == "VG-COV-01"]
    assert {kind: sum(outcomes.values()) for kind, outcomes in found.items()} == {
        kind: sum(verdict.subject.kind == kind for verdict in judged) for kind in {verdict.subject.kind for verdict in judged}
    }


async def test_a_site_reads_as_its_box_would(fleet: ElasticFleet, places: list[Place]) -> None:
    for place in places:
        site, journal = fleet.site(place.site), place.journal
        assert {asset.id for asset in await site.assets()} == {asset.id for asset in journal.devices}
        verdicts = {(verdict.detector, verdict.subject) for verdict in journal.judged}
        assert {(verdict.detector, verdict.subject) for verdict in await site.verdicts()} == verdicts
        assert len(await site.verdicts("another")) == 0
        assert {change.finding.detector for change in await site.findings()} == {change.finding.detector for change in journal.changes}
        assert {portal.id for portal in await site.portals()} == {portal.id for portal in journal.watched}
        assert list(await site.pcs()) == sorted(journal.machines, key=lambda pc: pc.id)
        others = [row for _, _, row in rows_of(journal) if row not in (*journal.devices, *journal.watched, *journal.machines)]
        sensors = [row for row in journal.others if row not in others] if place.heard else []
        assert sorted(map(repr, await site.rows())) == sorted(map(repr, [*others, *sensors]))
        status = await site.status()
        assert (status.now, status.started, status.assets) == (NOW, 0, len(journal.devices))


async def test_portals_are_read_by_id(fleet: ElasticFleet) -> None:
    (portal,) = await fleet.site("tinh").portals(["xa-a"])
    assert portal.id == "xa-a"


async def test_what_the_province_has_not_is_no_empty_list(fleet: ElasticFleet) -> None:
    with pytest.raises(EngineError):
        await fleet.site("xa-a").dead_letters()


async def test_the_history_of_a_finding_is_what_its_box_signed(fleet: ElasticFleet, filled: Filled, places: list[Place]) -> None:
    place = places[0]
    first = place.journal.changes[0]
    known = finding_id("xa-a", first.finding.detector, first.finding.subject)
    history = await fleet.finding(known)
    told = [each.step for each in place.journal.told[first.finding.id]]
    assert [each.step for each in history][: len(told)] == told
    assert history[-1].finding.id == known
    assert [each.at for each in history] == sorted(each.at for each in history)
    assert await fleet.finding("0" * 12) == ()
    assert await fleet.site("xa-b").history(known) == ()
    assert await fleet.site("xa-b").standing(known) is None
    assert await fleet.site("xa-a").standing(known) == history[-1]


async def test_nobody_else_writes_into_a_history(elasticsearch: Elasticsearch, namespace: str, places: list[Place]) -> None:
    filled, place = Filled(elasticsearch, namespace), places[0]
    filled.install()
    filled.write([place])
    first = place.journal.changes[0]
    known = finding_id("xa-a", first.finding.detector, first.finding.subject)
    forged = msgspec.structs.replace(first, step="resolved", finding=msgspec.structs.replace(first.finding, id=known, site="xa-a", state="resolved"))
    filled.bulk([filled.signed(place, forged, 99, Ed25519PrivateKey.generate()), filled.signed(places[2], forged, 98)])
    reader = reader_of(filled, declared_of(places))
    history = await reader.finding(known)
    await reader.close()
    assert len(history) > 1
    assert "resolved" not in {each.step for each in history}


async def test_rows_beyond_one_piece_are_read_too(elasticsearch: Elasticsearch, namespace: str, monkeypatch: pytest.MonkeyPatch, places: list[Place]) -> None:
    monkeypatch.setattr("exporters.elastic.site_reader.PIECE", 3)
    filled = Filled(elasticsearch, namespace)
    filled.install()
    filled.write(places[:1])
    reader = reader_of(filled, declared_of(places))
    assert len(await reader.site("xa-a").assets()) == len(places[0].journal.devices) > 6
    await reader.close()


async def test_a_new_document_is_a_new_version(elasticsearch: Elasticsearch, namespace: str, places: list[Place]) -> None:
    filled = Filled(elasticsearch, namespace)
    filled.install()
    filled.write(places[:1])
    reader = reader_of(filled, declared_of(places))
    version = await reader.wait(-1, 0.0)
    site = await reader.site("xa-a").wait(-1, 0.0)
    assert await reader.wait(version, 0.0) == version
    waiting = asyncio.ensure_future(reader.wait(version, 20.0))
    apart = asyncio.ensure_future(reader.site("xa-a").wait(site, 0.1))
    await asyncio.to_thread(filled.write, places[2:3])
    assert await waiting > version
    assert await apart == site, "another site's news is no news of this one"
    await reader.close()


async def test_the_first_document_of_an_index_is_news(elasticsearch: Elasticsearch, namespace: str, places: list[Place]) -> None:
    filled = Filled(elasticsearch, namespace)
    filled.install()
    reader = reader_of(filled, declared_of(places))
    version = await reader.wait(-1, 0.0)
    first = next(row for row in filled.documents(places[0]) if row[0] == index_name("finding", namespace))
    await asyncio.to_thread(filled.bulk, [first])
    assert await reader.wait(version, 20.0) == version + 1
    await reader.close()


async def test_an_empty_engine_is_a_province_of_which_nobody_was_heard(elasticsearch: Elasticsearch, namespace: str, roster: FleetDeclared) -> None:
    reader = reader_of(Filled(elasticsearch, namespace), roster)
    sites = await reader.sites()
    assert {site.heard for site in sites} <= {"never", "unknown"}
    assert (await reader.findings(Asked())).total == 0
    assert {matter.unheard for matter in await reader.matters()} == {len(sites)}
    assert await reader.campaigns() == []
    assert await reader.site("xa-a").findings() == []
    await reader.close()


FAULTS = {
    "reset": Reset(),
    "half": HalfBody(),
    "captive": captive_portal(),
    "401": unauthorized(),
    "429": too_many_requests(),
    "503": unavailable(),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_engine_that_does_not_answer_is_told_never_an_empty_province(
    fault_proxy: FaultProxy, filled: Filled, roster: FleetDeclared, fault: str
) -> None:
    options = ElasticOptions(urls=(fault_proxy.url,), namespace=filled.namespace)
    reader = ElasticFleet(options, lambda: roster, lambda: NOW, verify=verify)
    fault_proxy.always(FAULTS[fault])
    for ask in (reader.sites, reader.matters, reader.campaigns, reader.site("xa-a").findings):
        with pytest.raises(EngineError):
            await ask()
    fault_proxy.clear()
    assert len(await reader.sites()) == len(roster.sites)
    await reader.close()


def test_a_site_stands_by_what_is_worst() -> None:
    worst = SiteStanding(site="a", name="A", heard="heard", open={"critical": 1})
    silent = SiteStanding(site="b", name="B", heard="silent")
    clear = SiteStanding(site="c", name="C", heard="heard", outcomes={"clear": 9})
    unknown = SiteStanding(site="d", name="D", heard="heard", outcomes={"unknown": 9})
    assert sorted([clear, unknown, silent, worst], key=worst_first) == [worst, silent, unknown, clear]
