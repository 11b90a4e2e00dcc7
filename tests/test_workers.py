"""How the tests are shared out: files that ask for a costly server are run by one process."""

from __future__ import annotations

import pytest

from tests.workers import LONG, TOGETHER, following, scope, waits

ENGINES = (TOGETHER[0], TOGETHER[2])
COSTLY = {"elasticsearch": ENGINES, "opensearch": ENGINES, "secured_elasticsearch": (TOGETHER[0],), "internet": (TOGETHER[1],)}


def test_who_asks_for_a_costly_server_is_run_with_the_others(request: pytest.FixtureRequest) -> None:
    asking = {(item.location[0], fixture) for item in request.session.items for fixture in COSTLY if fixture in getattr(item, "fixturenames", ())}
    assert [asked for asked in asking if scope(asked[0]) not in {group[0] for group in COSTLY[asked[1]]}] == []


def test_a_file_is_run_as_a_whole_and_by_itself() -> None:
    assert scope("tests/model/test_site.py") == "tests/model/test_site.py"
    assert scope("tests/exporters/elastic/test_sink.py") == scope("tests/system/test_elastic_run.py") != scope("tests/portals/test_lab.py")


def test_who_needs_servers_or_a_laboratory_is_known_to_wait(request: pytest.FixtureRequest) -> None:
    needing = {item.location[0] for item in request.session.items if any(map(item.get_closest_marker, ("root", "servers")))}
    assert [file for file in needing if not waits(scope(file))] == []
    assert not waits("tests/model/test_site.py")


def test_what_waits_is_begun_beside_what_computes_the_longest_first() -> None:
    queue = ["tests/capture/test_live.py", "tests/model/test_site.py", "tests/model/test_text.py", LONG[-1], LONG[0]]
    assert following(queue, waiting=True) == LONG[0]
    assert following(queue[:-1], waiting=True) == LONG[-1]
    assert following(queue[:-2], waiting=True) == "tests/capture/test_live.py"
    assert following(queue, waiting=False) == "tests/model/test_site.py"


def test_a_process_without_work_takes_what_there_is() -> None:
    assert following(LONG[1:], waiting=False) == LONG[1]
    assert following(["tests/model/test_site.py"], waiting=True) == "tests/model/test_site.py"
