"""Finds the detectors: one in each module of the `detectors` package, built with the options of `[detectors.<module>]`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Container, Mapping
from types import ModuleType
from typing import Any

import detectors
from model.detector import Detector

# Turns a table of options into a detector, or says which key is wrong (collector.config has the one for config.toml).
Build = Callable[[type[Detector], Mapping[str, Any], str], Detector]


# Those that no capture feeds: PCs tell of themselves, and portals are visited. A replay does not wait for them to be imported.
OFF_THE_WIRE = frozenset(
    {
        "antivirus", "daily_admin", "host_firewall", "licence", "patch_age", "peripheral", "portal_cloaking", "portal_injection", "portal_redirect",
        "projecting_receiver", "remote_control", "retained_identity", "saved_password", "weak_logon",
    }
)  # fmt: skip


class RegistryError(Exception):
    """A module of `detectors` does not hold exactly one detector: a mistake of ours, found by the tests."""


def detector_modules() -> list[str]:
    """The names of the modules that hold a detector, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(detectors.__path__))


def detector_class(module: str) -> type[Detector]:
    """The one detector of a module. Raises RegistryError."""
    loaded = importlib.import_module(f"detectors.{module}")
    own: list[type[Detector]] = [thing for thing in vars(loaded).values() if _is_detector_of(thing, loaded)]
    if len(own) != 1:
        raise RegistryError(f"detectors/{module}.py holds {len(own)} detectors, expected exactly one")
    return own[0]


def _is_detector_of(thing: object, module: ModuleType) -> bool:
    return inspect.isclass(thing) and issubclass(thing, Detector) and thing.__module__ == module.__name__


def defaults(kind: type[Detector], options: Mapping[str, Any], path: str) -> Detector:
    """Builds with given options as they are; for callers that have no configuration."""
    del path
    return kind(**options)


def build_all(options: Mapping[str, Mapping[str, Any]] | None = None, build: Build = defaults, *, but: Container[str] = ()) -> list[Detector]:
    """All detectors, ordered by id; `but` those of these modules."""
    given = options or {}
    made = [build(detector_class(module), given.get(module, {}), f"detectors.{module}") for module in detector_modules() if module not in but]
    return sorted(made, key=lambda detector: detector.about.id)
