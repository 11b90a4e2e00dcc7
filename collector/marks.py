"""Marks: a keyed hash of what stays at the site, such as a serial number. It tells one thing from another, and nobody without the key can turn it back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from collector.config import Config
from collector.keyfile import own_key

_MARK_BYTES: Final = 8
CREDENTIAL: Final = "mark.key"


def mark_of(config: Config) -> Callable[[str], str]:
    """The box's keyed hash: 16 hex digits. Its key is made at the first start. Raises ConfigError."""
    # Services apart mark alike: the units give each of them the one key.
    given = Path(os.environ.get("CREDENTIALS_DIRECTORY", ""), CREDENTIAL)
    key = own_key(given if given.is_absolute() and given.exists() else config.endpoints.mark_key)
    return lambda text: hashlib.blake2s(text.encode("utf-8", "surrogatepass"), key=key, digest_size=_MARK_BYTES).hexdigest()
