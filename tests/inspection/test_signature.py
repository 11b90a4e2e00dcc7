"""A signed report: nothing in it can be changed, nobody else's key passes for the wanted one, and keys are kept from others."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.inspection import signature
from collector.refusal import ConfigError
from exporters.report import stored
from model.inspection.document import instant
from model.inspection.group import Member, merged
from model.times import DAY
from tests.system.program import ran

DATA = b'{"format": 1}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config" / "vonggac"


def test_a_key_is_made_once_and_is_its_owners_alone(folder: Path) -> None:
    first, again = signature.own_key(folder), signature.own_key(folder)
    assert first.private_bytes_raw() == again.private_bytes_raw()
    assert stat.S_IMODE((folder / "report.key").stat().st_mode) == 0o600
    assert signature.fingerprint(signature.public_key(folder / "report.pub")) == signature.fingerprint(first.public_key())


def test_what_was_signed_is_known_by_its_signer(folder: Path) -> None:
    key = signature.own_key(folder)
    signer = signature.checked(DATA, signature.signed(DATA, key), key.public_key())
    assert signer.fingerprint == signature.fingerprint(key.public_key())
    assert len(signer.fingerprint) == 19


@pytest.mark.parametrize("place", range(0, len(DATA), 3))
def test_a_changed_byte_is_found(folder: Path, place: int) -> None:
    mark = signature.signed(DATA, signature.own_key(folder))
    changed = DATA[:place] + bytes([DATA[place] ^ 1]) + DATA[place + 1 :]
    with pytest.raises(ConfigError, match="đã bị sửa sau khi ký"):
        signature.checked(changed, mark)


def test_another_key_is_not_the_wanted_one(folder: Path) -> None:
    mark = signature.signed(DATA, Ed25519PrivateKey.generate())
    assert signature.checked(DATA, mark).fingerprint
    with pytest.raises(ConfigError, match="do khóa khác ký"):
        signature.checked(DATA, mark, signature.own_key(folder).public_key())


def test_a_key_put_in_anothers_place_does_not_pass(folder: Path) -> None:
    file = json.loads(signature.signed(DATA, Ed25519PrivateKey.generate()))
    file["key"] = signature.own_key(folder).public_key().public_bytes_raw().hex()
    with pytest.raises(ConfigError, match="CHỮ KÝ SAI"):
        signature.checked(DATA, json.dumps(file).encode())


def test_a_signature_over_the_bare_bytes_is_none(folder: Path) -> None:
    key = signature.own_key(folder)
    file = {**json.loads(signature.signed(DATA, key)), "signature": key.sign(DATA).hex()}
    with pytest.raises(ConfigError, match="CHỮ KÝ SAI"):
        signature.checked(DATA, json.dumps(file).encode())


@pytest.mark.parametrize(
    "mark", [b"", b"{", b"[]", b"{}", b'{"format":"x","key":"zz","signature":""}', b"[" * 100_000], ids=["empty", "cut", "list", "bare", "hex", "deep"]
)
def test_what_is_no_signature_is_refused(mark: bytes) -> None:
    with pytest.raises(ConfigError, match="không đúng dạng"):
        signature.checked(DATA, mark)


def test_a_key_that_others_may_read_or_that_is_none_is_refused(folder: Path) -> None:
    signature.own_key(folder)
    (folder / "report.key").chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        signature.private_key(folder / "report.key")
    (folder / "x").write_text("no key")
    (folder / "x").chmod(0o600)
    for read in (signature.private_key, signature.public_key):
        with pytest.raises(ConfigError, match="không phải khóa Ed25519"):
            read(folder / "x")
        with pytest.raises(ConfigError, match="Không đọc được"):
            read(folder / "none")


def test_the_command_tells_the_signer_or_what_is_wrong(folder: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "r.json", signature.own_key(folder)
    file.write_bytes(stored(merged([], [Member("xa-a")], code="nhom", made=instant(20_000 * DAY))))
    alone = ran("report", "verify", file)
    assert (alone.returncode, alone.stderr.count("\n"), "r.json.sig" in alone.stderr) == (1, 1, True)
    (tmp_path / "r.json.sig").write_bytes(signature.signed(file.read_bytes(), key))
    right = ran("report", "verify", file, "--key", folder / "report.pub")
    assert (right.returncode, signature.fingerprint(key.public_key()) in right.stdout, "đúng khóa đã nêu" in right.stdout) == (0, True, True), right
    file.write_bytes(file.read_bytes().replace(b"xa-a", b"xa-b"))
    wrong = ran("report", "verify", file)
    assert (wrong.returncode, "CHỮ KÝ SAI" in wrong.stderr) == (1, True)
