"""The shipped routes and inhibitions on Debian's Alertmanager: who is told, and what is left out because it is said already."""

import json
import subprocess
import time

import pytest

from tests.observability.test_rules import DEPLOY, RULES
from tests.servers.alertmanager import Alertmanager
from tests.servers.call import call
from tests.servers.fixtures import running
from tests.servers.process import free_port

RECEIVERS = {"page": "on-call", "ticket": "tickets", "none": "watchdog"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_rule_is_told_to_whom_its_severity_says(rule):
    labels = [f"alertname={rule['alert']}", f"severity={rule['labels']['severity']}", "province=79"]
    done = subprocess.run(["amtool", "config", "routes", "test", "--config.file=alertmanager.yml", *labels], cwd=DEPLOY, capture_output=True, check=False)
    assert done.stdout.decode().strip() == RECEIVERS[rule["labels"]["severity"]]


LEFT_OUT = [
    {"alertname": "VongGacBoxSilent", "province": "79", "instance": "a"},
    {"alertname": "VongGacSinkDown", "instance": "a", "sink": "es"},
    {"alertname": "VongGacQueueFilling", "instance": "a", "sink": "es"},
    {"alertname": "VongGacQueueFilling", "instance": "b", "sink": "es"},
    {"alertname": "VongGacSensorSilent", "instance": "a", "sensor": "portals"},
]
TOLD = [
    {"alertname": "VongGacProvinceSilent", "province": "79"},
    {"alertname": "VongGacBoxSilent", "province": "80", "instance": "b"},
    {"alertname": "VongGacSinkLoginRefused", "instance": "a", "sink": "es"},
    {"alertname": "VongGacSinkDown", "instance": "b", "sink": "es"},
    {"alertname": "VongGacQueueFilling", "instance": "a", "sink": "webhook"},
    {"alertname": "VongGacCoreSilent", "instance": "a"},
    {"alertname": "VongGacSensorSilent", "instance": "b", "sensor": "portals"},
]


def names(labels):
    return tuple(sorted(labels.items()))


@pytest.mark.servers
def test_what_is_said_already_is_left_out_and_nothing_else():
    config = (DEPLOY / "alertmanager.yml").read_text()
    with running(lambda: Alertmanager(f"http://127.0.0.1:{free_port()}/", config=config)) as alertmanager:
        body = json.dumps([{"labels": labels} for labels in LEFT_OUT + TOLD]).encode()
        assert call("POST", f"{alertmanager.url}/api/v2/alerts", body, {"Content-Type": "application/json"}).status == 200
        until, quiet = time.monotonic() + 20, set()
        while quiet != set(map(names, LEFT_OUT)) and time.monotonic() < until:
            alerts = alertmanager.alerts()
            quiet = {names(alert["labels"]) for alert in alerts if alert["status"]["inhibitedBy"]}
            time.sleep(0.2)
        assert {names(alert["labels"]) for alert in alerts} == set(map(names, LEFT_OUT + TOLD))
        assert quiet == set(map(names, LEFT_OUT))
