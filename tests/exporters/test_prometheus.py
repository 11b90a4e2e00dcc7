import re
import subprocess
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

from exporters.prometheus import FRESH, Metrics
from exporters.prometheus_families import MAX_NAMES, OTHER, label
from exporters.tally import Tally
from model.portals import figures
from model.portals.feeds import FORGOTTEN
from model.portals.figures import PortalFigures
from model.portals.rows import FeedRow
from model.ports import Receipt, SinkStatus
from model.rows import Sighting, Stamp
from model.text import Text
from model.verdict import Evidence, Outcome, Severity, Subject, Verdict
from tests.exporters.readers import Reader, counted, probed, sensor, status
from tests.exporters.samples import AT, change
from tests.servers.process import free_port

SECOND = 1_000_000_000
DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"
# A province of 3,321 boxes must fit into one small Prometheus: a box with one leg and one sink may have so many series.
MOST_SERIES = 150
# What a province's watcher has beside that, however many portals it has, and for each list.
MOST_OF_PORTALS, MOST_OF_A_LIST = 45, 3


class Clock:
    now = AT


def verdict(number, outcome=Outcome.VIOLATION, **fields):
    said = Text(f"http://evil{number}.example", "x")
    return Verdict(detector="VG-NET-02", subject=Subject("asset", f"a{number}"), outcome=outcome, title=said, summary=said, **fields)


def tally(**fields):
    return Tally(sink="webhook", **fields)


def metrics(reader, tallies=(), clock=Clock):
    return Metrics(reader, now=lambda: clock.now, version="0.1.0", tallies=tallies)


async def samples(page):
    body, _ = await page.page()
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in parse(body.decode()) for s in family.samples}


def value(found, name, **labels):
    return found["vonggac_" + name, tuple(sorted(labels.items()))]


async def test_the_page_says_what_the_journal_holds():
    reader = Reader(
        changes=[change(), change(severity=Severity.LOW), change("lapsed"), change()],
        verdicts=[verdict(1), verdict(2, Outcome.UNKNOWN), verdict(3, Outcome.UNKNOWN)],
    )
    found = await samples(metrics(reader))
    assert value(found, "findings", detector="VG-NET-02", severity="high", state="open") == 2
    assert value(found, "findings", detector="VG-NET-02", severity="low", state="open") == 1
    assert value(found, "findings", detector="VG-NET-02", severity="high", state="lapsed") == 1
    assert value(found, "verdicts", detector="VG-NET-02", outcome="unknown") == 2
    assert value(found, "facts_total", sensor="capture:lan") == 120
    assert value(found, "facts_refused_total", sensor="capture:lan") == 3
    assert value(found, "capture_dropped_total", leg="lan") == 11
    told = [value(found, f"capture_flows{what}_total", leg="lan") for what in ("", "_dropped", "_cut")]
    assert told == [700, 3, 1]
    assert value(found, "sensor_up", sensor="capture:lan") == 1
    assert value(found, "leg_vantage_info", leg="lan", vantage="plain") == 1
    assert value(found, "outbox_rows", sink="webhook") == 4
    assert value(found, "outbox_held_rows", sink="webhook") == 2
    assert value(found, "outbox_oldest_seconds", sink="webhook") == 90
    assert value(found, "dead_letters", sink="webhook") == 1
    assert value(found, "outbox_lost_total", stream="posture") == 7
    assert value(found, "heartbeat_timestamp_seconds") == AT / SECOND
    assert value(found, "assets") == 2
    assert value(found, "build_info", version="0.1.0") == 1
    assert value(found, "journal_up") == 1
    assert found["process_open_fds", ()] > 0


async def test_the_page_says_what_the_sinks_did():
    told = tally(faults=2)
    for seconds, reason in ((0.3, ""), (4.0, ""), (1e6, ""), (1.0, "duplicate"), (1.0, "filtered")):
        told.count(Receipt(1, "accepted", reason), seconds, AT)
    told.count(Receipt(1, "retry"), 1, AT)
    told.down = True
    found = await samples(metrics(Reader(), [told]))
    counts = {
        outcome: value(found, "deliveries_total", sink="webhook", outcome=outcome) for outcome in ("delivered", "duplicates", "filtered", "rejected", "retried")
    }
    assert counts == {"delivered": 3, "duplicates": 1, "filtered": 1, "rejected": 0, "retried": 1}
    assert value(found, "delivery_seconds_bucket", sink="webhook", le="0.5") == 1
    assert value(found, "delivery_seconds_bucket", sink="webhook", le="5.0") == 2
    assert value(found, "delivery_seconds_bucket", sink="webhook", le="+Inf") == value(found, "delivery_seconds_count", sink="webhook") == 3
    assert value(found, "delivery_seconds_sum", sink="webhook") == 1_000_004.3
    assert (value(found, "sink_up", sink="webhook"), value(found, "sink_faults_total", sink="webhook")) == (0, 2)


async def test_what_judging_costs_is_told_by_detector():
    found = await samples(metrics(Reader()))
    assert value(found, "judged_total", detector="VG-NET-02") == 40
    assert value(found, "judge_seconds_total", detector="VG-NET-02") == 0.5
    assert value(found, "judged_total", detector="VG-NET-06") == value(found, "judge_seconds_total", detector="VG-NET-06") == 0


async def test_probes_are_told_by_their_last_run():
    rows = [probed(nonce_raw__wifi="sent", nonce_raw__dmz="sent", line="refused"), probed("wifi", dhcp="no_address")]
    found = await samples(metrics(Reader(sensors=rows)))
    assert value(found, "probes", leg="lan", probe="nonce_raw", outcome="sent") == 2
    assert value(found, "probes", leg="lan", probe="line", outcome="refused") == 1
    assert value(found, "probes", leg="wifi", probe="dhcp", outcome="no_address") == 1
    assert value(found, "probe_run_timestamp_seconds", leg="lan", probe="nonce_raw") == (AT - 60 * SECOND) / SECOND
    assert not [labels for name, labels in found if name == "vonggac_probes" and ("outcome", "failed") in labels]


async def test_where_no_probe_ever_ran_nothing_is_said_of_them():
    assert not [name for name, _ in await samples(metrics(Reader())) if "probe" in name]


async def test_probes_make_a_bounded_number_of_series_whatever_legs_are_called():
    rows = [probed(f"leg-{n}", dhcp="sent", line="failed") for n in range(500)] + [probed(f"192.0.2.{n}", dhcp="sent") for n in range(9)]
    found = await samples(metrics(Reader(sensors=rows)))
    assert len([name for name, _ in found if name == "vonggac_probes"]) <= 2 * (MAX_NAMES + 1)
    assert sum(number for (name, _), number in found.items() if name == "vonggac_probes") == 1009
    assert not [labels for _, labels in found if ADDRESSES.search(str(labels))]


def watching(**fields):
    given = {"declared": 4, "views": {}, "looks": {}, "failed": {}, "overdue": 0, "incidents": {}}
    none = {"confirmations": [0] * (len(figures.BUCKETS) + 1), "confirmation_seconds": 0.0, "confirmation_last": 0.0}
    return status(portals=PortalFigures(**{**given, **none, **fields}))


def listed(name="co-bac", heard=AT, **fields):
    return FeedRow(name=name, told=Stamp(0, heard, "portals", 1), **fields)


async def test_portals_are_told_in_figures():
    told = watching(
        views={"seen": 2, "unknown": 1, "waiting": 1},
        looks={"clean": 70, "dirty": 5, "unknown": 9},
        failed={"dns": 6, "too_large": 1},
        overdue=12,
        incidents={"VG-WEB-01": {"pending": 1, "confirmed": 3}},
        confirmations=[1, 2, 0, 0, 0, 0, 0, 1],
        confirmation_seconds=90_260.0,
        confirmation_last=61.0,
    )
    found = await samples(metrics(Reader(core=told)))
    assert value(found, "portals_declared") == 4
    assert [value(found, "portals", state=state) for state in ("seen", "partly", "waiting", "unknown")] == [2, 0, 1, 1]
    assert [value(found, "portal_looks_total", outcome=outcome) for outcome in ("clean", "dirty", "unknown")] == [70, 5, 9]
    assert [value(found, "portal_looks_failed_total", reason=reason) for reason in ("dns", "too_large", "tls")] == [6, 1, 0]
    assert value(found, "portal_looks_overdue") == 12
    assert value(found, "portal_incidents", detector="VG-WEB-01", state="confirmed") == 3
    assert value(found, "portal_incidents", detector="VG-WEB-01", state="pending") == 1
    assert value(found, "portal_confirmation_seconds_bucket", le="75.0") == 1
    assert value(found, "portal_confirmation_seconds_bucket", le="120.0") == value(found, "portal_confirmation_seconds_bucket", le="86400.0") == 3
    assert value(found, "portal_confirmation_seconds_count") == 4
    assert value(found, "portal_confirmation_seconds_sum") == 90_260
    assert value(found, "portal_confirmation_last_seconds") == 61


async def test_where_portals_are_declared_zero_is_said_and_never_left_out():
    found = await samples(metrics(Reader(core=watching())))
    for reason in figures.FAILURES:
        assert value(found, "portal_looks_failed_total", reason=reason) == 0
    for rule in ("VG-WEB-01", "VG-WEB-02", "VG-WEB-03"):
        assert [value(found, "portal_incidents", detector=rule, state=state) for state in ("pending", "confirmed")] == [0, 0]
    assert sum(value(found, "portals", state=state) for state in figures.VIEW_STATES) == 0
    assert value(found, "portal_confirmation_seconds_count") == value(found, "portal_looks_overdue") == 0


async def test_a_box_that_watches_no_portal_says_nothing_of_them():
    assert not [name for name, _ in await samples(metrics(Reader())) if "portal" in name or "feed" in name]


async def test_a_word_that_is_no_outcome_or_reason_makes_no_series():
    told = watching(views={"evil": 3}, looks={"evil": 1}, failed={"https://evil1.example": 1}, incidents={"evil": {"open": 1}})
    plain, strange = await samples(metrics(Reader(core=watching()))), await samples(metrics(Reader(core=told)))
    assert plain.keys() == strange.keys()


async def test_lists_are_told_with_their_age_now():
    rows = [listed(entries=2_500, age=60, refused=2, heard=AT - 30 * SECOND), listed("lua-dao", age=-1, refused=1)]
    found = await samples(metrics(Reader(sensors=[sensor(), *rows])))
    assert [value(found, "feed_entries", feed=name) for name in ("co-bac", "lua-dao")] == [2_500, 0]
    assert [value(found, "feed_age_seconds", feed=name) for name in ("co-bac", "lua-dao")] == [90, -1]
    assert [value(found, "feed_refused_total", feed=name) for name in ("co-bac", "lua-dao")] == [2, 1]
    assert value(found, "sensor_up", sensor="capture:lan") == 1


async def test_a_list_that_was_taken_out_vanishes_within_a_day():
    rows = [listed(entries=1, age=1), listed("cu", entries=9, age=9, heard=AT - FORGOTTEN - 1)]
    found = await samples(metrics(Reader(sensors=rows)))
    assert [dict(labels)["feed"] for name, labels in found if name == "vonggac_feed_entries"] == ["co-bac"]


async def test_a_province_has_few_series_more_than_a_commune():
    def lines(body):
        return [line for line in body.decode().splitlines() if not line.startswith("#")]

    many = watching(declared=10_000, views={"seen": 9_000, "partly": 1_000}, looks={"clean": 10**9})
    plain, _ = await metrics(Reader()).page()
    province, _ = await metrics(Reader(core=many, sensors=[sensor(), *(listed(f"l-{n}") for n in range(500))])).page()
    assert len(lines(province)) - len(lines(plain)) <= MOST_OF_PORTALS + MOST_OF_A_LIST * (MAX_NAMES + 1)


async def test_label_sets_that_are_gone_vanish():
    class Later(Clock):
        now = AT

    reader = Reader(changes=[change()])
    page = metrics(reader, clock=Later)
    before = await samples(page)
    reader.changes, Later.now = [change("resolved")], AT + FRESH
    after = await samples(page)
    key = ("vonggac_findings", (("detector", "VG-NET-02"), ("severity", "high"), ("state", "open")))
    assert key in before
    assert key not in after


async def test_asking_often_reads_the_journal_once():
    class Later(Clock):
        now = AT

    reader = Reader()
    page = metrics(reader, clock=Later)
    for _ in range(9):
        await page.page()
    assert reader.reads == 1
    Later.now = AT + FRESH
    await page.page()
    Later.now = AT - 3600 * SECOND
    await page.page()
    assert reader.reads == 3


@pytest.mark.parametrize("error", [ConnectionRefusedError("core"), ValueError("planted")], ids=lambda error: type(error).__name__)
async def test_while_core_is_away_the_page_answers_and_repeats_nothing_of_before(caplog, error):
    class Later(Clock):
        now = AT

    reader = Reader(changes=[change()])
    page = metrics(reader, [tally()], clock=Later)
    await page.page()
    for turn in range(1, 4):
        reader.error, Later.now = error, AT + turn * FRESH
        found = await samples(page)
    assert value(found, "journal_up") == 0
    assert value(found, "sink_up", sink="webhook") == 1
    assert not [name for name, _ in found if name in ("vonggac_findings", "vonggac_heartbeat_timestamp_seconds", "vonggac_sensor_up")]
    assert caplog.text.count(type(error).__name__) == 1
    reader.error, Later.now = None, AT + 9 * FRESH
    assert value(await samples(page), "journal_up") == 1


@pytest.mark.parametrize(("state", "age", "up"), [("running", 0, 1), ("running", 119, 1), ("running", 121, 0), ("waiting", 0, 0), ("failed", 0, 0)])
async def test_a_sensor_is_up_while_it_runs_and_is_heard(state, age, up):
    one = sensor(state=state, seen=Sighting(AT - 900 * SECOND, AT - age * SECOND))
    assert value(await samples(metrics(Reader(sensors=[one]))), "sensor_up", sensor="capture:lan") == up


ADDRESSES = re.compile(r"(?i)(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|\d+\.\d+\.\d+\.\d+|[0-9a-f]{1,4}::|(?:[0-9a-f]{1,4}:){3}|https?:|evil|TV-")


async def test_ten_thousand_devices_make_no_more_series_and_no_label_names_one():
    many = range(10_000)
    reader = Reader(
        changes=[
            change(
                ["opened", "resolved", "lapsed", "accepted"][n % 4],
                subject=Subject("asset", f"a{n}"),
                severity=list(Severity)[n % 4],
                name=f"TV-{n}",
                macs=(f"02:00:00:00:{n // 256:02x}:{n % 256:02x}",),
                ips=(f"192.0.2.{n % 256}",),
                evidence=(Evidence("mdns", f"http://evil{n}.example", AT),),
            )
            for n in many
        ],
        verdicts=[verdict(n, list(Outcome)[n % 4]) for n in many],
        # What hostile names could do if ever a sensor or a sink were named after a device.
        sensors=[sensor(), *(sensor(f"02:00:00:00:{n // 256:02x}:{n % 256:02x}", leg=f"192.0.2.{n % 256}") for n in many)],
        sinks=[
            SinkStatus(sink="webhook", waiting=0, oldest_at=0, dead=0, delivered=0),
            SinkStatus(sink="2001:db8::1", waiting=1, oldest_at=1, dead=0, delivered=0),
        ],
        core=status(assets=10_000, facts={f"192.0.2.{n % 256}": n for n in many}),
    )
    body, _ = await metrics(reader, [tally()]).page()
    series = [line for line in body.decode().splitlines() if not line.startswith("#")]
    assert len(series) <= MOST_SERIES
    assert not [line for line in series if ADDRESSES.search(line)]
    assert value(await samples(metrics(reader)), "assets") == 10_000


async def test_names_beyond_the_closed_set_are_counted_together():
    reader = Reader(core=status(facts={f"sensor-{n:03}": 1 for n in range(500)}))
    found = await samples(metrics(reader))
    names = [labels[0][1] for name, labels in found if name == "vonggac_facts_total"]
    assert len(names) == MAX_NAMES + 1
    assert value(found, "facts_total", sensor=OTHER) == 500 - MAX_NAMES


@given(
    st.one_of(st.text(max_size=60), st.ip_addresses().map(str), st.from_regex(r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}", fullmatch=True)),
    st.text("capture:-", max_size=9),
)
def test_no_address_becomes_a_label_whatever_it_is_hidden_in(value, around):
    for name in (value, around + value, value + around, f"x{value}"):
        shown = label(name)
        assert shown == OTHER or (shown == name and not ADDRESSES.search(shown.replace("evil", "").replace("TV-", "")))


@pytest.mark.parametrize("name", ["capture:lan", "webhook", "VG-NET-02", "lan/10.20", "es-soc", "wan1"])
def test_our_own_names_stay(name):
    assert label(name) == name


def all_there_is():
    """A box with every family on its page."""
    rows = [sensor(), listed(age=3), probed(dhcp="sent"), counted(certificate_until=1)]
    return Reader(changes=[change()], verdicts=[verdict(1)], core=watching(), sensors=rows)


async def test_promtool_finds_nothing_to_complain_about():
    told = tally()
    told.count(Receipt(1, "accepted"), 3.0, AT)
    reader = all_there_is()
    body, _ = await metrics(reader, [told]).page()
    checked = subprocess.run(["promtool", "check", "metrics"], input=body, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout.decode(), checked.stderr.decode()) == (0, "", "")


async def test_the_document_names_every_family_with_its_labels_and_no_other():
    reader = all_there_is()
    body, _ = await metrics(reader, [tally()]).page()
    shown = {f.name: (f.type, {label for s in f.samples for label in s.labels} - {"le"}) for f in parse(body.decode()) if f.name.startswith("vonggac_")}
    rows = [line.split(" | ") for line in DOCUMENT.read_text().splitlines() if line.startswith("| `vonggac_") and len(line.split(" | ")) == 4]
    said = {name.strip("|` ").removesuffix("_total"): (kind, set(labels.split(", ")) - {""}) for name, kind, labels, _ in rows}
    assert said == shown


async def test_open_metrics_when_asked_for():
    body, kind = await metrics(Reader(changes=[change()]), [tally()]).page("application/openmetrics-text; version=1.0.0")
    assert kind.startswith("application/openmetrics-text")
    families = {family.name for family in parse_openmetrics(body.decode())}
    assert {"vonggac_findings", "vonggac_delivery_seconds", "vonggac_facts"} <= families


@pytest.mark.servers
async def test_prometheus_scrapes_the_page_and_answers_a_query(start_prometheus):
    told = tally()
    told.count(Receipt(1, "accepted"), 3.0, AT)
    application = web.Application()
    # Half of what was confirmed took more than two minutes.
    core = watching(views={"unknown": 4}, confirmations=[0, 1, 1, 0, 0, 0, 0, 0], confirmation_seconds=300.0)
    reader = Reader(changes=[change()], core=core, sensors=[sensor(), listed(entries=8, age=3)])
    application.router.add_get("/metrics", metrics(reader, [told]).scrape)
    runner, port = web.AppRunner(application), free_port()
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        prometheus = start_prometheus([f"127.0.0.1:{port}"])
        ((labels, open_now),) = await prometheus.until('vonggac_findings{state="open"}')
        assert (labels["detector"], labels["severity"], open_now) == ("VG-NET-02", "high", 1.0)
        ((_, quantile),) = await prometheus.until("histogram_quantile(0.95, vonggac_delivery_seconds_bucket)")
        assert 2 < quantile <= 5
        ((labels, cost),) = await prometheus.until("vonggac_judge_seconds_total / (vonggac_judged_total > 0)")
        assert (labels["detector"], cost) == ("VG-NET-02", 0.0125)
        ((_, portals),) = await prometheus.until('vonggac_portals{state="unknown"} / on() vonggac_portals_declared')
        assert portals == 1.0
        ((_, slow),) = await prometheus.until("histogram_quantile(0.99, vonggac_portal_confirmation_seconds_bucket)")
        assert 120 < slow <= 300
        ((labels, entries),) = await prometheus.until("vonggac_feed_entries")
        assert (labels["feed"], entries) == ("co-bac", 8.0)
        ((_, series),) = await prometheus.until('count({__name__=~"vonggac_.*|process_.*"})')
        assert series <= MOST_SERIES + MOST_OF_PORTALS + MOST_OF_A_LIST
        ((_, up),) = await prometheus.until("up")
        assert up == 1.0
    finally:
        await runner.cleanup()
