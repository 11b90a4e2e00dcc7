"""The sealer of a box out of its configuration and declared data. Only the composition roots import this."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from collector.refusal import ConfigError
from collector.sealing.errors import SealError
from collector.sealing.keys import public_key
from collector.sealing.sealer import Sealer
from collector.sealing.store import Store
from model.text import Text, shown
from model.times import DAY, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    from collector.clock import Clock
    from collector.config import Config
    from model.declared import Declared
    from model.wirefacts import ScreenPushed

log = logging.getLogger(__name__)

_NO_KEY = Text(
    "không niêm phong chứng cứ chiếm màn hình: [evidence] chưa có soc_public_key_file, khóa công khai của SOC (xem docs/evidence.md)",
    "takeovers of screens leave no sealed evidence: [evidence] has no soc_public_key_file, the SOC's public key (see docs/evidence.md)",
)


@contextmanager
def sealing(config: Config, sites: Mapping[str, Declared], clock: Clock) -> Iterator[Sealer | None]:
    """The box's sealer at work; None where no key is configured. Raises ConfigError."""
    store, key = _store(config, clock), _key(config)
    if store is None or key is None:
        log.warning("%s", _NO_KEY.to(config.language))
        yield None
        return
    keep = config.evidence.keep_days * DAY
    sealer = Sealer(store, key, clock, box=config.box.id, keep=keep, approved=allowed_by(sites), language=config.language)
    sealer.start()
    try:
        yield sealer
    finally:
        sealer.stop()


def check(config: Config) -> None:
    """Whether the SOC's key can be used, where one is named. Raises ConfigError."""
    _key(config)


def _key(config: Config) -> X25519PublicKey | None:
    if config.evidence.soc_public_key_file is None:
        return None
    try:
        return public_key(config.evidence.soc_public_key_file)
    except SealError as error:
        raise ConfigError(error.text) from None


def _store(config: Config, clock: Clock) -> Store | None:
    """The folder, without what has ended. None where nothing is to be sealed and nothing was."""
    evidence = config.evidence
    try:
        if evidence.soc_public_key_file is None and not evidence.dir.exists():
            return None
        store = Store(evidence.dir, evidence.max_bytes)
        store.sweep(clock.now())
    except OSError as error:
        name = shown(str(evidence.dir), 200)
        raise ConfigError(
            Text(f"Không dùng được thư mục chứng cứ {name}: {error.strerror}.", f"The folder of evidence {name} cannot be used: {error.strerror}.")
        ) from None
    return store


def allowed_by(sites: Mapping[str, Declared]) -> Callable[[ScreenPushed], bool]:
    """Whether somebody declared that this sender may send to this screen at this hour: that is a session, and nobody's evidence."""

    def allowed(fact: ScreenPushed) -> bool:
        for declared in sites.values():
            screen = declared.screen(frozenset((fact.screen_mac,)))
            if fact.leg in declared.legs and screen is not None:
                return not {fact.mac, fact.ip}.isdisjoint(screen.approved_senders) and within(screen.hours, fact.at)
        return False

    return allowed
