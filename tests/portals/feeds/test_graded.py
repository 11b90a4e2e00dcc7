"""What a list says of where a look led, and of what the portal's page loads, as the rules then judge it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collector.clock import SystemClock
from collector.sensors.portals.eyes import graded
from collector.sensors.portals.feeds import Feed, Feeds
from detectors.portal_injection import PortalInjection
from detectors.portal_redirect import PortalRedirect
from model.times import MINUTE
from model.verdict import Outcome, Severity, Verdict
from tests.model.portals.making import HOST, Eyes, hop, judge, way

LISTED, CDN = "tin-vui.example", "cdn.tin-vui.example"


@pytest.fixture
def lists(tmp_path: Path) -> Feeds:
    """One list that holds a name no reader would take for a bookmaker's."""
    (tmp_path / "list").write_text(f"{LISTED}\n")
    feeds = Feeds([Feed(name="tinh", path=tmp_path / "list", weight=2)], tmp_path / "kept", SystemClock())
    assert feeds.refresh() == ()
    return feeds


def judged(rule: Any, lists: Feeds | None, **fields: Any) -> Verdict:
    eyes = Eyes()
    looks = [graded(eyes.look("mobile", n * 2 * MINUTE, **fields), lists) for n in (0, 1)]
    return judge(rule, looks)


@pytest.mark.parametrize("fields", [{"scripts": (CDN,)}, {"frames": (LISTED,)}], ids=["script", "frame"])
def test_a_portal_that_loads_from_a_listed_host_is_told(lists: Feeds, fields: dict[str, Any]) -> None:
    assert judged(PortalInjection(), None, **fields).outcome is Outcome.CLEAR
    verdict = judged(PortalInjection(), lists, **fields)
    assert (verdict.severity, dict(verdict.state)["kinds"]) == (Severity.MEDIUM, "feed")
    assert "tinh: tin-vui.example" in verdict.summary.vi


def test_where_visitors_end_is_proven_by_a_list(lists: Feeds) -> None:
    fields: dict[str, Any] = {"hops": way(LISTED), "scripts": (CDN,)}
    assert judged(PortalRedirect(), None, **fields).severity is Severity.LOW
    assert judged(PortalRedirect(), lists, **fields).severity is Severity.CRITICAL
    assert judged(PortalInjection(), lists, **fields).outcome is Outcome.CLEAR, "it is told once, and what the stranger's page loads is his"


def test_where_a_click_would_lead_is_proven_by_a_list(lists: Feeds) -> None:
    assert judged(PortalRedirect(), lists, offered=(hop(LISTED, "popup"),)).severity is Severity.MEDIUM


def test_a_look_that_failed_on_its_way_out_is_graded_too(lists: Feeds) -> None:
    eyes = Eyes()
    gone = [graded(eyes.failed("mobile", n * 2 * MINUTE, "dns", hops=way(LISTED, status=0, trouble="dns")), lists) for n in (0, 1)]
    assert judge(PortalRedirect(), gone).severity is Severity.CRITICAL


def test_a_look_without_a_hop_or_a_listed_host_stays_as_it_is(lists: Feeds) -> None:
    eyes = Eyes()
    for look in (eyes.look("mobile", 0), eyes.look("mobile", 0, links=(LISTED,)), eyes.failed("mobile", 0, "budget"), eyes.look("mobile", 0, hops=())):
        assert graded(look, lists) is look
    assert HOST not in {sign.page for sign in graded(eyes.look("mobile", 0, hops=way(LISTED), scripts=(CDN,)), lists).signs if CDN in sign.hosts}
