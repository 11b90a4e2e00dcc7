"""Which scripts need a tree at all, and which parts of a large one."""

from __future__ import annotations

import re

import ahocorasick_rs

# Words of ways on, of code made at run time and of decoders. A script without any of them can only write to the console.
_WORDS = (
    "location", ".open", "open(", ".write", "createElement", "eval", "Function", "setTimeout", "setInterval", ".submit", "innerHTML", "outerHTML",
    "insertAdjacent", "appendChild", "serviceWorker", "importScripts", "import", "requestPermission", "atob", "unescape", "fromCharCode", "constructor",
    ".append", ".href", ".src", "getScript", "globalEval", "execScript", "navigate(", ".html(", "setAttribute", "decodeURI", "['", '["', "[\"", "\\x", "\\u",
    "ﾟωﾟ", "+[]", "[_$", "prependTo", "appendTo", ".prepend", ".after(", ".before(", "replaceWith", "insertBefore", ".click(", "with(", "with (", "javascript:",
    "ajax", "fromCodePoint", "$._", "window[", "this[", "self[", "top[",
)  # fmt: skip
_FOUND = ahocorasick_rs.AhoCorasick(list(dict.fromkeys(_WORDS)))
_SIGNS_ONLY = re.compile(r"\s*[\[\]()!+{}$_=~;:]{40}")
MAX_WHOLE = 262_144
_PART = 65_536
_AROUND = 4_096
_MAX_PARTS = 8
# In the middle of a bundle: a way on with its address written out, or a long text next to what would decode or run it.
_STRONG = re.compile(
    r"location(?:\.href)?\s*=\s*[\"'](?:https?:)?//|location\.(?:replace|assign)\(\s*[\"'](?:https?:)?//|(?:eval|Function|atob|unescape|fromCharCode)\s*\(\s*[\"'\[(]"
    r"|document\.write\(\s*[\"']<(?:scr|ifr)|_0x[0-9a-f]{4}\s*=\s*\[|eval\s*\(\s*function\s*\(p"
)
_TAG = re.compile(r"<script\b[^<>]{0,2048}>(.*?)(?:</script|\Z)", re.IGNORECASE | re.DOTALL)


def may_act(source: str) -> bool:
    """Whether anything in the script could send a visitor on, write markup or load code: a quick look, not a reading."""
    return (
        bool(_FOUND.find_matches_as_indexes(source[:4096]))
        or (len(source) > 4096 and bool(_FOUND.find_matches_as_indexes(source)))
        or bool(_SIGNS_ONLY.match(source))
    )


def bodies(source: str) -> str:
    """A script without the tags that some records of scripts still have around them."""
    if not source[:200].lstrip().lower().startswith("<"):
        return source
    inner = [found[1] for found in _TAG.finditer(source)]
    return "\n;".join(inner) if inner else source


def portions(source: str) -> list[str]:
    """The whole script, or of a large one its beginning, its end, and what stands around the most telling words between."""
    if len(source) <= MAX_WHOLE:
        return [source]
    parts = [source[:_PART], source[-_PART:]]
    at = _PART
    while len(parts) < _MAX_PARTS and (found := _STRONG.search(source, at, len(source) - _PART)):
        parts.append(source[max(0, found.start() - _AROUND) : found.end() + _AROUND])
        at = found.end() + _AROUND
    return parts
