"""Commands that people answer for leave lines in the trail that the page shows too."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector import chain
from collector.clock import SystemClock
from collector.config import Config
from collector.refusal import ConfigError
from collector.trail import NAME, FileTrail
from model.text import Text, shown
from model.trail import Deed


@contextmanager
def noted(config: Config, deed: Deed, abouts: Sequence[str], why: str = "") -> Iterator[None]:
    """Adds a line for each of `abouts` once the body is done, in the name of whoever gave the command.

    Raises ConfigError, and the body is never begun, when the trail cannot be written.
    """
    path = config.web.users_file.with_name(NAME)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        chain.ready(path)
    except OSError as error:
        raise _unwritten(path, error) from None
    yield
    trail = FileTrail(path, SystemClock().now)
    try:
        for about in abouts:
            trail.note(deed, by=f"os:{_user()}", about=about, why=why)
    except OSError as error:
        raise _unwritten(path, error) from None


def _unwritten(path: Path, error: OSError) -> ConfigError:
    name = shown(str(path), 200)
    return ConfigError(Text(f"Không ghi được sổ thao tác {name}: {error.strerror}.", f"The audit log {name} cannot be written: {error.strerror}."))


def _user() -> str:
    """Who is behind sudo, else whom the process runs as."""
    name = os.environ.get("SUDO_USER", "")
    if name and os.geteuid() == 0:
        return name
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
