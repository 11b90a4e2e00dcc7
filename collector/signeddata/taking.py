"""Core's part: a bundle is verified, tried out as a start would read it, put in place, and taken over at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from collector.clock import Clock
from collector.declared import load_sites
from collector.refusal import ConfigError
from collector.signeddata.form import BundleRefusedError, verified
from collector.signeddata.place import known_version, put
from model.text import Text, shown

if TYPE_CHECKING:
    from collector.config import Config

log = logging.getLogger(__name__)

_TAKEN = Text("đã nhận gói khai báo %d của tỉnh", "the province's declared data of %d is in place")


class Taking:
    """Implements `model.ports.Declaring`."""

    def __init__(self, config: Config, clock: Clock, reload: Callable[[], Awaitable[None]]) -> None:
        """Reads the keys whose signature counts. Raises ConfigError."""
        self._config = config
        self._keys = keys_of(config.bundle.keys)
        self._clock = clock
        self._reload = reload
        self._one = asyncio.Lock()

    async def declare(self, bundle: bytes) -> int:
        """Takes the bundle. Raises BundleRefusedError."""
        async with self._one:
            known = known_version(self._config.declared)
            content = verified(bundle, self._keys, box=self._config.box.id, known=known, now=self._clock.now())
            if content.version == known:
                return known
            try:
                await asyncio.to_thread(put, content, self._config.declared, self._try_out)
            except ConfigError as error:
                raise BundleRefusedError(error.text.vi, error.text.en) from None
            except OSError as error:
                why = shown(error.strerror or str(error))
                raise BundleRefusedError(f"không ghi được khai báo: {why}", f"declared data cannot be written: {why}") from None
            log.info(_TAKEN.to(self._config.language), content.version)
            await self._reload()
            return content.version

    def _try_out(self, folder: Path) -> None:
        load_sites(folder, [leg.name for leg in self._config.legs], [])


def keys_of(files: Sequence[Path]) -> list[Ed25519PublicKey]:
    """Public keys out of PEM files. Raises ConfigError."""
    found = []
    for path in files:
        try:
            key = load_pem_public_key(path.read_bytes())
        except OSError as error:
            raise ConfigError(Text(f"Không đọc được khóa {path}: {error.strerror}.", f"Key {path} cannot be read: {error.strerror}.")) from None
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise ConfigError(Text(f"Tệp {path} không phải khóa công khai Ed25519 (PEM).", f"File {path} is no Ed25519 public key (PEM)."))
        found.append(key)
    return found
