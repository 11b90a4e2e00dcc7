"""A secret that a command is given in a file: refused when others may read it, and never read to the end of a device."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_bad_input import sentence
from tests.system.program import Box, ran


@pytest.fixture
def key(box: Box) -> Path:
    """The key that signs declared data, as the command makes it."""
    assert ran("declared", "keygen", "--out", box.folder / "khoa").returncode == 0
    return box.folder / "khoa" / "declared.key"


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_signing_key_that_others_may_read_signs_nothing(box: Box, key: Path, mode: int) -> None:
    sign = ["declared", "sign", box.folder / "declared", "--key", key, "--out", box.folder / "goi"]
    key.chmod(mode)
    assert f"chmod 600 {key}" in sentence(ran(*sign))
    assert not (box.folder / "goi").exists()
    key.chmod(0o600)
    assert ran(*sign).returncode == 0


def test_a_passphrase_that_others_may_read_opens_nothing(box: Box) -> None:
    words = box.folder / "mat-khau"
    words.write_text("mot mat khau dai\n")
    words.chmod(0o644)
    made = ["declared", "keygen", "--out", box.folder / "khoa", "--passphrase-file", words]
    assert f"chmod 600 {words}" in sentence(ran(*made))
    assert not (box.folder / "khoa").exists()
    words.chmod(0o600)
    assert ran(*made).returncode == 0


def test_a_folder_in_place_of_a_password_is_called_one(box: Box) -> None:
    add = ["users", "add", "lan", "--role", "viewer", "--password-file", box.folder, "--config", box.config]
    assert "là thư mục" in sentence(ran(*add))


def test_a_device_in_place_of_a_file_is_not_read_to_its_end(box: Box) -> None:
    assert sentence(ran("report", "--previous", "/dev/zero", "--config", box.config))


def test_a_day_too_far_away_is_wrong_usage(box: Box) -> None:
    assert "--until" in sentence(ran("report", "--until", "9999-12-31", "--config", box.config), status=2)
