"""How the tests are shared out: files that ask for a costly server are run by one process."""

from __future__ import annotations

import pytest

from tests.workers import TOGETHER, scope

ENGINES = (TOGETHER[0], TOGETHER[2])
COSTLY = {"elasticsearch": ENGINES, "opensearch": ENGINES, "secured_elasticsearch": (TOGETHER[0],), "internet": (TOGETHER[1],)}


def test_who_asks_for_a_costly_server_is_run_with_the_others(request: pytest.FixtureRequest) -> None:
    asking = {(item.location[0], fixture) for item in request.session.items for fixture in COSTLY if fixture in getattr(item, "fixturenames", ())}
    assert [asked for asked in asking if scope(asked[0]) not in {group[0] for group in COSTLY[asked[1]]}] == []


def test_a_file_is_run_as_a_whole_and_by_itself() -> None:
    assert scope("tests/model/test_site.py") == "tests/model/test_site.py"
    assert scope("tests/exporters/elastic/test_sink.py") == scope("tests/system/test_elastic_run.py") != scope("tests/portals/test_lab.py")
