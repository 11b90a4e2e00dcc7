"""The users' file, passwords, sessions and waits after mistakes, each by itself."""

from __future__ import annotations

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.console import passwords
from exporters.console.lockout import FREE, LONGEST, Lockout
from exporters.console.sessions import Sessions
from exporters.console.users import Users, UsersError
from tests.console.commune import NOW
from tests.console.people import Time, user, write_users

SECRET = "một câu dài dễ nhớ"


def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "users.json", lambda: NOW)


def test_a_change_by_another_process_is_seen_at_once(tmp_path: Path) -> None:
    page, command = users(tmp_path), users(tmp_path)
    assert page.every() == ()
    write_users(tmp_path / "users.json", user("administrator"), user("analyst"))
    lan = page.named("lan")
    assert lan is not None
    assert (lan.may("read"), lan.may("act"), lan.may("administer")) == (True, True, False)
    command.set_role("lan", "viewer")
    lan = page.named("lan")
    assert lan is not None
    assert (lan.may("read"), lan.may("act")) == (True, False)
    assert page.named("nobody") is None


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"{", 0o600, "bị hỏng"),
        (b'{"users": [{"name": "lan"}]}', 0o600, "bị hỏng"),
        (b'{"users": [], "more": 1}', 0o600, "bị hỏng"),
        (b"", 0o600, "bị hỏng"),
        (b'{"users": []}', 0o640, "chmod 600"),
        (b'{"users": []}', 0o604, "chmod 600"),
    ],
    ids=["cut", "incomplete", "more", "empty", "group", "others"],
)
def test_a_file_that_is_not_right_lets_nobody_in(tmp_path: Path, content: bytes, mode: int, said: str) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(UsersError, match=r".") as refused:
        users(tmp_path).every()
    assert said in refused.value.text.vi


def test_the_last_administrator_stays(tmp_path: Path) -> None:
    write_users(tmp_path / "users.json", user("administrator"), user("administrator", name="tuan", disabled=True))
    made = users(tmp_path)
    for change in (lambda: made.set_disabled("minh", True), lambda: made.set_role("minh", "analyst")):
        with pytest.raises(UsersError, match="last administrator"):
            change()
    made.set_disabled("tuan", False)
    made.set_disabled("minh", True)
    assert [each.name for each in made.every() if not each.disabled] == ["tuan"]


def test_where_nobody_administers_the_others_can_still_be_shut_out(tmp_path: Path) -> None:
    write_users(tmp_path / "users.json", user("analyst", name="tuan"))
    users(tmp_path).set_disabled("tuan", True)
    assert users(tmp_path).every()[0].disabled


@pytest.mark.parametrize("name", ["", "a", "A1", "lan hoa", "lán", "-lan", "a" * 33, "../x", "lan\n"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsersError, match="lower-case"):
        users(tmp_path).add(name, "viewer", SECRET)


def test_changes_made_at_once_are_all_kept(tmp_path: Path) -> None:
    """Each with a file of its own open, as a command beside a running page has."""
    write_users(tmp_path / "users.json", user("administrator"), *(user("viewer", name=f"u{number}") for number in range(20)))
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda number: users(tmp_path).set_role(f"u{number}", "analyst"), range(20)))
    assert [each.role for each in users(tmp_path).every()] == ["administrator", *["analyst"] * 20]
    assert [path.name for path in tmp_path.iterdir()] == ["users.json"]


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="only root gives files away")
def test_a_command_of_roots_leaves_the_file_to_the_folders_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    users(tmp_path).add("minh", "administrator", SECRET)
    found = (tmp_path / "users.json").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65534, 0o600)


def test_a_password_is_the_same_however_its_accents_are_written() -> None:
    kept = passwords.made(unicodedata.normalize("NFD", SECRET))
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(unicodedata.normalize("NFC", SECRET), kept)
    assert not passwords.fits(SECRET + " ", kept)
    assert not passwords.fits(SECRET, "not a hash")
    assert not passwords.fits(SECRET, "")


def test_a_longer_password_is_no_password_that_begins_alike() -> None:
    longest = "ab cd ef gh " * 21 + "ijkl"
    kept = passwords.made(longest)
    assert len(longest) == passwords.LONGEST
    assert passwords.fits(longest, kept)
    assert not passwords.fits(longest + "x", kept)


@pytest.mark.parametrize(
    ("password", "fits"), [(SECRET, True), ("ngắn", False), ("a" * 300, False), ("aaaaaaaaaaaaaaaa", False), ("mật khẩu của LAN đây", False)]
)
def test_which_passwords_will_do(password: str, fits: bool) -> None:
    assert (passwords.unfit(password, "lan") is None) == fits


def test_waits_double_up_to_the_longest_and_end() -> None:
    made, now, waits = Lockout(), 0.0, []
    for _ in range(FREE + 12):
        made.failed("lan", "192.0.2.7", now)
        waits.append(made.wait("lan", "198.51.100.1", now))
        now += waits[-1]
    assert waits == [0.0] * (FREE - 1) + [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, LONGEST, LONGEST, LONGEST, LONGEST]
    assert made.wait("lan", "192.0.2.7", now) == 0.0


def test_whoever_knows_a_name_keeps_nobody_out_who_logged_in_before() -> None:
    made = Lockout()
    made.passed("lan", "192.0.2.7")
    for _ in range(50):
        made.failed("lan", "198.51.100.1", 10.0)
    assert made.wait("lan", "192.0.2.7", 10.0) == 0.0
    assert made.wait("lan", "203.0.113.5", 10.0) == LONGEST
    for _ in range(FREE):
        made.failed("lan", "192.0.2.7", 10.0)
    assert made.wait("lan", "192.0.2.7", 10.0) == 1.0, "mistakes made there still count"


def test_an_own_log_in_forgives_no_mistakes_with_anothers_name() -> None:
    made = Lockout()
    made.passed("lan", "192.0.2.7")
    for _ in range(FREE):
        made.failed("lan", "192.0.2.7", 10.0)
        made.passed("hoa", "192.0.2.7")
    assert made.wait("lan", "192.0.2.7", 10.0) == 1.0


def test_a_network_of_ipv6_is_one_address() -> None:
    made = Lockout()
    for number in range(FREE):
        made.failed(f"u{number}", f"2001:db8::{number + 1:x}", 10.0)
    assert made.wait("lan", "2001:db8::ffff", 10.0) == 1.0
    assert made.wait("lan", "2001:db8:0:1::1", 10.0) == 0.0
    assert made.wait("lan", "", 10.0) == 0.0


@given(st.lists(st.tuples(st.sampled_from(["lan", "hoa"]), st.sampled_from(["192.0.2.1", "::ffff:192.0.2.1", "x"]), st.floats(0, 4_000)), max_size=60))
@settings(max_examples=60, deadline=None)
def test_nobody_waits_longer_than_the_longest(tries: list[tuple[str, str, float]]) -> None:
    made, now = Lockout(), 0.0
    for name, address, later in tries:
        now += later
        assert 0.0 <= made.wait(name, address, now) <= LONGEST
        made.failed(name, address, now)
    assert made.wait("lan", "192.0.2.1", now + LONGEST) == 0.0


def test_sessions_end_and_are_bounded() -> None:
    clock = Time()
    made = Sessions(clock.monotonic, idle=100, longest=1_000)
    first = made.begin("lan", 1)
    assert len(first) == 43
    clock.seconds += 99
    assert made.of(first, touch=True) is not None
    clock.seconds += 99
    assert made.of(first, touch=False) is not None
    clock.seconds += 1
    assert made.of(first, touch=True) is None
    names = [made.begin("lan", 1) for _ in range(20)]
    assert [made.of(name, touch=False) is not None for name in names] == [False] * 12 + [True] * 8
    many = [made.begin(f"u{number}", 1) for number in range(1_100)]
    assert sum(made.of(name, touch=False) is not None for name in many) == 1_000
    made.end_all("u1099")
    assert made.of(many[-1], touch=False) is None
    made.end(many[-2])
    assert made.of(many[-2], touch=False) is None
    assert made.of("", touch=True) is None


def test_a_forms_token_is_written_another_way_each_time_and_is_of_one_session() -> None:
    made = Sessions(Time().monotonic, idle=100, longest=1_000)
    one, two = (made.of(made.begin("lan", 1), touch=False) for _ in range(2))
    assert one is not None
    assert two is not None
    tokens = {one.token() for _ in range(20)}
    assert len(tokens) == 20
    assert all(one.wrote(token) for token in tokens)
    assert not any(two.wrote(token) for token in tokens)
    assert not any(one.wrote(token) for token in ("", "é", "=", "A" * 86, next(iter(tokens))[:-2], "A" * 1_000))
    assert "secret" not in repr(one)
