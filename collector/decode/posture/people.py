"""How people log on and what their browsers keep: counts and switches, an identifier only as a mark."""

from __future__ import annotations

import re
from typing import Final

from collector.decode.posture.cells import Desk, Row, counted, each
from model.posture.told import (
    Accounts,
    AccountsIn,
    AutoLogon,
    BrowserAccounts,
    BrowserPolicy,
    BrowserRule,
    LogonPolicy,
    SavedIn,
    SavedPasswords,
    Working,
)
from model.times import DAY, SECOND

BROWSERS: Final = frozenset({"chrome", "edge", "coccoc", "brave", "chromium", "firefox"})
_SID: Final = re.compile(r"S-1-[0-9-]{3,120}|[0-9]{1,10}")
# The facts script runs once a day; after a long weekend its words of before are no longer about this PC.
_SCRIPT_HOLDS: Final = 3 * DAY
_MOST: Final = 100_000


def written(rows: list[Row]) -> int | None:
    """When the facts script wrote what it knows, ns; None when it never did."""
    seconds = max((row.number("written", 1 << 33) or 0 for row in rows), default=0)
    return seconds * SECOND or None


def saved_passwords(rows: list[Row], desk: Desk) -> SavedPasswords | None:
    """A row for each browser's own store and one for that of its account; Firefox's is what the script counted, or how many files are not empty."""
    rows, looked = counted(rows, "browser")
    if not looked:
        return None
    sums: dict[str, list[int]] = {}
    unread: set[str] = set()
    for browser, row in each(rows, "browser", BROWSERS):
        files, stores = (row.number(column, _MOST) or 0 for column in ("files", "stores"))
        counts = (_firefox(row, desk) if browser == "firefox" else stores > 0) and row.number("logins", _MOST) is not None
        if (not counts and (files or stores)) or (browser != "firefox" and files > stores):
            unread.add(browser)
        if counts:
            sums[browser] = [one + other for one, other in zip(sums.get(browser, (0, 0, 0)), _saved(browser, row), strict=True)]
    browsers = tuple(SavedIn(browser=name, government=g, others=o, synced=s) for name, (g, o, s) in sorted(sums.items()))
    return SavedPasswords(browsers=browsers, unread=tuple(sorted(unread)))


def _saved(browser: str, row: Row) -> tuple[int, int, int]:
    logins = row.number("logins", _MOST) or 0
    government = min(row.number("government", _MOST) or 0, logins)
    synced = row.number("synced", _MOST) or 0 if browser == "firefox" else logins * (row.number("account", 1) or 0)
    return government, logins - government, synced


def _firefox(row: Row, desk: Desk) -> bool:
    """Whether the script counted Firefox's log-ins, and lately."""
    at = written([row])
    return row.number("government", _MOST) is not None and at is not None and desk.at - at <= _SCRIPT_HOLDS


def browser_accounts(rows: list[Row], desk: Desk) -> BrowserAccounts | None:
    """From the script alone."""
    desk.written = written(rows)
    if desk.written is None:
        return None
    found = {
        browser: AccountsIn(browser=browser, inside=row.number("inside", _MOST) or 0, outside=row.number("outside", _MOST) or 0)
        for browser, row in each(rows, "browser", BROWSERS)
    }
    return BrowserAccounts(browsers=tuple(found[name] for name in sorted(found)))


def browser_policy(rows: list[Row], _desk: Desk) -> BrowserPolicy | None:
    """Of installed browsers: whether policy allows saving and synchronising; None where it says nothing."""
    found, looked = counted(rows, "browser")
    if not looked:
        return None
    rules = {browser: _rule(browser, row) for browser, row in each(found, "browser", BROWSERS) if row.number("installed")}
    return BrowserPolicy(browsers=tuple(rules[name] for name in sorted(rules)))


def _rule(browser: str, row: Row) -> BrowserRule:
    no_sync, signin = row.flag("no_sync"), row.number("signin", 2)
    # BrowserSignin 0: nobody can sign in, so nothing is synchronised.
    syncing = False if no_sync or signin == 0 else True if no_sync is False else None
    return BrowserRule(browser=browser, saving=row.flag("saving"), syncing=syncing)


def auto_logon(rows: list[Row], _desk: Desk) -> AutoLogon | None:
    """AutoAdminLogon is a text, "1" for on."""
    row = next((row for row in rows if row.number("looked")), None)
    stored = None if row is None else row.flag("stored")
    return None if row is None or stored is None else AutoLogon(on=row.raw("automatic") == "1", stored=stored)


def logon_policy(rows: list[Row], _desk: Desk) -> LogonPolicy | None:
    """The local policy as Windows exports it; -1 and missing are unknown."""
    row = next((row for row in rows if row.raw("length") or row.raw("lockout") or row.raw("complexity")), None)
    if row is None:
        return None
    return LogonPolicy(
        length=row.number("length", 999), complexity=row.flag("complexity"), lockout=row.number("lockout", 9_999), guest=row.flag("guest"),
        clear_text=row.flag("clear_text"), blank_limited=row.flag("blank_limited"), domain=row.flag("domain"),
    )  # fmt: skip


def accounts(rows: list[Row], desk: Desk) -> Accounts | None:
    """The script's counts where it is there and fresh; else osquery's: accounts that somebody used."""
    row = next(iter(rows), None)
    if row is None:
        return None
    enabled, at = row.number("enabled", _MOST), written(rows)
    # Without the script osquery tells it on Linux alone, where some account is always there.
    if enabled is not None and (enabled > 0 if at is None else desk.at - at <= _SCRIPT_HOLDS):
        named = row.number("named_generic", _MOST)
        generic = named if named is not None else row.number("generic", _MOST)
        return Accounts(enabled=enabled, generic=generic or 0, blank=row.number("blank", _MOST), unset=row.number("unset", _MOST))
    used = row.number("used", _MOST)
    return Accounts(enabled=used, generic=row.number("generic", _MOST) or 0) if used else None


def working(rows: list[Row], desk: Desk) -> Working | None:
    """Who works there now; of several the one with most rights."""
    found, looked = counted(rows, "sid")
    if not looked:
        return None
    here = [
        Working(active=True, user=desk.mark(f"user:{row.raw('sid')}"), admin=bool(row.flag("admin")), builtin=bool(row.flag("builtin")))
        for row in found
        if _SID.fullmatch(row.raw("sid")) and row.flag("admin") is not None
    ]
    if len(here) < len(found):
        # Somebody is there of whom nothing can be read: not the same as nobody.
        return None
    return max(here, key=lambda one: (one.builtin, one.admin, one.user), default=Working())
