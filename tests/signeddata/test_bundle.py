"""Bundles of declared data: only the province's word counts, an old one never comes back, and the folder is exchanged whole."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from collector.refusal import ConfigError, refused
from collector.signeddata import MOST, BundleRefusedError, Content, content_of, known_version, put, sign, verified
from collector.signeddata.form import FORMAT
from model.text import Text
from model.times import DAY, HOUR, SECOND

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
NOW = 1_795_000_000 * SECOND
PLAIN = Content(format=FORMAT, box="hop-1", version=NOW // SECOND, expires=NOW + DAY, files={"site.toml": 'site = "xa-a"\n'})


def taken(data: bytes, *, box: str = "hop-1", known: int = 0, now: int = NOW, key: Ed25519PrivateKey = KEY) -> Content:
    return verified(data, [key.public_key()], box=box, known=known, now=now)


def changed(**fields: object) -> bytes:
    return sign(msgspec.structs.replace(PLAIN, **fields), KEY)


def test_what_the_province_signed_is_taken() -> None:
    assert taken(sign(PLAIN, KEY)) == PLAIN
    assert taken(changed(box=""), box="hop-9").files == PLAIN.files


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (sign(PLAIN, Ed25519PrivateKey.from_private_bytes(b"x" * 32)), "chữ ký"),
        (changed(box="hop-2"), "dành cho hộp hop-2"),
        (changed(expires=NOW), "hết hạn"),
        (changed(version=NOW // SECOND + 2 * DAY // SECOND), "tương lai"),
        (changed(format=9), "phiên bản khác"),
        (changed(files={"../site.toml": ""}), "không hợp lệ"),
        (changed(files={"/etc/site.toml": ""}), "không hợp lệ"),
        (changed(files={"a/b/c.csv": ""}), "không hợp lệ"),
        (changed(files={".bundle": ""}), "không hợp lệ"),
        (changed(files={"run.sh": ""}), "không hợp lệ"),
        (b"", "không phải"),
        (b"[" * 100_000, "không phải"),
        (b"x" * (MOST * 2), "không phải"),
    ],
    ids=["stranger", "other-box", "expired", "future", "format", "above", "absolute", "deep", "mark", "program", "empty", "nested", "long"],
)
def test_all_else_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(BundleRefusedError) as refusal:
        taken(data)
    assert sentence in refusal.value.text.vi


def test_an_older_one_is_refused_and_the_same_one_is_no_news() -> None:
    with pytest.raises(BundleRefusedError, match="cũ hơn"):
        taken(sign(PLAIN, KEY), known=PLAIN.version + 1)
    assert taken(sign(PLAIN, KEY), known=PLAIN.version).version == PLAIN.version


def test_a_clock_that_is_hours_off_takes_it_still() -> None:
    assert taken(sign(PLAIN, KEY), now=NOW - 20 * HOUR) == PLAIN


@given(st.data())
def test_no_changed_byte_goes_unseen(data: st.DataObject) -> None:
    whole = sign(PLAIN, KEY)
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with contextlib.suppress(BundleRefusedError):
        assert taken(broken) == PLAIN


def test_a_folder_goes_through_whole(tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    (folder / "xa-a").mkdir(parents=True)
    (folder / "xa-a" / "site.toml").write_text('site = "xa-a"\n')
    (folder / "xa-a" / "register.csv").write_text("mac,name\n", "utf-8-sig")
    (folder / "README.md").write_text("x")
    content = content_of(folder, "hop-1", NOW, 30)
    assert sorted(content.files) == ["xa-a/register.csv", "xa-a/site.toml"]
    put(content, tmp_path / "o-hop", lambda _: None)
    assert (tmp_path / "o-hop" / "xa-a" / "register.csv").read_text() == "mac,name\n"
    assert known_version(tmp_path / "o-hop") == content.version


def test_what_does_not_pass_its_trial_leaves_everything_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    (folder / "site.toml").write_text("cũ")

    def never(_: Path) -> None:
        raise refused("site.toml", Text("sai", "wrong"))

    with pytest.raises(ConfigError):
        put(PLAIN, folder, never)
    assert [path.name for path in tmp_path.iterdir()] == ["declared"]
    assert (folder / "site.toml").read_text() == "cũ"
    put(PLAIN, folder, lambda _: None)
    assert (folder / "site.toml").read_text() == 'site = "xa-a"\n'
    assert [path.name for path in tmp_path.iterdir()] == ["declared"]


def test_files_that_people_wrote_have_no_version(tmp_path: Path) -> None:
    assert known_version(tmp_path) == 0
    (tmp_path / ".bundle").write_text("hỏng")
    assert known_version(tmp_path) == 0
