"""Refresh values by the standard's steps; expected values follow Chromium's navigation for the same tag."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.decode.web.refresh import parse


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", (0.0, "")),
        ("300", (300.0, "")),
        ("0;url=https://x.test/", (0.0, "https://x.test/")),
        ("0; URL=https://x.test/", (0.0, "https://x.test/")),
        ("  5 ;\n url = 'https://x.test/a b' rest", (5.0, "https://x.test/a b")),
        ('1;url="https://x.test', (1.0, "https://x.test")),
        ("1,https://x.test", (1.0, "https://x.test")),
        ("1 https://x.test", (1.0, "https://x.test")),
        ("1.9; url=/c", (1.0, "/c")),
        (".5;url=/c", (0.0, "/c")),
        ("1;;url=/c", (1.0, ";url=/c")),
        ("1; url /c", (1.0, "url /c")),
        ("1; ur=/c", (1.0, "ur=/c")),
        ("0;", (0.0, "")),
        ("0;url=", (0.0, "")),
        ("99999999999;url=/c", (1e9, "/c")),
        ("000000000005;url=/c", (5.0, "/c")),
        ("5x;url=/c", None),
        ("-1;url=/c", None),
        ("url=/c", None),
        ("", None),
        ("x", None),
    ],
)
def test_value(value, expected):
    assert parse(value) == expected


@given(st.text(max_size=60))
def test_anything_is_read_or_refused(value):
    found = parse(value)
    assert found is None or (found[0] >= 0 and isinstance(found[1], str))


def test_long_values_cost_little():
    began = time.process_time()
    for hostile in ("0" * 10**6, " " * 10**6, "0;" + "url " * 10**6, "0;url=" + "'" * 10**6):
        parse(hostile)
    assert time.process_time() - began < 0.5
