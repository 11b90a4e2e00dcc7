"""Boxes that nobody sees, and what stands in them: links and frames of other hosts, text that sells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from collector.decode.web.known import is_public, is_service, same_organisation
from collector.decode.web.links import Link
from collector.decode.web.page import Page
from collector.decode.web.places import place_of
from collector.decode.web.seen import is_brand, judged_text, judged_title
from collector.decode.web.styles import TOGGLES, Rule, color, ground_colour, hides, hiding_rules, letters_colour, pixels
from collector.decode.web.words.judge import Judged, may_hold
from model.webfacts import Sign

# Ancestors looked at; deeper nesting has no other purpose than to be deep.
_DEEPEST = 60
_MOST_BOXES = 200
_MOST_LINKS = 3_000
_MOST_JUDGED = 40
_MOST_TEXT = 6_000
# What menus, tabs, carousels, dialogues and link lists are called where they wait to be opened.
_WAITING = re.compile(
    r"menu|nav|dropdown|drop-down|tab|carousel|slide|swiper|owl|modal|popup|dialog|collapse|accordion|submenu|toggle|tooltip|offcanvas|drawer|sidebar"
    r"|portlet|header|lien-?ket|web-?link|lightbox|fancybox|overlay|panel|select|print|mobile|search|lang",
    re.IGNORECASE,
)
# A link that hands the page on to others, by its address.
_SHARES = re.compile(r"[?&](?:u|url|link|href|status|text|body|bkmk|title|media)=", re.IGNORECASE)
_LEAST_LINKS, _LEAST_HOSTS = 3, 2


class Box(NamedTuple):
    """A hidden element, and by what means."""

    node: LexborNode
    means: str


class Hidden:
    """Which elements of one page are hidden, worked out for those asked about only."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, Box | None] = {}

    @cached_property
    def _inline(self) -> dict[int, Box]:
        return {node.mem_id: Box(node, means) for node, means in _inline(self._page)}

    @cached_property
    def _rules(self) -> list[Rule]:
        return [rule for sheet in self._page.sheets for rule in hiding_rules(sheet)]

    @cached_property
    def _last(self) -> set[str]:
        return {token for rule in self._rules for token in (rule.parts[-1][1] or {rule.parts[-1][0]})}

    def __bool__(self) -> bool:
        """Whether anything can be hidden at all."""
        return bool(self._inline or self._rules)

    def box_of(self, node: LexborNode | None) -> Box | None:
        """The outermost hidden element that a node stands in or is; None for a node in sight."""
        climbed: list[LexborNode] = []
        found: Box | None = None
        while node is not None and len(climbed) < _DEEPEST:
            if node.mem_id in self._known:
                found = self._known[node.mem_id]
                break
            climbed.append(node)
            node = node.parent
        for inner in reversed(climbed):
            found = found or self._own(inner)
            self._known[inner.mem_id] = found
        return found

    def boxes(self) -> Iterator[Box]:
        """Hidden elements, at most 200, by style attribute first; of style sheets those whose rule is one class, id or tag."""
        yield from list(self._inline.values())[:_MOST_BOXES]
        for rule in self._rules[:_MOST_BOXES]:
            tag, tokens = rule.parts[0]
            if len(rule.parts) == 1 and tokens:
                for node in self._page.tree.css(tag + "".join(sorted(tokens)))[:20]:
                    yield Box(node, rule.means)

    def _own(self, node: LexborNode) -> Box | None:
        if box := self._inline.get(node.mem_id):
            return box
        if not self._rules:
            return None
        names = _names(node)
        if names.isdisjoint(self._last):
            return None
        return next((Box(node, rule.means) for rule in self._rules if _selects(rule, node, names)), None)


def _names(node: LexborNode) -> set[str]:
    """Tag, `.class` and `#id` of an element."""
    attributes = node.attributes
    names = {"." + name for name in (attributes.get("class") or "").split()[:30]} if attributes else set()
    names.add(node.tag or "")
    if attributes and (name := attributes.get("id")):
        names.add("#" + name)
    return names


def _selects(rule: Rule, node: LexborNode, names: set[str]) -> bool:
    """Whether the rule's selector holds for the element; descent as any depth."""
    tag, tokens = rule.parts[-1]
    if not tokens <= names or (tag and tag not in names):
        return False
    above = node.parent
    for tag, tokens in reversed(rule.parts[:-1]):
        for _ in range(_DEEPEST):
            if above is None:
                return False
            found = _names(above)
            above = above.parent
            if tokens <= found and (not tag or tag in found):
                break
    return True


def _inline(page: Page) -> Iterator[tuple[LexborNode, str]]:
    for node in page.tree.css("[style],[hidden],noscript,marquee,font[color]"):
        attributes = node.attributes
        style = attributes.get("style")
        means = hides(style) if style else ""
        if not means:
            means = _by_tag(node.tag or "", attributes) or _by_ground(node, letters_colour(style or "") or color(attributes.get("color") or ""))
        if means:
            yield node, means


def _by_tag(tag: str, attributes: dict[str, str | None]) -> str:
    if tag == "noscript":
        return "noscript"
    if tag == "marquee" and any(_tiny(attributes.get(name)) for name in ("width", "height")):
        return "marquee of one pixel"
    return "hidden" if "hidden" in attributes else ""


def _by_ground(node: LexborNode, letters: str) -> str:
    """Letters of the colour that the nearest box around them was given in the markup itself; what style sheets give is not asked."""
    above = node.parent if letters else None
    for _ in range(_DEEPEST):
        if above is None:
            return ""
        attributes = above.attributes
        if attributes and (ground := ground_colour(attributes.get("style") or "") or color(attributes.get("bgcolor") or "")):
            return "colour of its background" if ground == letters else ""
        above = above.parent
    return ""


def _tiny(value: str | None) -> bool:
    size = pixels(value) if value else None
    return size is not None and size <= 2


def hidden_links(page: Page, hidden: Hidden, links: list[Link]) -> Iterator[Sign]:
    """Links to other hosts by the hidden box they stand in: many of any kind, or fewer that sell."""
    grouped: dict[int, tuple[Box, list[Link]]] = {}
    for link in links[:_MOST_LINKS]:
        if box := hidden.box_of(link.node):
            grouped.setdefault(box.node.mem_id, (box, []))[1].append(link)
    own = page.host or _commonest(links)
    for box, inside in list(grouped.values())[:_MOST_BOXES]:
        if sign := _links_sign(box, inside, own):
            yield sign


def _commonest(links: list[Link]) -> str:
    """Where the page's own host is not known: the one that most links lead to, if it is most of them."""
    hosts = [link.host for link in links]
    best = max(set(hosts), key=hosts.count, default="")
    return best if 2 * hosts.count(best) > len(hosts) else ""


def _links_sign(box: Box, links: list[Link], own: str) -> Sign | None:
    texts = [link.text() for link in links[:_MOST_JUDGED]]
    hosts = tuple(sorted({link.host for link in links}))[:32]
    judged = _sold(texts, hosts)
    if not judged.sells and (not many_strange(links, own) or _waits(box)):
        return None
    told = "; ".join(f"{text or '-'} → {link.host}" for text, link in zip(texts, links, strict=False))
    value = f"{box.means}: {told}"[:300]
    return Sign(kind="hidden_links", value=value, where=place_of(box.node), page=own, hosts=hosts, gambling=judged.sells, hits=len(links))


def many_strange(links: list[Link], own: str) -> bool:
    """Whether enough of the links are strange, to enough hosts, for a hidden box of them to be told although none of them sells."""
    hosts = [link.host for link in links if is_strange(link, own)]
    return len(hosts) >= _LEAST_LINKS and len(set(hosts)) >= _LEAST_HOSTS


def is_strange(link: Link, own: str) -> bool:
    """Neither a public body's nor a service's host, not the organisation's own, and no button that shares the page."""
    if is_public(link.host) or is_service(link.host) or _SHARES.search(link.ref):
        return False
    return not (own and same_organisation(link.host, own))


def _sold(texts: list[str], hosts: tuple[str, ...]) -> Judged:
    """Whether the links sell, one by one, all together, or by the names of their hosts."""
    brand = next((host for host in hosts if is_brand(host)), "")
    if brand:
        return Judged(sells=True, kind="gambling", value=brand, hits=1)
    together = "\n".join(texts)
    if not may_hold(together):
        return Judged()
    return next((judged for judged in (judged_text(together), *map(judged_title, texts)) if judged.sells), Judged())


def _waits(box: Box) -> bool:
    """Whether the box is of the kind that waits to be opened: hidden by what scripts switch, and named or placed like a menu."""
    if box.means not in TOGGLES:
        return False
    if box.means == "noscript":
        return False
    node: LexborNode | None = box.node
    for _ in range(4):
        if node is None:
            return False
        if node.tag in ("nav", "header", "select", "dialog", "template") or _WAITING.search(_called(node)):
            return True
        node = node.parent
    return False


def _called(node: LexborNode) -> str:
    attributes = node.attributes
    return " ".join(attributes.get(name) or "" for name in ("id", "class", "role", "data-toggle", "aria-label"))[:400] if attributes else ""


def hidden_text(hidden: Hidden, own: str) -> Iterator[Sign]:
    """Text that sells in boxes that nobody sees."""
    seen: set[str] = set()
    for box in hidden.boxes():
        text = box.node.text(separator=" ")[:_MOST_TEXT]
        if text in seen or not may_hold(text):
            continue
        seen.add(text)
        judged = judged_text(text)
        if judged.sells:
            told = f"{box.means}: {judged.value}"[:300]
            yield Sign(kind="hidden_text", value=told, where=place_of(box.node), page=own, gambling=True, hits=judged.hits)


def hidden_frame(node: LexborNode, hidden: Hidden) -> str:
    """By what means a frame is out of sight; empty for one in sight."""
    attributes = node.attributes
    if _tiny(attributes.get("width")) or _tiny(attributes.get("height")):
        return "one pixel"
    style = attributes.get("style") or ""
    if re.search(r"(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", style, re.IGNORECASE):
        return "one pixel"
    box = hidden.box_of(node)
    return "" if box is None or (box.means == "noscript") else box.means
