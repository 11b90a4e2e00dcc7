"""The shipped examples as Debian's own tools check them, and what ties rules, metrics and runbooks together."""

import json
import re
import subprocess

import promql_parser
import pytest
import yaml

from exporters.prometheus_fleet import FleetMetrics
from model.fleet.figures import FleetFigures
from tests.exporters.test_prometheus import all_there_is, metrics, samples, tally
from tests.observability.generators import ROOT, script
from tests.observability.test_live import ELSEWHERE, EXPECTED

DEPLOY = ROOT / "deploy" / "prometheus"
RULES = [rule for group in yaml.safe_load((DEPLOY / "rules.yml").read_text())["groups"] for rule in group["rules"]]
BOARDS = {path.name: path.read_text() for path in (ROOT / "deploy/dashboards").glob("*.json")}
RUNBOOKS = {path.name: path.read_text() for path in (ROOT / "docs/runbooks").glob("*.md")}
# What a runbook answers, whoever reads it.
SECTIONS = ["## Nghĩa là gì", "## Làm ngay", "## Vì sao hay gặp", "## Xong khi"]
OWN = re.compile(r"\b(?:vonggac|process)_\w+")


def panels():
    return [(name, panel) for name, text in BOARDS.items() for panel in json.loads(text)["panels"]]


def targets():
    return [target for _, panel in panels() for target in panel.get("targets", [])]


def expressions():
    filled = [target["expr"].replace("$__rate_interval", "5m").replace("$tinh", ".*").replace("$xa", ".*") for target in targets()]
    return [rule["expr"] for rule in RULES] + filled


@pytest.mark.parametrize(
    "command",
    [
        ["promtool", "check", "rules", "rules.yml"],
        ["promtool", "check", "config", "prometheus.yml"],
        ["promtool", "test", "rules", "rules_test.yml"],
        ["amtool", "check-config", "alertmanager.yml"],
    ],
    ids=" ".join,
)
def test_debians_tools_find_nothing_wrong(command):
    done = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_and_a_real_prometheus_try_every_rule():
    names = {rule["alert"] for rule in RULES}
    tried = yaml.safe_load((DEPLOY / "rules_test.yml").read_text())["tests"]
    assert {test["name"] for test in tried} == names == EXPECTED.keys() | ELSEWHERE
    assert all(any(case["exp_alerts"] for case in test["alert_rule_test"]) for test in tried)


def test_every_rule_has_a_runbook_and_every_runbook_a_rule():
    linked = {rule["alert"]: rule["annotations"]["runbook_url"].rpartition("/")[2] for rule in RULES}
    assert sorted(linked.values()) == sorted(set(RUNBOOKS) - {"README.md"})
    for alert, name in linked.items():
        assert f"`{alert}`" in RUNBOOKS[name].split("\n## ")[0], name
        assert [line for line in RUNBOOKS[name].splitlines() if line.startswith("## ")] == SECTIONS, name


def test_severities_are_those_that_alertmanager_routes():
    assert {rule["labels"]["severity"] for rule in RULES} == {"page", "ticket", "none"}


async def test_every_metric_of_rules_and_dashboards_is_on_our_page():
    of_a_province = {sample.name for family in FleetMetrics(FleetFigures).collect() for sample in family.samples}
    page = of_a_province | {name for name, _ in await samples(metrics(all_there_is(), [tally()]))}
    named = {name for expression in expressions() for name in OWN.findall(expression)}
    assert len(named) >= 40
    assert named <= page


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_is_promql(expression):
    assert promql_parser.parse(expression)


def test_a_wrong_expression_would_be_refused():
    with pytest.raises(ValueError, match="unexpected end of input"):
        promql_parser.parse("sum(vonggac_findings{")


def test_the_dashboards_are_what_the_generator_makes():
    assert script("deploy/dashboards/build.py").boards() == BOARDS, "run deploy/dashboards/build.py"


@pytest.mark.parametrize("name", BOARDS)
def test_panels_of_a_dashboard_are_told_apart_and_do_not_overlap(name):
    shown = [panel for board, panel in panels() if board == name]
    assert len({panel["id"] for panel in shown}) == len(shown)
    cells = [(x, y) for panel in shown for x in _across(panel, "x", "w") for y in _across(panel, "y", "h")]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def _across(panel, start, length):
    return range(panel["gridPos"][start], panel["gridPos"][start] + panel["gridPos"][length])


def test_every_panel_has_a_vietnamese_title_a_unit_and_queries_with_references():
    for _, panel in panels():
        assert re.search(r"[à-ỹđ]", panel["title"], re.IGNORECASE), panel["title"]
        if panel["type"] == "row":
            continue
        assert panel["fieldConfig"]["defaults"]["unit"] in {"short", "s", "bytes", "pps"}
        assert [target["refId"] for target in panel["targets"]] == list("ABCD"[: len(panel["targets"])])
        assert {panel["datasource"]["uid"], *(target["datasource"]["uid"] for target in panel["targets"])} == {"${nguon}"}
