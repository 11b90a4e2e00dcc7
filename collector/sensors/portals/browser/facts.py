"""A render into the facts that every look gives, in the same words as the plain look's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

import msgspec

from collector.decode.web.known import is_public, is_service, same_organisation
from collector.decode.web.read import read_page
from collector.decode.web.url import WEB, host_of, parse
from collector.decode.web.ways import Reading
from collector.decode.web.words.judge import is_brand_host, judge_text, judge_title, may_hold
from collector.sensors.portals.browser.rendered import Box, Document, Navigation, Rendered
from collector.sensors.portals.challenge import obstacle
from collector.sensors.portals.trip import place
from model.portals.declared import Portal
from model.portals.hosts import core
from model.text import shown
from model.webfacts import Failure, Hop, HopKind, LookFailed, PageLooked, Part, Sign

_MOST_HOPS: Final = 14
_MOST_OFFERED: Final = 32
_MOST_SIGNS: Final = 100
_MOST_HOSTS: Final = 256
_MOST_PAGES: Final = 200
_LEAST_LINKS: Final = 3
_LEAST_HOSTS: Final = 2
# A frame over this share of the window is what the visitor sees.
_FILLS: Final = 0.9

# By what menus, tabs and slides are hidden until somebody opens them; a colour or a size of type is switched for nobody.
_SWITCHED: Final = frozenset({"display", "visibility", "opacity", "clipped", "scale", "offscreen"})
# What a worker loads to run it; DevTools calls imported scripts "Other".
_CODE: Final = frozenset({"Script", "Other"})

_HOW: Final[dict[str, HopKind]] = {
    "first": "asked",
    "http": "http",
    "httpHeaderRefresh": "refresh",
    "metaTagRefresh": "meta",
    "scriptInitiated": "script",
    "anchorClick": "script",
    "formSubmissionGet": "form",
    "formSubmissionPost": "form",
}
_FAILURES: Final[dict[str, Failure]] = {
    "dns": "dns",
    "connect": "connect",
    "timeout": "timeout",
    "stuck": "timeout",
    "hung": "timeout",
    "memory": "too_large",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose look it was: the fields of `PageLooked` that no page can tell."""

    at: int
    portal: Portal
    persona: str
    part: Part
    round: str
    vantage: str = ""
    attempt: int = 0
    capture: str = ""

    def is_own(self, host: str) -> bool:
        """Whether the host is the portal's."""
        return core(host) in {core(host_of(self.portal.url)), *map(core, self.portal.aliases)}


def looked_of(rendered: Rendered, asked: Asked) -> PageLooked | LookFailed:
    """The fact of a rendered look. Where a visitor is sent away to is what was sought, whether a page was seen there or not."""
    hops = _hops(rendered)
    whose = {name: getattr(asked, name) for name in ("at", "persona", "part", "round", "vantage", "attempt", "capture")} | {"portal": asked.portal.id}
    where = {**whose, "url": rendered.url, "hops": hops}
    readings = [(document, read_page(document.html, document.url)) for document in rendered.documents]
    signs = _signs(rendered, asked, readings)
    if (failed := _failure(rendered, hops, asked)) is not None and not signs:
        return LookFailed(**where, reason=failed, detail=shown(rendered.trouble or "no page", 200))
    return PageLooked(**where, rendered=True, signs=signs, **_seen(rendered, asked, hops, readings))  # type: ignore[arg-type] # the fields are its own, by name


def _seen(rendered: Rendered, asked: Asked, hops: tuple[Hop, ...], readings: list[tuple[Document, Reading]]) -> dict[str, object]:
    end = readings[-1][1] if readings else Reading()
    own = [reading for document, reading in readings if asked.is_own(host_of(document.url))]
    pages = (page for reading in own for page in reading.pages if asked.is_own(host_of(page)))
    return {
        "offered": _offered(rendered, hops, own),
        "title": rendered.documents[-1].title if readings else "",
        "language": end.language,
        "generator": end.generator,
        "text": end.text,
        "words": end.words,
        "links": _hosts(reading.links for reading in own),
        "scripts": _hosts([*(reading.scripts for reading in own), _loaded(rendered, asked)]),
        "frames": _hosts([*(reading.frames for reading in own), _framed(rendered, asked)]),
        "forms": _hosts(reading.forms for reading in own),
        "pages": tuple(islice(dict.fromkeys(pages), _MOST_PAGES)),
        # What a script would have done it has done: only a render that broke off leaves something unread.
        "unfolded": (f"render: {rendered.trouble}",) if rendered.trouble else (),
    }


def _failure(rendered: Rendered, hops: tuple[Hop, ...], asked: Asked) -> Failure | None:
    """Why nothing was seen; None where something was."""
    away = any(hop.how != "frame" and not asked.is_own(hop.host) for hop in hops)
    if rendered.trouble.startswith("refused:"):
        return "refused"
    if away:
        return None
    if not rendered.documents:
        return _FAILURES.get(rendered.trouble, "protocol")
    last = rendered.documents[-1]
    stands = obstacle(hops[-1].status if hops else 0, {}, last.html, len(last.text.split()))
    return stands.reason if stands is not None and not any(not asked.is_own(host_of(url)) for url in rendered.popups) else None


def _hops(rendered: Rendered) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    for step in rendered.navigations:
        # A page that reloads itself leaves the visitor where they are.
        if not step.stopped and _is_web(step.url) and not (hops and hops[-1].url == step.url):
            hops.append(_hop(step, rendered))
    if rendered.documents:
        last = rendered.documents[-1]
        hops += [_plain("frame", frame.url) for frame in last.frames if not frame.why and frame.share >= _FILLS][:1]
    return tuple(hops[:_MOST_HOPS])


def _hop(step: Navigation, rendered: Rendered) -> Hop:
    trouble = step.error.removeprefix("net::").lower()
    # A navigation that another one replaced before it was answered went nowhere and had no trouble.
    trouble = "" if trouble == "err_aborted" else trouble
    return msgspec.structs.replace(
        _plain(_HOW.get(step.reason, "rendered"), step.url),
        status=step.status,
        address=rendered.addresses.get(host_of(step.url), ""),
        delay=step.delay,
        trouble=trouble,
    )


def _plain(how: HopKind, url: str, trouble: str = "") -> Hop:
    parsed = parse(url)
    return Hop(how=how, url=url[:2048], host=place(parsed) if parsed else "", trouble=trouble)


def _offered(rendered: Rendered, hops: tuple[Hop, ...], own: list[Reading]) -> tuple[Hop, ...]:
    """Windows it tried to open, forms and clicks that were held back, downloads, and ways that scripts or style sheets left in the page."""
    taken = {hop.url for hop in hops}
    held = [_plain(_HOW.get(step.reason, "rendered"), step.url, step.stopped) for step in rendered.navigations if step.stopped]
    windows = [_plain("popup", url) for url in (*rendered.popups, *rendered.clicked)]
    files = [_plain("rendered", url, "download") for url in rendered.downloads]
    left = [msgspec.structs.replace(_plain(way.how, way.url), delay=way.delay, folded=way.folded) for reading in own for way in reading.ways]
    found = {hop.url: hop for hop in reversed([*held, *windows, *files, *left]) if hop.url not in taken and _is_web(hop.url)}
    return tuple(islice(reversed(found.values()), _MOST_OFFERED))


def _signs(rendered: Rendered, asked: Asked, readings: list[tuple[Document, Reading]]) -> tuple[Sign, ...]:
    found: list[Sign] = []
    for document, reading in readings:
        host = host_of(document.url)
        found += [sign if sign.page == host else msgspec.structs.replace(sign, page=host) for sign in reading.signs]
        found += (sign for sign in _computed(document, host, asked) if not _told(sign, reading))
    found += _asked_for(rendered, asked)
    return tuple(islice(dict.fromkeys(found), _MOST_SIGNS))


def _told(sign: Sign, reading: Reading) -> bool:
    """Whether the markup alone says the same already: nothing counts twice."""
    known = {host for other in reading.signs if other.kind == sign.kind and other.gambling >= sign.gambling for host in other.hosts}
    return set(sign.hosts) <= known


def _computed(document: Document, host: str, asked: Asked) -> Iterator[Sign]:
    """What only a browser's style engine knows."""
    for box in document.boxes:
        if (sign := _box(box, host, asked)) is not None:
            yield sign
    for frame in document.frames:
        target = host_of(frame.url)
        if frame.why and not is_service(target) and not _near(target, host, asked):
            value = f"{frame.why}: {shown(frame.url, 250)}"
            yield Sign(kind="hidden_frame", value=value, where=frame.where, page=host, hosts=(target,), gambling=is_brand_host(target), hits=1)
    covering = [cover for cover in document.covers if not _near(host_of(cover.url), host, asked)]
    if covering:
        where, url = covering[0].where, covering[0].url
        hosts = _hosts([tuple(host_of(cover.url) for cover in covering)])
        yield Sign(kind="click_hijack", value=f"cover: {shown(url, 250)}", where=where, page=host, hosts=hosts, gambling=_brands(hosts), hits=len(covering))


def _box(box: Box, host: str, asked: Asked) -> Sign | None:
    links = [link for link in box.links if not asked.is_own(host_of(link.url))]
    hosts = _hosts([tuple(host_of(link.url) for link in links)])
    strange = {target for target in hosts if not (is_public(target) or is_service(target) or _near(target, host, asked))}
    gambling = _sells([link.text for link in links], hosts)
    many = sum(host_of(link.url) in strange for link in links) >= _LEAST_LINKS and len(strange) >= _LEAST_HOSTS
    if not gambling and not (many and not (box.widget and box.why in _SWITCHED)):
        return None
    told = "; ".join(f"{link.text or '-'} → {host_of(link.url)}" for link in links)
    value, hits = shown(f"{box.why}: {told}", 300), max(box.total, len(links))
    return Sign(kind="hidden_links", value=value, where=box.where, page=host, hosts=hosts[:32], gambling=gambling, hits=hits)


def _asked_for(rendered: Rendered, asked: Asked) -> Iterator[Sign]:
    own = host_of(rendered.url)
    clicked = _hosts([tuple(host for url in rendered.clicked if (host := host_of(url)) and not _near(host, own, asked))])
    if clicked:
        first = next(url for url in rendered.clicked if host_of(url) in clicked)
        yield Sign(kind="click_hijack", value=f"click: {shown(first, 250)}", page=own, hosts=clicked, gambling=_brands(clicked), hits=len(clicked))
    called = {host_of(request.url) for request in rendered.requests if request.worker and request.kind in _CODE}
    workers = tuple(sorted(host for host in called if not (_near(host, own, asked) or is_service(host))))
    if workers and rendered.workers:
        value = f"worker: {shown(rendered.workers[0], 250)}"
        yield Sign(kind="service_worker", value=value, page=own, hosts=workers, gambling=_brands(workers), hits=len(workers))
    for call in rendered.calls:
        strange = tuple(host for host in call.hosts if not (_near(host, own, asked) or is_service(host)))
        if strange and call.what in {"notification", "push", "worker"}:
            yield Sign(kind="service_worker", value=f"{call.what}: {strange[0]}", page=own, hosts=strange, gambling=_brands(strange), hits=1)


def _sells(texts: list[str], hosts: tuple[str, ...]) -> bool:
    together = "\n".join(texts)
    if _brands(hosts):
        return True
    return may_hold(together) and (judge_text(together).sells or any(judge_title(text).sells for text in texts))


def _brands(hosts: Iterable[str]) -> bool:
    return any(is_brand_host(host) for host in hosts)


def _near(target: str, host: str, asked: Asked) -> bool:
    """Whether the target is the page's own or the portal's, or empty."""
    return not target or asked.is_own(target) or same_organisation(target, host)


def _loaded(rendered: Rendered, asked: Asked) -> tuple[str, ...]:
    """Hosts whose scripts the portal's pages loaded."""
    wanted = (host_of(request.url) for request in rendered.requests if request.kind == "Script" and asked.is_own(request.by))
    return tuple(host for host in wanted if host and not asked.is_own(host))


def _framed(rendered: Rendered, asked: Asked) -> tuple[str, ...]:
    own = (document for document in rendered.documents if asked.is_own(host_of(document.url)))
    return tuple(host for document in own for frame in document.frames if (host := host_of(frame.url)) and not asked.is_own(host))


def _hosts(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted(set(filter(None, chain.from_iterable(found))))[:_MOST_HOSTS])


def _is_web(url: str) -> bool:
    parsed = parse(url)
    return parsed is not None and parsed.scheme in WEB
