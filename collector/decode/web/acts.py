"""What a page's scripts would do, turned into ways on, signs and hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from collector.decode.web.known import is_service, same_organisation
from collector.decode.web.page import Page, Script
from collector.decode.web.seen import folded, is_brand
from collector.decode.web.submits import submitted
from collector.decode.web.url import host_of, parse
from collector.decode.web.ways import Effect, Folded, Way
from model.webfacts import HopKind, Sign, SignKind

_MOST_SCRIPTS = 300
_MOST_CODE = 1 << 20
# What all scripts of a page may cost together; an ordinary page takes a hundredth of it.
_MOST_STEPS = 1_500_000
_MOST_SPENT = 6
# Code has no control characters but in texts; thousands of them are no code, and cost the parser of scripts seconds.
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_MOST_CONTROL, _MUCH_CODE = 1_000, 20_000
_MOST_EFFECTS = 64
_MOST_WAYS = 64
# Handlers of the whole page that wait for a touch.
_CLICKS = frozenset({"onclick", "onmousedown", "onmouseup", "ontouchstart", "ontouchend", "onpointerdown", "onkeydown"})
_CLICK_EVENTS = frozenset(name.removeprefix("on") for name in _CLICKS)
# What a worker loads into itself stays with the visitor after he has left.
_IMPORTED = re.compile(r"importScripts\s*\(([^)]{1,2000})")
_HOPS: dict[str, HopKind] = {"navigate": "script", "form": "form", "popup": "popup"}


class Done(NamedTuple):
    """All scripts of a page together.

    `ways` each with its place in the page; `written`: markup they write, with the steps it took, in their order; `sources`: addresses of scripts and
    workers that they load.
    """

    ways: list[tuple[int, Way]]
    signs: list[Sign]
    unfolded: list[str]
    scripts: set[str]
    frames: set[str]
    written: list[tuple[int, Effect]]
    sources: list[str]


def nothing() -> Done:
    """Before the first script."""
    return Done([], [], [], set(), set(), [], [])


def acts_of(page: Page, scripted: Iterable[str] = ()) -> Done:
    """The page's own scripts, handlers and `javascript:` links, each folded by itself."""
    done = nothing()
    left, steps, spent = _MOST_CODE, 0, 0
    links = [Script(1 << 20, "", ref.partition(":")[2], "javascript link", "onclick") for ref in scripted]
    for script in [*page.scripts, *links][:_MOST_SCRIPTS]:
        if not script.code.strip():
            continue
        left -= len(script.code)
        if left < 0:
            done.unfolded.append("scripts: more than 1 MiB")
            break
        if left < _MOST_CODE - _MUCH_CODE and _is_noise(script.code):
            done.unfolded.append(f"{script.where}: control characters")
            continue
        if steps > _MOST_STEPS or spent > _MOST_SPENT:
            done.unfolded.append("scripts: more work than a page may cost")
            break
        found = folded(script.code)
        steps, spent = steps + found.steps, spent + ("bound: steps" in found.unknown)
        if found.effects or found.unknown or found.obfuscated:
            take(page, script, found, done)
        done.ways.extend((script.place, way) for way in submitted(page, script) if host_of(way.url))
    return done


def _is_noise(code: str) -> bool:
    return _CONTROL.search(code) is not None and len(_CONTROL.findall(code)) > _MOST_CONTROL


def take(page: Page, script: Script, folded: Folded, done: Done) -> None:
    """Adds what one script does."""
    done.unfolded.extend(f"{script.where}: {what}"[:200] for what in folded.unknown[:16])
    listens = script.handler in _CLICKS and script.where.startswith("body")
    imported = " ".join(_IMPORTED.findall(script.code))
    listens = listens or any(effect.what == "listen" and effect.value in _CLICK_EVENTS for effect in folded.effects)
    for effect in folded.effects[:_MOST_EFFECTS]:
        works = effect.what == "script" and effect.value in imported
        _take_effect(page, script, effect._replace(what="worker") if works else effect, done, listens=listens)
    if folded.obfuscated:
        hosts = tuple(sorted({host for host in folded.hosts if host != page.host and not is_service(host)}))[:32]
        told = ", ".join(dict.fromkeys(effect.folded for effect in folded.effects if effect.folded)) or "not unpacked"
        done.signs.append(Sign(kind="obfuscated", value=told[:300], where=script.where, page=page.host, hosts=hosts, hits=1))


def _take_effect(page: Page, script: Script, effect: Effect, done: Done, *, listens: bool) -> None:
    if effect.what == "write":
        done.written.append((script.place, effect))
        return
    if hop := _HOPS.get(effect.what):
        way = _way(page, script, effect, hop)
        if way and len(done.ways) < _MOST_WAYS:
            done.ways.append((script.place, way))
            host = host_of(way.url)
            if listens and not way.automatic and host != page.host and not same_organisation(host, page.host):
                done.signs.append(_sign("click_hijack", f"first click → {way.url}", script, page, host))
        return
    address = page.join(effect.value)
    host = host_of(address)
    if host and effect.what in ("script", "worker") and (effect.immediate or host == page.host) and len(done.sources) < _MOST_EFFECTS:
        done.sources.append(address)
    if not host or host == page.host:
        return
    if effect.what in ("script", "frame"):
        (done.scripts if effect.what == "script" else done.frames).add(host)
        if not is_service(host) and not same_organisation(host, page.host):
            done.signs.append(_sign("inserted_script", f"{effect.what} {address} ({effect.folded})", script, page, host))
    # A worker is always of the page's own host: where that is not known, any address is.
    elif effect.what in ("worker", "push") and page.host:
        done.signs.append(_sign("service_worker", f"{effect.what} {address}", script, page, host))


def _way(page: Page, script: Script, effect: Effect, hop: HopKind) -> Way | None:
    """Where an effect leads; None for nowhere, or for the page itself."""
    found = parse(effect.value, page.base)
    if found is None or not found.host:
        return None
    if page.location and found._replace(fragment=None) == page.location._replace(fragment=None):
        return None
    asked = script.handler in _CLICKS
    return Way(hop, found.href, effect.delay, effect.immediate and not asked and hop != "popup", effect.folded)


def _sign(kind: SignKind, value: str, script: Script, page: Page, host: str) -> Sign:
    return Sign(kind=kind, value=" ".join(value.split())[:300], where=script.where, page=page.host, hosts=(host,), gambling=is_brand(host), hits=1)
