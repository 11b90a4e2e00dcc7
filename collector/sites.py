"""Declared sites and detectors as a configuration asks for them; light, for commands that only read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from collector.config import Config
from collector.declared import load_sites
from collector.options import builder
from collector.refusal import ConfigError
from collector.registry import build_all
from model.declared import Declared, ExpectedSensor
from model.detector import Detector
from model.times import MINUTE

# The sensor that looks at portals; it has no leg of its own.
PORTALS = "portals"
# The sensor that asks screens; its facts are of the legs where they are.
SCREENS = "screens"
# The sensor of the box's own USB sockets; what it sees is of the box's first site.
PERIPHERALS = "peripherals"
# The sensor that serves PCs; a PC's facts are of the site in its certificate.
ENDPOINTS = "endpoints"


def capture_sensor(leg: str) -> str:
    """The name of the sensor that listens on a leg."""
    return f"capture:{leg}"


def sites_of(config: Config, since: int = 0, broken: list[ConfigError] | None = None) -> dict[str, Declared]:
    """Declared data of every site, with the sensors this box must hear. Raises ConfigError; with `broken`, lines of portals go there, and the rest holds."""
    legs = [leg.name for leg in config.legs]
    sites = load_sites(config.declared, legs, broken)
    expected = {site: _expected(config, declared, since) for site, declared in sites.items()}
    first = next(iter(sites))
    # A heartbeat without a leg is the first site's (collector.core): one server serves the PCs of all, and the box has its sockets once.
    boxwide = [sensor for sensor, wanted in ((ENDPOINTS, config.endpoints.enabled), (PERIPHERALS, _plugging(config, sites[first]))) if wanted]
    expected[first] = (*(ExpectedSensor(sensor=sensor, leg=sensor, heartbeat=MINUTE, since=since) for sensor in boxwide), *expected[first])
    return {site: msgspec.structs.replace(declared, sensors=expected[site]) for site, declared in sites.items()}


def _plugging(config: Config, declared: Declared) -> bool:
    """The box's own sockets are listened to where there is a list to judge by."""
    return config.peripherals.enabled and declared.usb is not None


def _expected(config: Config, declared: Declared, since: int) -> tuple[ExpectedSensor, ...]:
    watched = (ExpectedSensor(sensor=PORTALS, leg=PORTALS, heartbeat=MINUTE, since=since),) if config.portals.enabled and declared.portals else ()
    asked = (ExpectedSensor(sensor=SCREENS, leg=SCREENS, heartbeat=MINUTE, since=since),) if config.screens.enabled else ()
    own = (leg for leg in config.legs if leg.name in declared.legs)
    return watched + asked + tuple(ExpectedSensor(sensor=capture_sensor(leg.name), leg=leg.name, heartbeat=leg.heartbeat, since=since) for leg in own)


def detectors_of(config: Config, path: Path) -> list[Detector]:
    """All detectors with the options of `path`. Raises ConfigError."""
    return build_all(config.detectors, builder(path.name))
