"""Keys in files: made once, guarded by rights or by a passphrase, refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from collector.sealing.errors import SealError
from collector.sealing.keys import fingerprint, generate, private_key, public_key


def test_a_pair_belongs_together_and_only_its_owner_reads_the_private_half(tmp_path: Path) -> None:
    private, public = generate(tmp_path / "keys")
    assert fingerprint(private_key(private).public_key()) == fingerprint(public_key(public))
    assert private.stat().st_mode & 0o777 == 0o600
    assert public.stat().st_mode & 0o777 == 0o644


def test_a_pair_is_never_overwritten(tmp_path: Path) -> None:
    private, _ = generate(tmp_path)
    before = private.read_bytes()
    with pytest.raises(SealError, match="không ghi đè"):
        generate(tmp_path)
    assert private.read_bytes() == before


def test_a_key_without_a_passphrase_that_others_can_read_is_refused(tmp_path: Path) -> None:
    private, _ = generate(tmp_path)
    private.chmod(0o640)
    with pytest.raises(SealError, match="chmod 600"):
        private_key(private)


def test_a_passphrase_guards_a_key_wherever_it_lies(tmp_path: Path) -> None:
    private, public = generate(tmp_path, b"mat khau dai")
    private.chmod(0o644)
    assert fingerprint(private_key(private, b"mat khau dai").public_key()) == fingerprint(public_key(public))
    with pytest.raises(SealError, match="sai mật khẩu"):
        private_key(private, b"sai")
    with pytest.raises(SealError, match="cần --passphrase-file"):
        private_key(private)


def test_a_passphrase_for_a_key_that_has_none_is_said(tmp_path: Path) -> None:
    private, _ = generate(tmp_path)
    with pytest.raises(SealError, match="không có mật khẩu"):
        private_key(private, b"thua")


def another_kind(folder: Path) -> Path:
    key = Ed25519PrivateKey.generate().public_key()
    path = folder / "ed25519.pub"
    path.write_bytes(key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return path


def private_half(folder: Path) -> Path:
    return generate(folder)[0]


def no_key(folder: Path) -> Path:
    (folder / "notes").write_text("ghi chú")
    return folder / "notes"


@pytest.mark.parametrize("make", [another_kind, private_half, no_key])
def test_what_is_no_public_key_is_refused(tmp_path: Path, make) -> None:
    with pytest.raises(SealError, match="không phải khóa công khai X25519"):
        public_key(make(tmp_path))


def test_a_key_that_is_missing_or_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(SealError, match="Không có tệp khóa"):
        public_key(tmp_path / "nowhere")
    with pytest.raises(SealError, match="Không đọc được"):
        private_key(tmp_path)
