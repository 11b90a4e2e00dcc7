"""Metrics of a journal with more findings than can be read for each scrape."""

from prometheus_client.parser import text_string_to_metric_families as parse

from exporters.prometheus import Metrics
from tests.exporters.readers import Reader
from tests.exporters.samples import AT


async def test_findings_that_are_counted_elsewhere_are_not_read_for_each_page():
    class Many(Reader):
        async def findings(self, states=()):
            raise AssertionError("a province has hundreds of thousands")

    body, _ = await Metrics(Many(), now=lambda: AT, version="0.1.0", counts=lambda: {("VG-NET-02", "high", "open"): 331_000}).page()
    found = {(sample.name, *sample.labels.values()): sample.value for family in parse(body.decode()) for sample in family.samples}
    assert found["vonggac_findings", "VG-NET-02", "high", "open"] == 331_000
    assert found["vonggac_journal_up",] == 1
