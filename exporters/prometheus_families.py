"""What the metrics are called and what they count. Labels come from closed sets only: detectors, states, sinks, sensors and legs of the configuration."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import get_args

import msgspec
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from exporters.tally import BUCKETS, Reloaded, Tally
from model.listening import LISTENING_GAP
from model.portals import feeds, figures
from model.portals.figures import PortalFigures
from model.portals.rows import FeedRow
from model.ports import CoreStatus, SinkStatus, Stream, Trouble
from model.posture import figures as pcs
from model.posture.rows import TakenRow
from model.rows import Sensor
from model.times import SECOND
from model.wire.proof import ProofRow, last_runs

Cells = Iterable[tuple[Sequence[str], float]]

# More names than a box has sensors, legs and sinks: whatever tries to be a label beyond that is counted together.
MAX_NAMES = 32
OTHER = "other"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,39}")
# Architecture: no address in a label. A name that holds one is somebody's device, not ours.
_ADDRESS = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:\d{1,3}\.){3}\d{1,3}|::|(?:[0-9a-f]{1,4}:){3}", re.IGNORECASE)


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of the journal at one moment, counted."""

    status: CoreStatus
    sinks: Sequence[SinkStatus]
    sensors: Sequence[Sensor]
    feeds: Sequence[FeedRow] = ()
    proofs: Sequence[ProofRow] = ()
    taken: Sequence[TakenRow] = ()
    findings: Mapping[tuple[str, str, str], int]
    verdicts: Mapping[tuple[str, str], int]


def of_core(snapshot: Snapshot) -> Iterator[Metric]:
    """The box: heartbeat, facts, assets, journal."""
    status = snapshot.status
    yield _gauge("heartbeat_timestamp_seconds", "When core said last that it is alive, Unix time.", status.now / SECOND)
    yield _gauge("assets", "Assets kept.", status.assets)
    yield _counter("assets_evicted", "Assets and probation entries forgotten for want of room.", status.evicted)
    yield _counter("overflows", "What was left out at a bound: hundreds of new devices in a minute, a device that announces too much.", status.overflowed)
    yield _gauge("queue_facts", "Facts waiting for core.", status.queue)
    yield _counters("facts", "Facts taken, by sensor.", ("sensor",), _one(status.facts))
    # From zero on: a counter that is there only once it has counted never rises, and no rule would see its first loss.
    refused = dict.fromkeys(status.facts, 0) | status.refused
    yield _counters("facts_refused", "Facts refused because the sensor's share of the queue was full.", ("sensor",), _one(refused))
    yield _gauge("journal_bytes", "Bytes of the journal on disk.", status.journal_bytes)
    yield _counter("journal_commits", "Commits since core began.", status.commits)
    yield _counter("journal_commit_seconds", "Seconds spent in commits since core began.", status.commit_seconds)
    yield _counters("outbox_lost", "Rows given up for want of room, by stream.", ("stream",), _one(dict.fromkeys(get_args(Stream), 0) | status.lost))
    yield _counter("ticks_late", "Ticks that came late or not at all.", status.late_ticks)


def of_findings(snapshot: Snapshot) -> Iterator[Metric]:
    """What was found and judged."""
    yield _gauges("findings", "Findings by state.", ("detector", "severity", "state"), snapshot.findings.items())
    yield _gauges("verdicts", "Latest verdicts by outcome.", ("detector", "outcome"), snapshot.verdicts.items())
    judging = snapshot.status.judging.items()
    yield _counters("judged", "Times a detector judged a subject since core began.", ("detector",), (((name,), cost.times) for name, cost in judging))
    seconds = (((name,), cost.seconds) for name, cost in judging)
    yield _counters("judge_seconds", "Seconds a detector took to judge since core began.", ("detector",), seconds)


def of_probes(snapshot: Snapshot) -> Iterator[Metric]:
    """What came of the last run of each active probe, where any is allowed."""
    if not snapshot.proofs:
        return
    runs = [(row.id, probe, run) for row in snapshot.proofs for probe, _, run in last_runs(row)]
    last = (((leg, probe), run.stamp.at / SECOND) for leg, probe, run in runs)
    yield _gauges("probe_run_timestamp_seconds", "When a probe ran last on a leg, or could not, Unix time.", ("leg", "probe"), last, add=False)
    outcomes = (((leg, probe, run.outcome), 1) for leg, probe, run in runs)
    yield _gauges("probes", "Probes of a leg by what came of the last run; towards each other leg counts as one.", ("leg", "probe", "outcome"), outcomes)


def of_sensors(snapshot: Snapshot) -> Iterator[Metric]:
    """Who listens, and what was lost in listening."""
    sensors, now = snapshot.sensors, snapshot.status.now
    yield _gauges("sensor_up", "1 while a sensor runs and is heard.", ("sensor",), (((s.sensor,), _up(s, now)) for s in sensors))
    heard = (((s.sensor,), s.seen.last / SECOND) for s in sensors)
    yield _gauges("sensor_heard_timestamp_seconds", "When a sensor was heard last, Unix time.", ("sensor",), heard, add=False)
    yield _gauges(
        "leg_vantage_info", "What a leg can hear, as its sensor found out.", ("leg", "vantage"), (((s.leg, s.vantage), 1) for s in sensors), add=False
    )
    yield _counters("capture_received", "Frames taken in, by leg.", ("leg",), (((s.leg,), s.received) for s in sensors))
    yield _counters("capture_dropped", "Frames the kernel dropped, by leg.", ("leg",), (((s.leg,), s.dropped) for s in sensors))
    yield _counters("capture_undecodable", "Frames that no decoder could read, by leg.", ("leg",), (((s.leg,), s.undecodable) for s in sensors))
    yield _counters("capture_flows", "TCP connections followed, by leg.", ("leg",), (((s.leg,), s.flows) for s in sensors))
    dropped = (((s.leg,), s.flows_dropped) for s in sensors)
    yield _counters("capture_flows_dropped", "TCP connections given up to make room for others, by leg.", ("leg",), dropped)
    cut = (((s.leg,), s.flows_cut) for s in sensors)
    yield _counters("capture_flows_cut", "Messages in followed connections that are longer than is read, by leg.", ("leg",), cut)


def of_portals(snapshot: Snapshot) -> Iterator[Metric]:
    """The portals, where any are declared; then every figure is there, zero or not, so that an absence is one of the watcher."""
    told = snapshot.status.portals
    if told is None:
        return
    yield _gauge("portals_declared", "Portals declared.", told.declared)
    views = (((state,), told.views.get(state, 0)) for state in figures.VIEW_STATES)
    yield _gauges("portals", "Portals by who saw them within two periods: every kind of visitor, some, nobody yet, nobody.", ("state",), views)
    looks = (((outcome,), told.looks.get(outcome, 0)) for outcome in figures.OUTCOMES)
    yield _counters("portal_looks", "Looks at portals, by outcome.", ("outcome",), looks)
    failed = (((reason,), told.failed.get(reason, 0)) for reason in figures.FAILURES)
    yield _counters("portal_looks_failed", "Looks that could not see what a visitor sees, by reason.", ("reason",), failed)
    yield _gauge("portal_looks_overdue", "Looks that should have been made and were not.", told.overdue)
    incidents = (((rule, state), told.incidents.get(rule, {}).get(state, 0)) for rule in figures.DETECTORS for state in figures.INCIDENT_STATES)
    yield _gauges("portal_incidents", "Incidents that stand, seen once or confirmed.", ("detector", "state"), incidents)
    yield _confirmation_seconds(told)
    yield _gauge("portal_confirmation_last_seconds", "The last of vonggac_portal_confirmation_seconds, 0 before the first.", told.confirmation_last)


def of_feeds(snapshot: Snapshot) -> Iterator[Metric]:
    """Lists of gambling names, where the box keeps any."""
    now = snapshot.status.now
    kept = [row for row in snapshot.feeds if feeds.is_kept(row, now)]
    if not kept:
        return
    yield _gauges("feed_entries", "Names in use of a list, 0 when none are.", ("feed",), (((row.name,), row.entries) for row in kept))
    ages = (((row.name,), feeds.age_of(row, now)) for row in kept)
    yield _gauges("feed_age_seconds", "Age of a list's copy in use since its maker's date, -1 for no copy.", ("feed",), ages, add=False)
    refused = (((row.name,), row.refused) for row in kept)
    yield _counters("feed_refused", "Times a list's file was refused since the sensor began.", ("feed",), refused)


def of_pcs(snapshot: Snapshot) -> Iterator[Metric]:
    """The server of the PCs, where there is one; then every figure is there, zero or not."""
    counts = next((row.counts.value for row in snapshot.taken if row.counts is not None), None)
    if counts is None:
        return
    yield _gauge("pcs_enrolled", "PCs that enrolled.", counts.get("enrolled", 0))
    yield _counter("pc_batches", "Bodies with answers of PCs that were taken.", counts.get("batches", 0))
    yield _counter("pc_lines", "Result lines and answers that came.", counts.get("lines", 0))
    yield _counters("pc_lines_left", "Of these not taken as answers, by reason.", ("reason",), (((why,), counts.get(why, 0)) for why in pcs.LEFT))
    yield _counter("pc_cells_dropped", "Cells of answers that may not travel.", counts.get("dropped", 0))
    yield _counter("pc_status_lines", "Lines of the agents' own logs, which are kept nowhere.", counts.get("status", 0))
    refused = (((why,), counts.get(f"refused.{why}", 0)) for why in pcs.REFUSALS)
    yield _counters("pc_requests_refused", "Requests that were answered with an error, by reason.", ("reason",), refused)
    failed = (((why,), counts.get(f"handshake.{why}", 0)) for why in pcs.HANDSHAKES)
    yield _counters("pc_handshakes_failed", "TLS handshakes that failed, by reason.", ("reason",), failed)
    yield _gauge("pc_inbox_facts", "Facts of PCs on disk that core has not written down.", counts.get("inbox_facts", 0))
    yield _gauge("pc_inbox_bytes", "Bytes of these.", counts.get("inbox_bytes", 0))
    oldest = counts.get("inbox_oldest", 0)
    yield _gauge("pc_inbox_oldest_seconds", "Age of the oldest of these.", max(0, snapshot.status.now - oldest) / SECOND if oldest else 0.0)
    yield _counter("pc_inbox_lost", "Facts of PCs given up for want of room.", counts.get("inbox_lost", 0))
    # One that the server could not say is no series: 1970 would be an expired one.
    until = [((), counts[pcs.CERTIFICATE])] if pcs.CERTIFICATE in counts else []
    yield _gauges("pc_certificate_expiry_timestamp_seconds", "When the certificate that PCs are shown runs out, Unix time.", (), until)


def of_outbox(snapshot: Snapshot) -> Iterator[Metric]:
    """What has not been delivered."""
    sinks, now = snapshot.sinks, snapshot.status.now
    yield _gauges("outbox_rows", "Rows not yet delivered, by sink.", ("sink",), (((s.sink,), s.waiting) for s in sinks))
    yield _gauges("outbox_held_rows", "Rows a sink itself put off: groups, levels, maintenance.", ("sink",), (((s.sink,), s.held) for s in sinks))
    oldest = (((s.sink,), max(0, now - s.oldest_at) / SECOND if s.waiting else 0.0) for s in sinks)
    yield _gauges("outbox_oldest_seconds", "Age of the oldest row not yet delivered, by sink.", ("sink",), oldest, add=False)
    yield _gauges("dead_letters", "Rows a sink refused for ever.", ("sink",), (((s.sink,), s.dead) for s in sinks))


def of_deliveries(tallies: Sequence[Tally]) -> Iterator[Metric]:
    """What the sinks of this process did since it began."""
    outcomes = ("delivered", "duplicates", "filtered", "rejected", "retried")
    cells = (((t.sink, outcome), getattr(t, outcome)) for t in tallies for outcome in outcomes)
    yield _counters("deliveries", "Rows answered by a sink, by outcome.", ("sink", "outcome"), cells)
    yield _counters("sink_faults", "Times a sink, or its way to the journal, broke.", ("sink",), (((t.sink,), t.faults) for t in tallies))
    yield _gauges("sink_up", "0 while nothing gets through to a sink.", ("sink",), (((t.sink,), 0 if t.down else 1) for t in tallies), add=False)
    troubles = (((t.sink, reason), t.down and t.trouble == reason) for t in tallies for reason in get_args(Trouble) if reason)
    yield _gauges("sink_trouble", "1 while a sink is down for a reason that only a person puts right.", ("sink", "reason"), troubles)
    yield _delivery_seconds(tallies)


def info(name: str, text: str, labels: Mapping[str, str]) -> Metric:
    """A metric that is always 1 and tells by its labels."""
    family = GaugeMetricFamily(f"vonggac_{name}", text, labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def journal_up(up: bool) -> Metric:
    """Whether what is said of core and the journal was read just now."""
    return _gauge("journal_up", "1 when the journal could be read for this page.", float(up))


def clock(now: int) -> Metric:
    """What this box takes for the time; who scrapes compares it with his own."""
    return _gauge("time_seconds", "The box's clock as the page was made, Unix time.", now / SECOND)


def of_reload(reloaded: Reloaded) -> Iterator[Metric]:
    """How the configuration that is in force came about."""
    yield _gauge("config_last_reload_successful", "1 while the configuration could be read the last time it was asked for.", float(reloaded.successful))
    yield _gauge("config_last_reload_success_timestamp_seconds", "When the configuration in force was read, Unix time.", reloaded.at / SECOND)


def label(value: str) -> str:
    """`value` if it may be a label: a short name without an address in it; else `other`."""
    return value if _NAME.fullmatch(value) and not _ADDRESS.search(value) else OTHER


def _up(sensor: Sensor, now: int) -> int:
    return int(sensor.state == "running" and now - sensor.seen.last <= LISTENING_GAP)


def _delivery_seconds(tallies: Sequence[Tally]) -> Metric:
    family = HistogramMetricFamily("vonggac_delivery_seconds", "Seconds from what happened to its delivery.", labels=["sink"])
    for tally in tallies:
        family.add_metric([label(tally.sink)], _cumulative(BUCKETS, tally.buckets), tally.seconds)
    return family


def _confirmation_seconds(told: PortalFigures) -> Metric:
    text = "Seconds from the first dirty look at a portal to the one that confirmed it, since core began."
    buckets = _cumulative(figures.BUCKETS, told.confirmations)
    return HistogramMetricFamily("vonggac_portal_confirmation_seconds", text, buckets=buckets, sum_value=told.confirmation_seconds)


def _cumulative(bounds: Sequence[float], counts: Sequence[int]) -> list[tuple[str, float]]:
    """The buckets as Prometheus has them: each with what is below it too."""
    return list(zip((*map(str, bounds), "+Inf"), accumulate(counts), strict=True))


def _one(counts: Mapping[str, float]) -> Cells:
    return (((name,), count) for name, count in sorted(counts.items()))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"vonggac_{name}", text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"vonggac_{name}", text, value=value)


def _gauges(name: str, text: str, labels: Sequence[str], cells: Cells, *, add: bool = True) -> Metric:
    family = GaugeMetricFamily(f"vonggac_{name}", text, labels=labels)
    for values, value in _closed(cells, add=add).items():
        family.add_metric(values, value)
    return family


def _counters(name: str, text: str, labels: Sequence[str], cells: Cells) -> Metric:
    family = CounterMetricFamily(f"vonggac_{name}", text, labels=labels)
    for values, value in _closed(cells, add=True).items():
        family.add_metric(values, value)
    return family


def _closed(cells: Cells, *, add: bool) -> dict[tuple[str, ...], float]:
    """One cell for each set of labels, equal ones added up (or the greatest kept), names beyond MAX_NAMES of a label folded into `other`."""
    known: dict[int, Counter[str]] = {}
    closed: dict[tuple[str, ...], float] = {}
    for values, value in cells:
        names = tuple(_folded(known.setdefault(place, Counter()), label(name)) for place, name in enumerate(values))
        closed[names] = closed.get(names, 0) + value if add else max(closed.get(names, value), value)
    return closed


def _folded(known: Counter[str], name: str) -> str:
    if name not in known and len(known) >= MAX_NAMES:
        return OTHER
    known[name] += 1
    return name
