"""Which scripts need a tree at all, and which parts of a large one.

Reading costs a hundred times more than looking for words. Nine in ten scripts of ordinary pages have no way on, nothing that hides one, and name no
host but those of analytics, maps and video.
"""

from __future__ import annotations

import re
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from collector.decode.web.javascript.leads import adds_pieces, hides_names, leads_on
from collector.decode.web.known import is_service

Need = Literal["nothing", "openly", "read"]

# Where a visitor is sent on, code is loaded or asked for.
_WAYS = (
    "location", "open(", ".submit", "document.write", ".write(", ".writeln(", "importScripts", "serviceWorker", "requestPermission", ".click(", "getScript",
    "javascript:", "import", "navigate(", "setTimeout(\"", "setTimeout('", "setInterval(\"", "setInterval('", "setTimeout( '", "setTimeout( \"",
)  # fmt: skip
# Where elements are made and loaded: that needs a host to matter.
_LOADS = (".src", "createElement", "setAttribute", "insertAdjacent", "srcdoc", "dataType", "<script", "<iframe", "<frame", "<\\/script", "<object", "<embed")
# Where markup is put in, or an attribute set: that needs a host and a tag.
_MARKS = (
    ".href", ".attr(", ".prop(", "innerHTML", "outerHTML", ".append", ".prepend", "appendTo", "prependTo", ".html(", ".after(", ".before(", "replaceWith",
    "createTextNode",
)  # fmt: skip
# What hides a text, or runs one.
_HIDES = (
    "atob", "unescape(", "fromCharCode", "fromCodePoint", "eval", "Function(", ".constructor", "execScript", "globalEval", "charCodeAt", "reverse(", "_0x",
    "+[]", "![]", "[]+", "[][", "ﾟωﾟ", "$._", "[_$", ".split('')", '.split("")', ".join('')", '.join("")', "String.raw", "String[", "['constructor",
    '["constructor', "decodeURI", "ActiveXObject", "WScript",
)  # fmt: skip
# What may: a member by a text, escapes, `with`.
_MAY_HIDE = (
    "window[", "document[", "self[", "top[", "this[", "location[", "parent[", "globalThis[", "frames[", "with(", "with (", "\\x", "\\u00", "\\u{", "\\1", "\\0",
)  # fmt: skip
_HOSTS = ("//", "\\/\\/", "\\x2f", "\\u002f", "\\x2F", "\\u002F", "http", "www.")
_CLASSES = (("w", _WAYS), ("l", _LOADS), ("k", _MARKS), ("h", _HIDES), ("m", _MAY_HIDE), ("u", _HOSTS))
_WORDS = tuple(dict.fromkeys(word for _, words in _CLASSES for word in words))
_KINDS = tuple("".join(kind for kind, words in _CLASSES if word in words) for word in _WORDS)
_FOUND = BytesAhoCorasick([word.encode() for word in _WORDS], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
_NAMED = re.compile(r"(?:/|\\/|\\x2[fF]|\\u002[fF]){2}((?:[\w-]+\.)+[a-zA-Z][\w-]+|\d{1,3}(?:\.\d{1,3}){3}|[\"'])")
_ADDRESS = re.compile(r"[\"']((?:https?:)?//[\w-]+(?:\.[\w-]+)+[^\"'\s<>]{0,500})[\"']")
_SOURCE = re.compile(
    r"\.(?:src|srcdoc|text|href)\s*=(?!=)\s*(?![\"'])|setAttribute\(\s*[\"'](?:src|href)[\"']\s*,\s*(?![\"'])|(?:attr|prop)\(\s*[\"'](?:src|href)"
)
# An `eval` that is no part of another word.
_EVAL = re.compile(r"(?<![\w$])eval(?![\w$])")
_TAGGED = re.compile(r"<(?:a|form|meta|base|link|svg|img|area)\s", re.IGNORECASE)
# Words in pieces: joined before they are looked for.
_CONCAT = re.compile(r"[\"']\s*\.\s*concat\s*\(")
_PIECES = re.compile(r"[\"']\s*\+\s*[\"']")
# Code without any word of a way on may still build one.
_RUNS = re.compile(r"eval|Function|constructor|execScript|\]\s*\(|\)\s*\(|setTimeout|setInterval|\]\s*=|ActiveX|\bwith\b|`")
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


def need_of(source: str) -> Need:
    """`nothing`: the script sends nobody on and loads nothing; `openly`: all it can load is a service's, by its written address; `read` for any other."""
    if adds_pieces(source):
        source = _PIECES.sub("", source)
    if "concat" in source and _CONCAT.search(source):
        return "read"
    kinds = _kinds(source)
    if "w" in kinds and leads_on(source):
        return "read"
    acts = not kinds.isdisjoint("wlk")
    if "h" in kinds or ("m" in kinds and hides_names(source)) or _SIGNS_ONLY.match(source):
        return "read" if acts or _RUNS.search(source) else "nothing"
    if "l" not in kinds and not ("k" in kinds and "<" in source and _TAGGED.search(source)):
        return "nothing"
    hosts = {found[1].lower() for found in _NAMED.finditer(source)} if "u" in kinds else ()
    if not all(map(is_service, hosts)):
        return "read"
    if hosts:
        return "openly"
    return "read" if _SOURCE.search(source) or (".src" in source and adds_pieces(source)) else "nothing"


def _kinds(source: str) -> set[str]:
    """Which kinds of words stand in a script, in one pass over it."""
    words = {found[0] for found in _FOUND.find_matches_as_indexes(source.encode("utf-8", "surrogatepass"))}
    kinds = {kind for word in words for kind in _KINDS[word]}
    if "h" in kinds and all(_WORDS[word] == "eval" for word in words if "h" in _KINDS[word]) and not _EVAL.search(source):
        kinds.discard("h")
    return kinds


def may_act(source: str) -> bool:
    """Whether anything in the script could send a visitor on, write markup or load code: a quick look, not a reading."""
    return need_of(source) != "nothing"


def open_loads(source: str) -> list[str]:
    """Addresses of scripts that a script loads openly, as written."""
    return list(dict.fromkeys(_ADDRESS.findall(source)))[:16] if "createElement" in source or "getScript" in source else []


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
