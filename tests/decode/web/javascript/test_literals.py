"""Settings that a script hands on are passed over only where nothing in them could matter."""

from __future__ import annotations

import pytest

from collector.decode.web.javascript.fold import fold
from collector.decode.web.javascript.literals import is_dull

DULL = ("()", "(\"a\", 'b', 3)", '({a: 1, "b": "x\\"y", c: [true, null, -1.5], $d: {}})', "(\n 'a'\n)")
TELLING = ("(a)", "({a: b})", "({a})", "({a(){}})", "(f())", '("a" + b)', "(`a`)", "(/a/)", "({a: function(){}})", "([...a])", "(1 /* a */)", '("a\n")')


@pytest.mark.parametrize("arguments", DULL)
def test_constants_are_dull(arguments):
    assert is_dull(arguments)


@pytest.mark.parametrize("arguments", TELLING)
def test_whatever_could_be_more_is_not(arguments):
    assert not is_dull(arguments)


@pytest.mark.parametrize(
    "call",
    ["Kho.khoi({nut: 'a', mo: function(){location.href='https://go.evil-target.test/'}})", "Kho.khoi('a', 1); location = 'https://go.evil-target.test/'"],
)
def test_a_function_among_settings_is_read(call):
    assert [effect.value for effect in fold(call).effects] == ["https://go.evil-target.test/"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"//\x61\u0062\u{63}.test", "//abc.test"),
        (
            r"//\141b.test/\
c",
            "//ab.test/c",
        ),
        ("//a.test/\\'\\\"\\q", "//a.test/'\"q"),
        ("//\U0001f600.test/a", "//\U0001f600.test/a"),
    ],
)
def test_escapes_are_read_as_a_browser_does(written, said):
    assert [effect.value for effect in fold(f'location="{written}"').effects] == [said]
