"""What a province's service counts, as metrics of its own beside those of its journal and its sinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import get_args

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from model.fleet.figures import FleetFigures
from model.fleet.ports import Heard
from model.fleet.verify import REASONS
from model.times import SECOND


class FleetMetrics(Collector):
    """Reads the figures at each scrape. The label sets are closed: no site, box or finding is named."""

    def __init__(self, figures: Callable[[], FleetFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Called by the registry for each page."""
        figures = self._figures()
        yield GaugeMetricFamily("vonggac_fleet_store_up", "1 when the province's store answered last time.", value=float(figures.up))
        yield GaugeMetricFamily("vonggac_fleet_read_timestamp_seconds", "When all heartbeats there were had been read, Unix time.", figures.watch.at / SECOND)
        yield GaugeMetricFamily("vonggac_fleet_behind_documents", "Documents of boxes not read yet.", value=figures.behind)
        yield CounterMetricFamily("vonggac_fleet_documents", "Documents of boxes read.", value=figures.read)
        yield CounterMetricFamily("vonggac_fleet_unstored", "State documents that the store refused for ever.", value=figures.unstored)
        yield CounterMetricFamily(
            "vonggac_fleet_faded", "Verdicts that became unknown, rows of views that are gone: no box repeated them for three days.", value=figures.faded
        )
        yield CounterMetricFamily("vonggac_fleet_dropped", "Verdicts and rows removed: no box repeated them for thirty days.", value=figures.dropped)
        yield GaugeMetricFamily("vonggac_fleet_findings", "Findings that stand, of all sites.", value=figures.findings)
        yield GaugeMetricFamily("vonggac_fleet_folds", "Storms and campaigns that stand.", value=figures.folds)
        # From zero on: a counter that appears with its first loss never rises.
        refused = CounterMetricFamily("vonggac_fleet_refused", "Documents that are not what a declared box signed, by reason.", labels=["reason"])
        _fill(refused, dict.fromkeys(REASONS, 0) | figures.refused)
        yield refused
        sites = GaugeMetricFamily("vonggac_fleet_sites", "Declared sites by how they are heard.", labels=["heard"])
        _fill(sites, dict.fromkeys(get_args(Heard), 0) | figures.sites)
        yield sites


def _fill(family: CounterMetricFamily | GaugeMetricFamily, cells: Mapping[str, int]) -> None:
    for label, value in cells.items():
        family.add_metric([label], value)
