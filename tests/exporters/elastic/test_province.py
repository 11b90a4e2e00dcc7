"""The province's store on every engine: tailed, written, read back. What the province makes of it is in tests/province."""

from __future__ import annotations

import msgspec
import pytest

from collector.journal import Journal
from collector.province.keys import holds
from collector.province.province import Province
from exporters.elastic import ElasticOptions
from exporters.elastic.fleet_store import ElasticStore
from model.acts import Act
from model.ports import Receipt
from model.verdict import Outcome
from tests.exporters.elastic.conftest import installed
from tests.exporters.samples import posture
from tests.fleet.boxes import Box, FakeClock, roster, told

pytestmark = pytest.mark.servers


async def test_a_province_reads_checks_keeps_and_lets_people_act_on_every_engine(server, dialect, namespace, tmp_path):
    clock = FakeClock()
    # OpenSearch has its streams made for a namespace before anything is sent.
    assert {step.outcome for step in installed(ElasticOptions(urls=(server.url,), dialect=dialect, namespace=namespace))} == {"done"}
    box, thief = (Box(name, tmp_path, server.url, namespace, clock, dialect=dialect) for name in ("hop-1", "hop-2"))
    declared = roster(box.line("xa-a"), thief.line("xa-b"))
    store = ElasticStore(ElasticOptions(name="province", urls=(server.url,), namespace=namespace, dialect=dialect), lambda: declared)
    with Journal.open(tmp_path / "province.db", box="province-79", clock=clock) as journal:
        journal.table.register("soc", ("finding",))
        province = Province(store=store, journal=journal, declared=lambda: declared, verify=holds, clock=clock, rules={})
        box.commit("xa-a", told("xa-a", 1), told("xa-a", 2))
        thief.commit("xa-a", told("xa-a", 3))
        for each in (box, thief):
            each.beat("xa-a" if each is box else "xa-b")
            await each.deliver()
        while await province.turn():
            pass
        assert (province.figures.refused, province.figures.sites) == ({"no_key": 1}, {"heard": 2})
        await province.act(Act(kind="acknowledge", finding=told("xa-a", 1).finding.id, by="an"))
        box.commit("xa-a", told("xa-a", 2, step="resolved", at=clock.now() + 1, sequence=2))
        await box.deliver()
        while await province.turn():
            pass
        rows = journal.table.lease("soc", 100).rows
        journal.table.acknowledge("soc", [Receipt(row.seq, "accepted") for row in rows])
        rows += journal.table.lease("soc", 100).rows
        assert sorted(row.document.change.step for row in rows) == ["acknowledged", "opened", "opened", "resolved"]
        found = server.documents(f"vonggac-finding-{namespace}").values()
        assert sorted((one["vonggac"]["finding"]["state"], one["vonggac"]["finding"].get("owner", "")) for one in found) == [("open", "an"), ("resolved", "")]
        assert {beat.site for beat in await store.beats()} == {"xa-a", "xa-b"}
        assert [laid.act.by for laid in await store.acts()] == ["an"]
        known = posture(1).document
        verdict = msgspec.structs.replace(known.verdict, outcome=Outcome.CLEAR, reason=None)
        box.commit("xa-a", documents=[msgspec.structs.replace(known, at=clock.now(), verdict=verdict)])
        await box.deliver()
        for days, counted in ((0, (0, 0)), (4, (1, 0)), (27, (1, 1))):
            clock.move(days * 86_400)
            while await province.turn():
                pass
            assert (province.figures.faded, province.figures.dropped) == counted
        assert {one["rule"]["id"] for one in server.documents(f"vonggac-posture-{namespace}").values()} == {"VG-COV-01"}
    await store.close()
    for each in (box, thief):
        await each.close()
