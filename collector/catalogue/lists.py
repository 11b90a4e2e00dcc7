"""The lists that questions look things up in (remote tools, antivirus, traces, names), and how a place for one in a question's SQL is filled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from collector.catalogue.shapes import CatalogueError

FACTS: Final = r"HKEY_LOCAL_MACHINE\SOFTWARE\VongGac\Facts"
_POLICY: Final = MappingProxyType({"saving": ("PasswordManagerEnabled",), "no_sync": ("SyncDisabled",), "signin": ("BrowserSignin",)})
_FIREFOX_POLICY: Final = MappingProxyType({
    "saving": ("OfferToSaveLogins", "PasswordManagerEnabled"), "no_sync": ("DisableFirefoxAccounts", "DisableAccounts"), "signin": ("BrowserSignin",),
})  # fmt: skip
_PLACE: Final = re.compile(r"\[\[([a-z]+)(?: ([^\]]+))?\]\]")
_HIVE: Final = re.compile(r"^HKLM\\")


@cache
def lists() -> Mapping[str, Any]:
    """All lists by the names of their files."""
    folder = resources.files("collector.catalogue").joinpath("lists")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return MappingProxyType({file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in files})


def filled(sql: str) -> str:
    """`sql` with every `[[place]]` filled. Raises CatalogueError for a place that is not known."""
    return _PLACE.sub(lambda found: _fill(found[1], found[2] or ""), sql).strip()


def _fill(kind: str, rest: str) -> str:
    if kind not in _PLACES:
        raise CatalogueError(f"no such place in a question's SQL: {kind}")
    return _PLACES[kind](*_arguments(kind, rest))


def _arguments(kind: str, rest: str) -> list[str]:
    # A registry path holds blanks; the others are words.
    return [rest] if kind in {"reg", "fact"} else rest.split()


def quoted(text: str) -> str:
    """`text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def long_key(path: str) -> str:
    """A registry path with its hive's whole name, as osquery wants it."""
    return _HIVE.sub(lambda _: "HKEY_LOCAL_MACHINE\\", path)


def value(path: str) -> str:
    """The data of one registry value, NULL where it is not there."""
    # Windows takes no notice of case in names, and programs write them as they like.
    return f"(SELECT max(data) FROM registry WHERE path = {quoted(long_key(path))} COLLATE NOCASE)"


def fact(name: str) -> str:
    """What the facts script wrote under this name (facts.toml)."""
    return f"(SELECT max(data) FROM registry WHERE key = {quoted(FACTS)} AND name = {quoted(name)})"


def _at(path: str) -> Any:  # noqa: ANN401 - whatever the file holds there
    node: Any = lists()
    for part in path.split("."):
        if part not in node:
            raise CatalogueError(f"no such list: {path}")
        node = node[part]
    return node


def _rows(pairs: Iterable[tuple[str, str | int]]) -> str:
    rows = [f"({quoted(one)}, {other if isinstance(other, int) else quoted(other)})" for one, other in pairs]
    if not rows:
        raise CatalogueError("an empty list cannot be asked for")
    return "VALUES " + ", ".join(rows)


def _pairs(path: str) -> str:
    return _rows((key, each) for key, many in _at(path).items() for each in many)


def _traces(column: str) -> str:
    return _rows((row["id"], each) for row in _at("piracy.trace") for each in row.get(column, ()))


def _tools(column: str) -> str:
    tools = {key: row for key, row in _at("remote_tools").items() if isinstance(row, dict)}
    return _rows((key, each) for key, row in tools.items() for each in row.get(column, ()))


def _words(path: str) -> str:
    return ", ".join(quoted(word) for word in _at(path))


def _any(column: str, patterns: Iterable[str]) -> str:
    return "(" + " OR ".join(f"{column} LIKE {quoted(pattern)}" for pattern in patterns) + ")"


def _named(column: str, path: str) -> str:
    # SQLite's LIKE takes no notice of case for a to z alone: Vietnamese letters are listed both ways.
    words = dict.fromkeys(form for word in _at(path) for form in _cases(word))
    return _any(column, (f"%{word}%" for word in words))


def _cases(word: str) -> Sequence[str]:
    return (word,) if word.isascii() else (word, word.upper(), word.title(), word.capitalize())


def _hooked() -> str:
    start = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options"
    return ", ".join(quoted(f"{start}\\{program}") for program in _at("piracy.spp_debugger.programs"))


def _policies() -> str:
    return "\nUNION ALL ".join(_policy(row) for row in _at("browsers.browser"))


def _policy(row: Mapping[str, Any]) -> str:
    names = _FIREFOX_POLICY if row["id"] == "firefox" else _POLICY
    cells = ", ".join(f"{_first(row['policy'], values)} AS {column}" for column, values in names.items())
    own = quoted(f"C:\\Users\\%\\AppData\\{row['own']}")
    there = " + ".join(f"(SELECT count(*) FROM file WHERE path = {quoted(path)})" for path in row["program"])
    return f"SELECT {quoted(row['id'])} AS browser, {there} + (SELECT count(*) FROM file WHERE path LIKE {own}) AS installed, {cells}, 0 AS looked"


def _first(keys: Sequence[str], names: Sequence[str]) -> str:
    values = [value(f"{key}\\{name}") for key in keys for name in names]
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _stores() -> str:
    rows = [(row, account) for row in chromium() for account in (0, 1)]
    return "\nUNION ALL ".join(_store(row, account) for row, account in rows)


def _store(row: Mapping[str, Any], account: int) -> str:
    return (
        f"SELECT {quoted(row['id'])} AS browser, {account} AS account, sum(CAST(government AS INTEGER)) AS government, sum(CAST(logins AS INTEGER)) AS logins,"
        f" count(*) AS stores, (SELECT count(*) FROM file WHERE path LIKE {quoted(store_path(row, account))}) AS files, 0 AS synced, 0 AS written, 0 AS looked"
        f" FROM {store_name(row, account)}"
    )


def chromium() -> list[Mapping[str, Any]]:
    """The browsers whose saved log-ins lie in SQLite files of Chromium's form."""
    return [row for row in _at("browsers.browser") if "home" in row]


def store_name(row: Mapping[str, Any], account: int) -> str:
    """The table over a browser's log-ins; `account` 1: over those kept in the account that it is signed in with."""
    return f"vg_{row['id']}_{'account_' if account else ''}logins"


def store_path(row: Mapping[str, Any], account: int) -> str:
    """Where the files of that table lie, in all profiles of all users."""
    return f"C:\\Users\\%\\AppData\\{row['home']}\\%\\Login Data{' For Account' if account else ''}"


_PLACES: Final[Mapping[str, Callable[..., str]]] = MappingProxyType({
    "reg": value,
    "fact": fact,
    "facts": lambda: FACTS,
    "pairs": _pairs,
    "traces": _traces,
    "tools": _tools,
    "words": _words,
    "like": lambda column, path: _any(column, _at(path)),
    "ends": lambda column, path: _any(column, (f"%{each}" for each in _at(path))),
    "contains": lambda column, path: _any(f"' ' || {column} || ' '", (f"% {each} %" for each in _at(path))),
    "named": _named,
    "hooked": _hooked,
    "policies": _policies,
    "stores": _stores,
})  # fmt: skip
