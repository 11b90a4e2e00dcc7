"""docs/deliveries.md names a test for each clause: they are there."""

import re
from pathlib import Path

from exporters.trial import FINDING, RULE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/deliveries.md").read_text()


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 30
    missing = [f"{path}::{name}" for path, name in named if not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text(), re.MULTILINE)]
    assert missing == []


def test_every_clause_has_a_test():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.partition("## Each clause and its test")[2], re.MULTILINE)[2:]
    assert len(rows) > 20
    assert [clause for clause, tests in rows if "::test_" not in tests] == []


def test_the_test_message_is_the_one_described():
    assert f"`{RULE}`" in PAGE
    assert f"`{FINDING}`" in PAGE
