"""Commands that people answer for leave lines in the trail that the page shows too."""

from __future__ import annotations

import contextlib
import os
import pwd
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from collector.clock import SystemClock
from collector.config import Config
from collector.refusal import ConfigError
from collector.trail import NAME, FileTrail
from model.text import Text, shown
from model.trail import Deed

# The outcome of what is about to be done.
BEGUN: Final = "begun"


@contextmanager
def noted(config: Config, deed: Deed, abouts: Sequence[str], why: str = "") -> Iterator[None]:
    """Adds two lines for each of `abouts`, in the name of whoever gave the command: `begun`, then `done`, or what the body raised.

    A command that was killed, or lost core in the middle, has perhaps done it: its first line stays alone, or beside the reason, and claims neither.
    Raises ConfigError, and the body is never begun, when the trail cannot be written.
    """
    trail = FileTrail(config.web.users_file.with_name(NAME), SystemClock().now)

    def note(outcome: str) -> None:
        try:
            trail.path.parent.mkdir(parents=True, exist_ok=True)
            for about in abouts:
                trail.note(deed, by=f"os:{_user()}", about=about, why=why, outcome=outcome)
        except OSError as error:
            raise _unwritten(trail.path, error) from None

    note(BEGUN)
    try:
        yield
    except BaseException as error:  # clean-up, raised again: also of Ctrl-C, after which nobody knows
        with contextlib.suppress(ConfigError):
            note(_reason(error))
        raise
    note("done")


def _reason(error: BaseException) -> str:
    text = getattr(error, "text", None)
    return text.vi if isinstance(text, Text) else str(error) or type(error).__name__


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
