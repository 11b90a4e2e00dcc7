"""What reading a page gives: its ways out, what it loads, what it says."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from model.webfacts import HopKind, Sign


class Way(NamedTuple):
    """One way on from a page to `url` (absolute).

    `automatic`: a visitor goes there without a click. `delay` in seconds. `folded`: for a script, by what steps the target was found.
    """

    how: HopKind
    url: str
    delay: float = 0.0
    automatic: bool = True
    folded: str = ""


class Effect(NamedTuple):
    """One thing a script would do.

    `what`: `navigate`, `write` (markup), `script`, `frame`, `form` (submit), `popup`, `worker` (service worker), `push`, `listen` (`value`: the
    event, for listeners on the whole page that then navigate or open). `value`: the URL or markup as folded, not yet joined to the page's address.
    `folded`: the steps that found it (`atob, concat`). `immediate`: without a click; `delay` in seconds; `layers`: rounds of unpacking.
    """

    what: str
    value: str
    folded: str = ""
    immediate: bool = True
    delay: float = 0.0
    layers: int = 0


class Folded(NamedTuple):
    """All that one script would do.

    `unknown`: what could send a visitor on or load code and could not be folded, each in a few words; `obfuscated`: it hides what it does and
    runs what it unpacks; `hosts`: host names in strings that were only visible after folding; `steps`: what the reading cost.
    """

    effects: tuple[Effect, ...] = ()
    unknown: tuple[str, ...] = ()
    obfuscated: bool = False
    hosts: tuple[str, ...] = ()
    steps: int = 0


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one page (or bare script or text) is to a visitor. Names of fields as in `model.webfacts.PageLooked`; all sequences bounded and without repeats.

    `ways`: in the order a browser would take them. `own_scripts`: addresses of scripts and workers on the page's own host, also of those that a script
    makes; `foreign_scripts`: of scripts that the page loads by itself from hosts that not everybody loads from.
    """

    title: str = ""
    language: str = ""
    generator: str = ""
    text: int = 0
    words: int = 0
    ways: tuple[Way, ...] = ()
    links: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    own_scripts: tuple[str, ...] = ()
    foreign_scripts: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    unfolded: tuple[str, ...] = ()
