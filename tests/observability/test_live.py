"""The shipped rules and dashboards on Debian's Prometheus that scrapes our own pages: each trouble fires its rule, each panel has an answer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.observability.boxes import deaf, ill, served, well
from tests.observability.generators import ROOT
from tests.observability.shipped import Shipped
from tests.servers.fixtures import running
from tests.servers.process import free_port

pytestmark = pytest.mark.servers

# What fires, on which box; what a whole province's rule and the sign of life fire on has no box.
EXPECTED = {
    "VongGacBoxSilent": {"gone"},
    "VongGacCoreSilent": {"deaf"},
    "VongGacSensorSilent": {"ill"},
    "VongGacClockSkew": {"ill"},
    "VongGacConfigRefused": {"ill"},
    "VongGacCaptureDrops": {"ill"},
    "VongGacCertificateExpiring": {"ill"},
    "VongGacCheckOverdue": {"ill"},
    "VongGacPortalLooksOverdue": {"ill"},
    "VongGacPortalsBlind": {"ill"},
    "VongGacQueueFilling": {"ill"},
    "VongGacQueueLost": {"ill"},
    "VongGacFactsRefused": {"ill"},
    "VongGacPcInboxWaiting": {"ill"},
    "VongGacDeadLetters": {"ill"},
    "VongGacSinkDown": {"ill"},
    "VongGacSinkLoginRefused": {"ill"},
    "VongGacSinkCertificateRefused": {"ill"},
    "VongGacFleetBlind": {"ill"},
    "VongGacFleetRefused": {"ill"},
    "VongGacProvinceSilent": {""},
    "VongGacDeadMan": {""},
}
# It fires where no box is known at all.
ELSEWHERE = {"VongGacNoBoxes"}


def firing(prometheus: Shipped, names: dict[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for alert in prometheus.alerts():
        found.setdefault(alert["labels"]["alertname"], set()).add(names.get(alert["labels"].get("instance", ""), ""))
    return found


@pytest.fixture(scope="module")
def observed() -> Iterator[tuple[Shipped, dict[str, str]]]:
    """Prometheus and the names of the boxes by their addresses, once every trouble has had time to be seen."""
    with served({"well": well(), "ill": ill(), "deaf": deaf()}) as ports:
        addresses = {f"127.0.0.1:{port}": name for name, port in {**ports, "gone": free_port()}.items()}
        boxes = [(address, "79" if name == "gone" else "37", f"0000{turn}") for turn, (address, name) in enumerate(addresses.items())]
        with running(lambda: Shipped(boxes)) as prometheus:
            until = time.monotonic() + 60
            while firing(prometheus, addresses).keys() != EXPECTED.keys() and time.monotonic() < until:
                time.sleep(0.2)
            yield prometheus, addresses


def test_each_trouble_fires_its_rule_and_what_is_well_fires_none(observed):
    prometheus, addresses = observed
    assert firing(prometheus, addresses) == EXPECTED


def test_where_no_box_is_known_that_is_said():
    with running(lambda: Shipped([])) as prometheus:
        until = time.monotonic() + 20
        while firing(prometheus, {}).keys() != ELSEWHERE | {"VongGacDeadMan"} and time.monotonic() < until:
            time.sleep(0.2)
        assert firing(prometheus, {}).keys() == ELSEWHERE | {"VongGacDeadMan"}


def test_what_people_read_is_vietnamese_and_leads_to_a_runbook(observed):
    prometheus, _ = observed
    for alert in prometheus.alerts():
        told = alert["annotations"]
        runbook = told["runbook_url"].removeprefix("https://soc.example/huong-dan/")
        assert (ROOT / "docs" / "runbooks" / runbook).is_file()
        assert not {"<no value>", "%!"} & {part for text in told.values() for part in ("<no value>", "%!") if part in text}
        assert told["summary"] != told["summary_en"]


PANELS = [
    pytest.param(target["expr"], id=f"{path.stem}-{panel['id']}-{target['refId']}")
    for path in sorted((ROOT / "deploy/dashboards").glob("*.json"))
    for panel in json.loads(path.read_text())["panels"]
    for target in panel.get("targets", [])
]


@pytest.mark.parametrize("expression", PANELS)
def test_every_panel_has_an_answer(observed, expression):
    prometheus, _ = observed
    asked = expression.replace("$__rate_interval", "30s").replace("$tinh", ".*").replace("$xa", ".*")
    assert "$" not in asked
    assert prometheus.query(asked)
