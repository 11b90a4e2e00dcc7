"""What the province hears of a site's rows: what says something new, once a day what does not, at once what is gone, and no more than that."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.journal import JournalError
from collector.journal.batch import ROW_DECODERS
from collector.journal.documents import document_id
from collector.observing import AT_ONCE, HOLD, Observer, _rows
from collector.veils import writable
from model.endpointfacts import PcHeard
from model.facts import AddressSeen, DhcpClientSeen, NameSeen, SensorHeard
from model.ports import Observed
from model.privacy import personal
from model.restored import row_of
from model.rows import Sighting, Stamp
from model.site import SiteView, fold
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from tests.core.test_core import Box, HandClock
from tests.model.making import AIRPLAY, AT, CAST, IPS, KEY, PC, STATIONS, VIDEO, Sensor, declared, histories

OPEN = {"features": VIDEO, "flags": "0x4"}


class Site:
    """A view with its observer, told and committed as core does."""

    def __init__(self) -> None:
        self.view = SiteView(declared(zones={"lan": "staff"}), key=KEY, now=AT)
        self.sensor = Sensor()
        self.observer = Observer(self.view)

    def hears(self, *facts) -> None:
        for fact in facts:
            fold(self.view, fact)

    def after(self, span: int) -> list[Observed]:
        """Core's turn `span` after AT: what is queued, the commit done."""
        self.view.now = AT + span
        documents = self.turn()
        self.observer.written()
        return documents

    def turn(self) -> list[Observed]:
        dirty, self.view.dirty = self.view.dirty, set()
        gone, self.view.gone = self.view.gone, set()
        return self.observer.documents(dirty, gone)


def kinds(documents: list[Observed]) -> list[str]:
    return sorted(document.kind for document in documents)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_new_row_is_told_as_the_journal_holds_it(site):
    site.hears(site.sensor.beat(), site.sensor.service(AIRPLAY, text=OPEN))
    told = site.after(SECOND)
    assert kinds(told) == ["asset", "leg", "segment"], "a sensor is in the heartbeat"
    for document in told:
        assert ROW_DECODERS[document.kind].decode(document.row) == row_of(site.view, document.kind, document.id)
        assert (document.site, document.at, document.gone) == (site.view.site, AT + SECOND, False)


def test_times_of_sighting_alone_are_no_news(site):
    def seen(after: int):
        sensor = site.sensor
        request = {"message": "request", "host_name": "PC-01", "vendor_class": "MSFT 5.0", "parameters": (1, 3, 6)}
        return [
            sensor.beat(after),
            sensor.service(AIRPLAY, after, text=OPEN),
            sensor.upnp("upnp:rootdevice", after),
            sensor.port(22, after),
            sensor(DhcpClientSeen, after, mac=PC, ip=IPS[PC], **request),
            sensor(NameSeen, after, mac=PC, ip=IPS[PC], name="pc-01", via="nbns"),
            PcHeard(at=AT + after, sensor="endpoints", sequence=1 + after, site=site.view.site, pc="pc-01", skew=after % 7 * SECOND),
        ]

    site.hears(*seen(0))
    first = site.after(SECOND)
    assert "pc" in kinds(first)
    for minute in range(1, 180):
        site.hears(*seen(minute * MINUTE))
        assert site.after(minute * MINUTE) == []


def test_news_waits_until_ten_minutes_after_the_last_look_and_is_not_lost(site):
    site.hears(site.sensor.service(AIRPLAY, text=OPEN))
    site.after(SECOND)
    site.hears(site.sensor.service(AIRPLAY, MINUTE, text={**OPEN, "pw": "true"}))
    # Nothing more is heard of it: what was new must still go out.
    assert [document for second in range(60, 600) for document in site.after(second * SECOND)] == []
    [news] = site.after(HOLD + SECOND)
    assert news.kind == "asset"
    assert '"pw"' in news.row
    assert site.after(HOLD + MINUTE) == []


def test_each_row_is_told_once_a_day(site):
    site.hears(site.sensor.beat(), site.sensor.service(AIRPLAY, text=OPEN))
    first = site.after(SECOND)
    assert [document for hour in range(1, 24) for document in site.after(hour * HOUR)] == []
    assert kinds(site.after(DAY + SECOND)) == kinds(first)
    assert site.after(DAY + HOUR) == []
    assert kinds(site.after(2 * DAY + 2 * SECOND)) == kinds(first)


def test_what_leaves_the_view_is_told_at_once_and_what_comes_back_too(site):
    site.hears(site.sensor.service(AIRPLAY, text=OPEN))
    site.after(SECOND)
    [asset] = list(site.view.assets)
    row = site.view.assets.pop(asset)
    site.view.removed("asset", asset)
    site.view.removed("sensor", "capture:lan")
    [gone] = site.after(2 * SECOND)
    assert (gone.kind, gone.id, gone.gone, gone.row) == ("asset", asset, True, "")
    site.view.assets[asset] = row
    site.view.changed("asset", asset)
    [back] = site.after(3 * SECOND)
    assert (back.id, back.gone) == (asset, False)


def test_a_row_that_goes_while_it_waits_is_not_told_of_again(site):
    site.hears(site.sensor.service(AIRPLAY, text=OPEN))
    site.after(SECOND)
    [asset] = list(site.view.assets)
    site.hears(site.sensor.service(CAST, MINUTE, text={"ca": "5"}))
    site.after(MINUTE)
    del site.view.assets[asset]
    site.view.removed("asset", asset)
    assert [document.gone for document in site.after(2 * MINUTE)] == [True]
    assert "asset" not in kinds(site.after(HOLD + MINUTE) + site.after(DAY + MINUTE))


def test_what_could_not_be_written_is_offered_again_unchanged(site):
    site.hears(site.sensor.service(AIRPLAY, text=OPEN))
    site.view.now = AT + SECOND
    first = site.turn()
    site.view.now = AT + 2 * SECOND
    assert site.turn() == first != []
    site.observer.written()
    site.view.now = AT + 3 * SECOND
    assert site.turn() == []


def test_after_a_start_all_rows_go_out_but_not_all_at_once(site):
    stations = range(2 * AT_ONCE)
    site.hears(*(site.sensor(NameSeen, mac=f"00:e0:4c:00:{n // 256:02x}:{n % 256:02x}", ip="", name=f"pc-{n}", via="nbns") for n in stations))
    site.view.dirty.clear()
    site.observer = Observer(site.view)
    turns = [site.after(n * SECOND) for n in range(1, 5)]
    assert [len(turn) for turn in turns][:2] == [AT_ONCE, AT_ONCE]
    told = [(document.kind, document.id) for turn in turns for document in turn]
    assert len(told) == len(set(told))
    assert {row for kind, row in told if kind == "asset"} == set(site.view.assets)


def test_two_documents_of_one_row_never_have_one_id(site):
    ids = []
    for second in range(1, 30):
        site.hears(site.sensor.service(AIRPLAY, second * SECOND, text=OPEN))
        for _ in range(3):
            ids += [document_id("hop-01", site.view.epoch, document) for document in site.after(second * SECOND)]
        for asset in list(site.view.assets):
            del site.view.assets[asset]
            site.view.by_mac.clear()
            site.view.by_ip.clear()
            site.view.removed("asset", asset)
        ids += [document_id("hop-01", site.view.epoch, document) for document in site.after(second * SECOND)]
    assert len(ids) > 50
    assert len(ids) == len(set(ids))


def test_a_clock_set_back_by_years_holds_nothing_back(site):
    site.hears(site.sensor.beat(), site.sensor.service(AIRPLAY, text=OPEN))
    first = site.after(SECOND)
    site.view.new_epoch(AT - 365 * DAY)
    site.hears(site.sensor.service(AIRPLAY, -365 * DAY + SECOND, text={**OPEN, "pw": "true"}))
    assert kinds(site.after(-365 * DAY + 2 * SECOND)) == kinds(first)


def test_a_burst_of_new_devices_does_not_keep_what_changed_from_its_turn(site):
    site.hears(site.sensor.service(AIRPLAY, text=OPEN))
    site.after(SECOND)
    site.hears(site.sensor.service(AIRPLAY, 2 * SECOND, text={**OPEN, "pw": "true"}))
    site.after(2 * SECOND)
    site.view.now = AT + 5 * MINUTE
    site.hears(*(site.sensor(NameSeen, 5 * MINUTE, mac=f"00:e0:4c:01:{n // 256:02x}:{n % 256:02x}", ip="", name=f"pc-{n}", via="nbns") for n in range(300)))
    told = [document for turn in range(310) for document in site.after(5 * MINUTE + turn * SECOND)]
    assert any('"pw"' in document.row for document in told)
    assert len(told) >= 300


async def observations(box: Box) -> list[Observed]:
    return [row.document for row in await box.told() if isinstance(row.document, Observed)]


async def test_core_queues_them_with_the_rows_themselves(tmp_path):
    clock = HandClock()
    box = Box(tmp_path, clock, observed=True)
    try:
        box.queue.put([Sensor().service(AIRPLAY, text=OPEN)])
        await box.opened()

        async def queued():
            return box.journal.queued().rows and box.journal.table.ask(lambda c: c.execute("SELECT 1 FROM outbox WHERE stream = 'observation'").fetchone())

        await box.version(queued)
        told = await observations(box)
        [asset] = await box.reader.assets()
    finally:
        box.stop()
    assert [msgspec.json.decode(document.row)["id"] for document in told if document.kind == "asset"] == [asset.id]


async def test_without_a_sink_that_takes_them_there_are_none(tmp_path):
    box = Box(tmp_path, HandClock())
    try:
        box.queue.put([Sensor().service(AIRPLAY, text=OPEN), Sensor()(SensorHeard)])
        await box.opened()
        box.core.stop()
        assert await observations(box) == []
    finally:
        box.stop()


async def test_a_journal_that_refuses_for_a_while_loses_no_observation(tmp_path, monkeypatch):
    clock = HandClock()
    box = Box(tmp_path, clock, observed=True)
    commit, refused = box.journal.commit, []

    def refusing(batch):
        if len(refused) < 3 and batch.documents:
            refused.append(batch)
            raise JournalError("full", Text("đầy", "full"))
        return commit(batch)

    monkeypatch.setattr(box.journal, "commit", refusing)
    try:
        box.queue.put([Sensor().service(AIRPLAY, text=OPEN), Sensor()(AddressSeen, SECOND, mac=PC, ip=IPS[PC])])
        await box.opened()
        box.core.stop()
        told = await observations(box)
        held = {asset.id for asset in await box.reader.assets()}
    finally:
        box.stop()
    assert len(refused) == 3
    assert {document.id for document in told if document.kind == "asset"} == held
    ids = [(document.kind, document.id, document.at) for document in told]
    assert len(ids) == len(set(ids))


def later(value: Any, span: int) -> Any:
    """The same value, heard so much later: a copy of a row, or of any part of one."""
    if isinstance(value, Sighting):
        return Sighting(value.first, value.last + span)
    if isinstance(value, Stamp):
        return value._replace(at=value.at + span, sequence=value.sequence + 1)
    if isinstance(value, dict):
        return {key: later(part, span) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(later(part, span) for part in value)
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: later(getattr(value, name), span) for name in value.__struct_fields__})
    return value


@given(histories(), st.integers(1, 10**12))
@settings(max_examples=60, deadline=None)
def test_whatever_was_heard_the_same_heard_later_is_no_news_and_something_else_is(facts, span):
    site = Site()
    known = [site.sensor(AddressSeen, n, mac=mac, ip=IPS[mac]) for mac in STATIONS for n in (1, 2)]
    site.hears(*known, *facts)
    told = {(document.kind, document.id): document.row for document in site.after(MINUTE) if not document.gone}
    tables = {kind: dict(_rows(site.view, kind)) for kind, _ in told}
    for (kind, row_id), row in told.items():
        assert ROW_DECODERS[kind].decode(row) == writable(site.view, tables[kind][row_id])
        _rows(site.view, kind)[row_id] = later(tables[kind][row_id], span)  # type: ignore[index]  # a table of the view
        site.view.changed(kind, row_id)
    assert site.after(HOLD + MINUTE) == []
    named = {asset.id for asset in site.view.assets.values() if not personal(site.view, asset)}
    for asset in site.view.assets.values():
        asset.names["mdns:khac.local."] = Sighting(AT, AT)
        site.view.changed("asset", asset.id)
    assert {document.id for document in site.after(2 * HOLD + MINUTE)} == named
