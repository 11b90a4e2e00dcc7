"""Where a credential is found: given by systemd, or, for a command of root's on an installed box, where the package keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporters import secret
from exporters.secret import read_secret
from exporters.sink import OptionsError


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's secrets."""
    folder = tmp_path / "secrets"
    (folder / "sinks").mkdir(parents=True)
    for name in ("webhook", "es_api-key"):
        (folder / "sinks" / name).write_text(f"{name}\n")
        (folder / "sinks" / name).chmod(0o600)
    monkeypatch.setattr(secret, "_KEPT", folder)
    return folder


def test_a_command_finds_what_systemd_hands_to_the_service(kept: Path, tmp_path: Path) -> None:
    assert read_secret(None, "sinks_webhook", {}) == ("webhook",)
    assert read_secret(None, "sinks_es_api-key", {}) == ("es_api-key",)
    # What systemd gave comes first: a service never looks there.
    (tmp_path / "sinks_webhook").write_text("given\n")
    (tmp_path / "sinks_webhook").chmod(0o400)
    assert read_secret(None, "sinks_webhook", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == ("given",)


@pytest.mark.parametrize("name", ["sinks_none", "none", "../../etc/passwd"])
def test_what_is_not_there_is_named_as_it_should_be(kept: Path, name: str) -> None:
    with pytest.raises(OptionsError) as refused:
        read_secret(None, name, {})
    assert str(kept) in refused.value.text.vi
    assert "/.." not in refused.value.text.vi


def test_one_that_anybody_may_read_is_refused_here_too(kept: Path) -> None:
    (kept / "sinks/webhook").chmod(0o644)
    with pytest.raises(OptionsError, match="chmod 600"):
        read_secret(None, "sinks_webhook", {})


def test_without_a_package_and_without_systemd_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "_KEPT", tmp_path / "none")
    with pytest.raises(OptionsError, match="sudo"):
        read_secret(None, "sinks_webhook", {})
