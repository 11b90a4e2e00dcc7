"""What the shipped rules and dashboards ask for is on the page of the running program: core and export as services, sensors' words given by core's socket."""

from __future__ import annotations

import json
import re
import time

import pytest
import yaml

from collector.sockets.facts import SocketFactSink
from exporters.prometheus_fleet import FleetMetrics
from model.endpointfacts import EndpointsCounted
from model.facts import SensorHeard
from model.fleet.figures import FleetFigures
from model.webfacts import FeedHeard
from model.wirefacts import ProbeRan
from tests.observability.generators import ROOT
from tests.system.program import PATIENCE, Box, address, fetched, running

LINES = '[[sinks]]\ntype = "jsonlines"\npath = "lines.jsonl"\n'
LEG = '[[legs]]\nname = "lan"\ninterface = "leg0"\n'
OWN = re.compile(r"\b(?:vonggac|process)_\w+")


def named() -> set[str]:
    """The metrics of all rules and panels."""
    groups = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text())["groups"]
    boards = [json.loads(path.read_text()) for path in (ROOT / "deploy/dashboards").glob("*.json")]
    asked = [rule["expr"] for group in groups for rule in group["rules"]]
    asked += [target["expr"] for board in boards for panel in board["panels"] for target in panel.get("targets", [])]
    return {name for expression in asked for name in OWN.findall(expression)}


# On the page of `vonggac province` alone; tests/province looks for them there.
OF_A_PROVINCE = {sample.name for family in FleetMetrics(FleetFigures).collect() for sample in family.samples}


def missing(page: str) -> set[str]:
    """Those that have no series on the page. A box that found nothing has no findings to count."""
    return named() - {"vonggac_findings"} - OF_A_PROVINCE - set(re.findall(r"^(\w+)[{ ]", page, re.MULTILINE))


@pytest.mark.servers
def test_every_metric_of_rules_and_dashboards_is_on_the_page_of_the_running_program(box: Box) -> None:
    box.site(legs=["lan"])
    (box.folder / "declared" / "portals.csv").write_text("id,url,owner\ncong-xa,https://xa.tinhmau.gov.vn/,UBND xã\n")
    box.write(LEG, LINES)
    now = time.time_ns()
    with running(box, "core") as core:
        core.wait_for("lõi đang chạy", PATIENCE)
        sink = SocketFactSink(box.folder / "state" / "sockets" / "facts.sock")
        sink.put(
            [
                SensorHeard(at=now, sensor="capture:lan", leg="lan", vantage="plain", received=10),
                ProbeRan(at=now, sensor="probe", leg="lan", probe="dhcp", outcome="sent"),
                FeedHeard(at=now, sensor="portals", name="co-bac", entries=9, age=60),
                EndpointsCounted(at=now, sensor="endpoints", counts={"enrolled": 1, "certificate_until": now // 10**9}),
            ]
        )
        with running(box, "export") as export:
            page = address(export)
            end = time.monotonic() + 20
            while (left := missing(fetched(page + "metrics"))) and time.monotonic() < end:
                time.sleep(0.5)
        sink.close()
    assert left == set()
