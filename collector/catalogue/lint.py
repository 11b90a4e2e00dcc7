"""What a question may do: read few tables, no personal column but to count, no file beyond named folders. A signature does not lift these limits.

SQLite itself says what a question reads: its authorizer is asked while the question is prepared against osquery's tables. No writing of it can hide anything.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

from collector.catalogue.schema import database, schema
from collector.catalogue.shapes import PLATFORMS, Platform, Query, Rendered, StoreTable
from collector.catalogue.source import digest

# Tables that questions have been thought through for. Whatever else osquery has (content of files, browsing, command lines, keys, networks) is closed.
ALLOWED: Final = frozenset({
    "bitlocker_info", "deb_packages", "disk_encryption", "drivers", "etc_hosts", "file", "groups", "interface_details", "listening_ports",
    "logged_in_users", "logical_drives", "mounts", "ntdomains", "os_version", "osquery_info", "osquery_schedule", "patches", "process_open_sockets",
    "processes", "programs", "registry", "scheduled_tasks", "security_profile_info", "services", "shadow", "shared_resources", "system_info", "time",
    "usb_devices", "user_groups", "users", "windows_firewall_rules", "windows_optional_features", "windows_security_center",
    "windows_security_products", "windows_update_history",
})  # fmt: skip
# Names of people, places and things that people named. Those that a question counts by are declared in its `counted`; the others are closed.
PERSONAL: Final = frozenset({
    "file.directory", "file.filename", "file.original_filename", "file.path", "logged_in_users.tty", "processes.path", "shared_resources.name",
    "users.directory", "users.username",
})  # fmt: skip
CLOSED: Final = frozenset({
    "drivers.device_name", "etc_hosts.address", "file.atime", "file.file_id", "file.shortcut_target_path", "file.symlink_target_path",
    "groups.comment", "groups.groupname", "interface_details.connection_id", "interface_details.dhcp_server", "interface_details.dns_domain",
    "interface_details.dns_host_name", "interface_details.friendly_name", "logged_in_users.host", "logged_in_users.registry_hive",
    "logged_in_users.user", "patches.csname", "patches.installed_by", "process_open_sockets.path", "processes.cmdline", "processes.cwd",
    "programs.install_location", "programs.install_source", "programs.uninstall_string", "scheduled_tasks.action", "scheduled_tasks.path",
    "services.description", "services.path", "services.user_account", "shadow.username", "shared_resources.description", "shared_resources.path",
    "system_info.computer_name", "system_info.hostname", "system_info.local_hostname", "users.description", "windows_firewall_rules.name",
})  # fmt: skip
FUNCTIONS: Final = frozenset({
    "coalesce", "count", "glob", "group_concat", "ifnull", "instr", "length", "like", "lower", "max", "min", "printf", "rtrim", "split", "strftime",
    "substr", "sum",
})  # fmt: skip
# Where Windows keeps secrets, keys, and what people opened, typed and visited.
_CLOSED_KEYS: Final = re.compile(
    r"(?i)\\(?:SAM|SECURITY)(?:\\|$)|TypedURLs|TypedPaths|RecentDocs|RunMRU|MRU\b|UserAssist|ShellBags|BagMRU|DigitalProductId|ProductKey|NetworkList|WlanSvc"
    r"|Credentials|Protected Storage|PuTTY|MountPoints2|WordWheelQuery|ConsentStore|LastLoggedOn|ProfileList|IdentityStore|Cookies|DefaultUserName"
)
_STORE_COLUMNS: Final = frozenset({"signon_realm", "blacklisted_by_user"})
_LOGINS: Final = "CREATE TABLE logins (origin_url, username_value, password_value, signon_realm, blacklisted_by_user INTEGER, date_created INTEGER)"
_STORE_PATH: Final = re.compile(r"C:\\Users\\%\\AppData\\(?:Local|Roaming)\\[^%*]+\\User Data\\%\\Login Data(?: For Account)?")
_LITERAL: Final = re.compile(r"'((?:[^']|'')*)'")
_ROOTED: Final = re.compile(r"(?:[A-Z]:\\|HKEY_[A-Z_]+\\|/)")
_PATTERN: Final = re.compile(r"\b(?:path|key)\s+(?:not\s+)?like\s+'([^']*)'", re.IGNORECASE)
_STAR: Final = re.compile(r"(?:\bselect|\bdistinct|,)\s*(?:\w+\s*\.\s*)?\*", re.IGNORECASE)
# osquery lists a folder or a key for each of these: `%%` would walk the whole tree.
_MAX_WILD: Final = 3
_MAX_SQL: Final = 24_576
_READING: Final = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_READ})


def troubles(rendered: Rendered) -> tuple[str, ...]:
    """Everything in a catalogue that must not be asked, a sentence each; empty when it may go out."""
    found: list[str] = []
    for platform in PLATFORMS:
        found += _of_platform(rendered, platform)
    for store in rendered.tables:
        found += [f"{store.name}: {trouble}" for trouble in of_store(store)]
    return tuple(found)


def _of_platform(rendered: Rendered, platform: Platform) -> Iterator[str]:
    stores = [store for store in rendered.tables if store.platform == platform]
    queries = [query for query in rendered.queries if platform in query.platforms]
    if len({query.topic for query in queries}) != len(queries):
        yield f"{platform}: a topic is asked twice"
    pc = database(platform, stores)
    try:
        for query in queries:
            for trouble in of_query(query, platform, pc, {store.name for store in stores}):
                yield f"{query.topic} ({platform}): {trouble}"
    finally:
        pc.close()


def of_query(query: Query, platform: Platform, pc: sqlite3.Connection, stores: set[str]) -> Iterator[str]:
    """What is wrong with one question, bound to the tables of `pc`."""
    if query.digest != digest(query.sql):
        yield "its SQL is not the one of its digest"
    yield from _written(query.sql)
    known = schema(platform).keys() | stores
    reads: set[tuple[str, str]] = set()
    refused: set[str] = set()
    columns = _bound(query.sql, pc, reads, refused)
    if isinstance(columns, str):
        yield f"does not bind: {columns}"
        return
    if set(columns) != query.columns or len(set(columns)) != len(columns):
        yield f"gives {', '.join(columns)}, allowed are {', '.join(sorted(query.columns))}"
    yield from (f"uses {name}" for name in sorted(refused))
    yield from _read({each for each in reads if each[0] in known}, query, stores)


def _written(sql: str) -> Iterator[str]:
    bare = _LITERAL.sub("''", sql)
    if len(sql) > _MAX_SQL:
        yield f"longer than {_MAX_SQL} characters"
    if not re.match(r"\s*(?:select|with)\b", bare, re.IGNORECASE) or ";" in bare or "--" in bare or "/*" in bare:
        yield "is not one plain SELECT"
    if _STAR.search(bare):
        yield "asks for all columns"
    yield from (f"unbounded pattern {literal}" for literal in _LITERAL.findall(sql) if _unbounded(literal))
    yield from (f"a closed part of the registry {literal}" for literal in _LITERAL.findall(sql) if _CLOSED_KEYS.search(literal))
    yield from (f"pattern without a fixed start {found}" for found in _PATTERN.findall(sql) if not _ROOTED.match(found))


def _unbounded(literal: str) -> bool:
    """Whether a path or key lists more than a few known folders."""
    if "%%" in literal or "**" in literal:
        return True
    if not _ROOTED.match(literal):
        return False
    parts = re.split(r"[\\/]", literal)
    wild = [place for place, part in enumerate(parts) if "%" in part or "*" in part]
    return len(wild) > _MAX_WILD or bool(wild and parts[wild[0]].startswith(("%", "*")) and wild[0] < 2 and not literal.startswith("HKEY_USERS\\"))


def _bound(sql: str, pc: sqlite3.Connection, reads: set[tuple[str, str]], refused: set[str]) -> list[str] | str:
    """Names of the result's columns; the reason when it cannot be prepared."""

    def asked(action: int, one: str | None, two: str | None, _database: str | None, _inner: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            reads.add((one or "", two or ""))
        elif action == sqlite3.SQLITE_FUNCTION and (two or "") not in FUNCTIONS:
            refused.add(f"the function {two}")
        elif action not in _READING:
            refused.add(f"the action {action}")
        return sqlite3.SQLITE_OK

    pc.set_authorizer(asked)
    try:
        return [column[0] for column in pc.execute(f"SELECT * FROM ({sql}) LIMIT 0").description or ()]
    except sqlite3.Error as error:
        return str(error)
    finally:
        pc.set_authorizer(None)


def _read(reads: set[tuple[str, str]], query: Query, stores: set[str]) -> Iterator[str]:
    for table, column in sorted(reads):
        name = f"{table}.{column}"
        if table in stores and column == "path":
            yield f"reads {name}, which holds a user's name"
        elif table not in stores and table not in ALLOWED:
            yield f"reads the closed table {table}"
        elif name in CLOSED:
            yield f"reads {name}, which is closed"
        elif name in PERSONAL and name not in query.counted:
            yield f"reads {name}, which is personal and not declared as counted"
        elif name in PERSONAL and column in query.columns:
            yield f"gives back {name}, which may only be counted"


def of_store(store: StoreTable) -> Iterator[str]:
    """What is wrong with a table over browsers' files: it may count saved log-ins, and give back two numbers."""
    if store.digest != digest(f"{store.path}\n{store.query}"):
        yield "its SQL is not the one of its digest"
    if not _STORE_PATH.fullmatch(store.path):
        yield f"lies outside browsers' folders: {store.path}"
    yield from _written(store.query)
    pc = sqlite3.connect(":memory:")
    try:
        pc.execute(_LOGINS)
        reads: set[tuple[str, str]] = set()
        refused: set[str] = set()
        columns = _bound(store.query, pc, reads, refused)
        if isinstance(columns, str) or tuple(columns) != store.columns or store.columns != ("logins", "government"):
            yield "gives something else than two counts"
        elif not _counts(store.query, pc):
            yield "gives more than one row of counts"
        yield from (f"uses {name}" for name in sorted(refused))
        yield from (f"reads logins.{column}" for table, column in sorted(reads) if table == "logins" and column and column not in _STORE_COLUMNS)
    finally:
        pc.close()


def _counts(sql: str, pc: sqlite3.Connection) -> bool:
    """Whether two rows of log-ins come out as one row of whole numbers: a realm that came out as it is would be seen here."""
    pc.executemany("INSERT INTO logins (signon_realm, blacklisted_by_user) VALUES (?, 0)", [("https://a.gov.vn/",), ("https://example.org/",)])
    rows = pc.execute(sql).fetchmany(2)
    return len(rows) == 1 and rows[0] == (2, 1)
