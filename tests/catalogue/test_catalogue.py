"""The catalogue as data: what the lint refuses, what a province puts in, what a signature holds together, what osquery is told."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
from importlib import resources

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.catalogue import CatalogueError, Province, Rendered, load, opened, render, sign
from collector.catalogue.lint import of_query, of_store, troubles
from collector.catalogue.lists import FACTS, filled, lists
from collector.catalogue.schema import database, schema
from collector.catalogue.source import digest, parsed
from model.remote.products import BY_ID
from model.times import HOUR
from tests.catalogue.pcs import rendered

KEY = Ed25519PrivateKey.generate()


def asked(sql, *columns, counted=(), **more):
    """Troubles of one question."""
    base = next(query for query in load().queries if query.topic == "auto_logon")
    query = msgspec.structs.replace(base, sql=sql, digest=digest(sql), columns=frozenset(columns), counted=frozenset(counted), **more)
    pc = database("windows", rendered().tables)
    try:
        return " | ".join(of_query(query, "windows", pc, {table.name for table in rendered().tables}))
    finally:
        pc.close()


def test_the_shipped_catalogue_passes():
    assert troubles(rendered()) == ()


@pytest.mark.parametrize(
    ("sql", "columns", "reason"),
    [
        ("SELECT * FROM services", ("name",), "all columns"),
        ("SELECT s.* FROM services s", ("name",), "all columns"),
        ("SELECT result AS name FROM curl WHERE url = 'http://x'", ("name",), "closed table curl"),
        ("SELECT command AS name FROM shell_history", ("name",), "does not bind"),
        ("SELECT value AS name FROM process_envs", ("name",), "does not bind"),
        ("SELECT name FROM dns_cache", ("name",), "closed table dns_cache"),
        ("SELECT path AS name FROM shellbags", ("name",), "closed table shellbags"),
        ("SELECT md5 AS name FROM hash WHERE path = 'C:\\x'", ("name",), "closed table hash"),
        ("SELECT count AS name FROM yara WHERE path = 'C:\\x'", ("name",), "does not bind"),
        ("SELECT cmdline AS name FROM processes", ("name",), "processes.cmdline, which is closed"),
        ("SELECT user AS name FROM logged_in_users", ("name",), "logged_in_users.user, which is closed"),
        ("SELECT hostname AS name FROM system_info", ("name",), "system_info.hostname, which is closed"),
        ("SELECT username AS name FROM users", ("name",), "personal and not declared"),
        ("SELECT 1 AS name FROM users WHERE username = 'Lan'", ("name",), "personal and not declared"),
        ("SELECT filename AS name FROM file WHERE path LIKE 'C:\\Users\\%\\Desktop\\%%'", ("name",), "unbounded pattern"),
        ("SELECT count(*) AS name FROM file WHERE path LIKE 'C:\\Users\\%\\%\\%\\%'", ("name",), "unbounded pattern"),
        ("SELECT count(*) AS name FROM file WHERE path LIKE 'C:\\%\\x'", ("name",), "unbounded pattern"),
        ("SELECT count(*) AS name FROM file WHERE path LIKE '%\\x'", ("name",), "without a fixed start"),
        ("SELECT max(data) AS name FROM registry WHERE key LIKE '%\\Run'", ("name",), "without a fixed start"),
        ("SELECT max(data) AS name FROM registry WHERE key = 'HKEY_LOCAL_MACHINE\\SAM\\SAM\\Domains'", ("name",), "closed part of the registry"),
        (
            "SELECT max(data) AS name FROM registry WHERE path LIKE 'HKEY_USERS\\%\\Software\\Microsoft\\Internet Explorer\\TypedURLs\\%'",
            ("name",),
            "closed part",
        ),
        ("SELECT max(data) AS name FROM registry WHERE name = 'DigitalProductId'", ("name",), "closed part of the registry"),
        ("SELECT path AS name FROM vg_chrome_logins", ("name",), "holds a user's name"),
        ("SELECT hex(data) AS name FROM registry WHERE key = 'HKEY_LOCAL_MACHINE\\X\\Y'", ("name",), "uses the function hex"),
        ("SELECT nosuch AS name FROM services", ("name",), "does not bind"),
        ("SELECT name FROM no_such_table", ("name",), "does not bind"),
        ("SELECT name FROM mounts", ("name",), "does not bind"),
        ("SELECT name, status FROM services", ("name",), "allowed are name"),
        ("SELECT name FROM services; SELECT 1", ("name",), "not one plain SELECT"),
        ("SELECT name FROM services -- and more", ("name",), "not one plain SELECT"),
        ("ATTACH 'x' AS y", ("name",), "not one plain SELECT"),
    ],
)
def test_the_lint_refuses(sql, columns, reason):
    assert reason in asked(sql, *columns)


def test_a_personal_column_may_be_counted_when_that_is_declared_and_never_given_back():
    assert asked("SELECT count(*) AS n FROM users WHERE username = 'admin'", "n", counted=("users.username",)) == ""
    assert "only be counted" in asked("SELECT username FROM users", "username", counted=("users.username",))


def test_words_inside_texts_are_no_stars_and_no_comments():
    assert asked("SELECT name FROM services WHERE name LIKE '*, -- ;%'", "name") == ""


def test_a_question_is_the_one_of_its_digest():
    base = next(query for query in rendered().queries if query.topic == "firewall")
    changed = msgspec.structs.replace(base, sql=base.sql.replace("'Good'", "'Poor'") + " ")
    assert "not the one of its digest" in " ".join(of_query(changed, "windows", database("windows"), set()))


def stores():
    return {table.name: table for table in rendered().tables}


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("path", "C:\\Users\\%\\AppData\\Local\\Google\\Chrome\\User Data\\%\\Cookies", "outside browsers' folders"),
        ("path", "C:\\Users\\%%\\Login Data", "outside browsers' folders"),
        ("query", "SELECT password_value AS logins, 1 AS government FROM logins", "more than one row"),
        ("query", "SELECT count(*) AS logins, max(length(password_value)) AS government FROM logins", "reads logins.password_value"),
        ("query", "SELECT signon_realm AS logins, 1 AS government FROM logins", "more than one row"),
        ("query", "SELECT group_concat(signon_realm) AS logins, 1 AS government FROM logins", "more than one row"),
        ("query", "SELECT * FROM logins", "all columns"),
        ("query", "SELECT count(*) AS logins, 0 AS government FROM cookies", "something else than two counts"),
    ],
)
def test_a_table_over_a_browsers_file_counts_and_nothing_else(field, text, reason):
    store = msgspec.structs.replace(stores()["vg_chrome_logins"], **{field: text})
    store = msgspec.structs.replace(store, digest=digest(f"{store.path}\n{store.query}"))
    assert reason in " | ".join(of_store(store))


def chrome(*realms, blacklisted=()):
    """A file as Chromium keeps it, counted by the real query."""
    file = sqlite3.connect(":memory:")
    file.execute(
        "CREATE TABLE logins (origin_url TEXT, username_value TEXT, password_value BLOB, signon_realm TEXT NOT NULL, blacklisted_by_user INTEGER NOT NULL)"
    )
    rows = [("x", "lan", b"v10secret", realm, realm in blacklisted) for realm in realms]
    file.executemany("INSERT INTO logins VALUES (?, ?, ?, ?, ?)", rows)
    return file.execute(stores()["vg_edge_logins"].query).fetchall()


def test_saved_logins_are_counted_by_whole_host_names():
    ours = ("https://dichvucong.gov.vn/", "https://sso.dancuquocgia.gov.vn:8443/", "https://MOTCUA.tinh34.vn/", "https://a.motcua.tinh34.vn/cổng")
    others = (
        "https://facebook.com/", "https://gov.vn.evil.com/", "https://xmotcua.tinh34.vn/", "https://evil.com/?.gov.vn/", "android://hash@vn.gov.app/", "https://mygov.vn/",
        "https://notgov.vn/",
    )  # fmt: skip
    never = "https://never.example/"
    assert chrome(*ours, *others, never, blacklisted=(never,)) == [(len(ours) + len(others), len(ours))]
    assert chrome() == [(0, 0)]


def test_a_province_puts_in_hosts_and_nothing_else():
    one = render(load(), Province(code="01", government=("a.vn",), edition=7))
    assert one.version == f"{load().version}.7"
    assert one.queries == load().queries
    assert "'a.vn'" in one.tables[0].query
    assert "'%.a.vn'" in one.tables[0].query


@pytest.mark.parametrize("host", ["x' OR 1=1 --", "A.VN", "a..vn", "vn", "http://a.vn", "a.vn/x", "địa.vn", "-a.vn", "a_b.vn", ""])
def test_a_host_that_is_none_is_refused(host):
    with pytest.raises(CatalogueError, match="lower-case names"):
        render(load(), Province(code="01", government=(host,)))


def test_signed_and_opened():
    data = sign(rendered(), KEY)
    assert data == sign(rendered(), KEY)
    signed = opened(data, [Ed25519PrivateKey.generate().public_key(), KEY.public_key()], known=rendered().version)
    assert (signed.version, signed.province) == (rendered().version, "34")
    assert signed.queries["auto_logon"].sql in {query.sql for query in rendered().queries}
    assert signed.columns["auto_logon"] == {"automatic", "stored", "looked"}
    assert set(signed.asked["linux"]) == {"accounts", "agent", "disks", "interfaces", "machine", "peripherals", "remote_tools"}


def test_a_stranger_signs_in_vain():
    with pytest.raises(CatalogueError, match="not signed with a key that this box trusts"):
        opened(sign(rendered(), Ed25519PrivateKey.generate()), [KEY.public_key()])


def test_a_changed_catalogue_is_refused():
    file = json.loads(sign(rendered(), KEY))
    file["catalogue"] = file["catalogue"].replace("AutoAdminLogon", "DefaultPassword", 1)
    with pytest.raises(CatalogueError, match="was changed since"):
        opened(json.dumps(file).encode(), [KEY.public_key()])


def test_sql_that_is_not_its_digests_is_refused_even_when_signed():
    first = rendered().queries[0]
    other = msgspec.structs.replace(first, sql=first.sql.replace("SELECT", "SELECT ", 1))
    changed = msgspec.structs.replace(rendered(), queries=(other, *rendered().queries[1:]))
    with pytest.raises(CatalogueError, match="not the one of its digest"):
        opened(sign(changed, KEY), [KEY.public_key()])


def test_a_signature_does_not_lift_the_lint():
    sql = "SELECT cmdline AS automatic, 0 AS stored, 1 AS looked FROM processes"
    mine = tuple(msgspec.structs.replace(query, sql=sql, digest=digest(sql)) if query.topic == "auto_logon" else query for query in rendered().queries)
    with pytest.raises(CatalogueError, match=r"must not be asked.*cmdline"):
        opened(sign(msgspec.structs.replace(rendered(), queries=mine), KEY), [KEY.public_key()])


@pytest.mark.parametrize(("known", "refused"), [("2026.11.22.1", False), ("2026.11.22.2", True), ("2027.1.1.1", True), ("2025.12.31.9", False), ("", False)])
def test_an_older_catalogue_is_refused(known, refused):
    old = msgspec.structs.replace(rendered(), version="2026.11.22.1")
    data = sign(old, KEY)
    if refused:
        with pytest.raises(CatalogueError, match="older than"):
            opened(data, [KEY.public_key()], known)
    else:
        assert opened(data, [KEY.public_key()], known).version == old.version


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b'{"signature": "zz", "catalogue": "{}"}', b"\xff\xfe", b"[" * 5_000, b'{"signature": "", "catalogue": 5}']
)
def test_what_is_no_catalogue_is_refused(data):
    with pytest.raises(CatalogueError):
        opened(data, [KEY.public_key()])


def test_a_signed_file_that_is_no_catalogue_is_refused():
    for rubbish in (Rendered(version="neu", province="1", queries=()), Rendered(version="", province="1", queries=())):
        with pytest.raises(CatalogueError, match="no version"):
            opened(sign(rubbish, KEY), [KEY.public_key()])


def test_osquery_is_told_snapshots_at_start_and_the_tables():
    config = opened(sign(rendered(), KEY), [KEY.public_key()]).config("windows")
    assert set(config["schedule"]) == {"peripherals", "remote_tools", "working"}
    assert all(row["snapshot"] and row["startup_priority"] == 1 and row["interval"] <= 1_800 for row in config["schedule"].values())
    assert set(config["auto_table_construction"]) == set(stores())
    assert all(set(row) == {"query", "path", "columns", "platform"} for row in config["auto_table_construction"].values())
    assert len(json.dumps(config)) < 100_000


def test_every_question_is_told_to_people_in_both_languages():
    for query in load().queries:
        for text in (query.title, query.why, query.fix, query.read, query.unread):
            assert len(text.vi) > 5
            assert len(text.en) > 5
            assert text.vi != text.en
        assert query.findings == () or set(query.findings) <= set(range(1, 16))
        assert HOUR <= query.freshness <= 12 * HOUR


def test_both_platforms_of_a_topic_give_the_same_columns():
    columns = {}
    for query in load().queries:
        assert columns.setdefault(query.topic, query.columns) == query.columns


def test_remote_tools_are_those_that_the_rules_know_and_enough_of_them():
    tools = {name for name, row in lists()["remote_tools"].items() if isinstance(row, dict)}
    assert tools <= set(BY_ID)
    assert len(tools) >= 40


def test_a_place_that_nobody_knows_is_refused():
    with pytest.raises(CatalogueError, match="no such place"):
        filled("SELECT [[secret x]]")
    with pytest.raises(CatalogueError, match="no such list"):
        filled("SELECT 1 WHERE name IN ([[words names.secret]])")


def test_a_broken_source_names_its_file():
    with pytest.raises(CatalogueError, match=r"mine\.toml"):
        parsed("[[query]]\ntopic = 'x'\n", "mine.toml")


def test_quotes_in_lists_stay_texts():
    assert filled("[[reg HKLM\\SOFTWARE\\O'Neil\\x]]").count("''") == 1


def test_columns_of_another_platform_are_not_there():
    assert "revision" in schema("windows")["os_version"]
    assert "revision" not in schema("linux")["os_version"]
    assert "registry" not in schema("linux")


def test_the_facts_that_questions_read_are_those_of_the_contract():
    folder = resources.files("collector.catalogue")
    contract = tomllib.loads(folder.joinpath("facts.toml").read_text("utf-8"))
    asked = {name for file in folder.joinpath("queries").iterdir() for name in re.findall(r"\[\[fact ([^\]]+)\]\]", file.read_text("utf-8"))}
    assert contract["key"] == FACTS
    assert asked <= set(contract["values"])
    # The rest are counted by their endings, or say which contract it is.
    assert set(contract["values"]) - asked == {"contract", "BROWSER.inside", "BROWSER.outside"}


def test_osquerys_tables_are_listed_once_and_not_for_each_word_of_a_list():
    """SQLite may turn a plain join round: then osquery would list all services again for each of a hundred names."""
    for query in rendered().queries:
        assert re.findall(r"(?<!CROSS )JOIN (?:known|names|titles|running|live|jobs|doors)\b", query.sql) == []


def test_a_comparison_without_case_still_reaches_a_virtual_table():
    """osquery reads a registry value only when SQLite hands it the path; `COLLATE NOCASE` must not keep it back."""
    pc = sqlite3.connect(":memory:")
    pc.execute("CREATE TABLE asked (one)")
    assert pc.execute("SELECT name FROM pragma_table_info WHERE arg = 'ASKED' COLLATE NOCASE").fetchall() == [("one",)]
    assert pc.execute("WITH k(x) AS (VALUES ('asked')) SELECT name FROM k CROSS JOIN pragma_table_info f WHERE f.arg = k.x").fetchall() == [("one",)]
