"""One parse of a page, and what all readers of it need, collected in a few passes that run inside the parser."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from collector.decode.web import url as urls
from collector.decode.web.kept import forgets
from collector.decode.web.places import whole

WANTED = "title,meta,base,link,script,iframe,frame,object,embed,applet,form,style,body,[onload],[onerror],[onmouseover]"
ANCHORS = "a[href],area[href]"
# Types of scripts that browsers run; others hold data.
_RUN = frozenset(
    {"", "module", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript", "application/x-javascript", "text/jscript"}
)
_DATA = "application/ld+json"
# Handlers that run without a click, and those that run with the first one anywhere.
_UNASKED = ("onload", "onerror", "onpageshow", "onmouseover", "onmousemove", "onscroll", "onfocus", "onbeforeunload")
_TOUCHED = ("onclick", "onmousedown", "onmouseup", "ontouchstart", "ontouchend", "onpointerdown", "onkeydown")
_HANDLERS = frozenset({*_UNASKED, *_TOUCHED})
MOST_ANCHORS = 20_000
_MOST_TEXT = 500_000
# Longer references are joined each time.
_LONGEST_KEPT = 300


def joined(ref: str, base: urls.Url | None) -> str:
    """An address made absolute; empty for none."""
    return _joined(ref, base) if len(ref) <= _LONGEST_KEPT else _join(ref, base)


def _join(ref: str, base: urls.Url | None) -> str:
    if urls.is_final(ref):
        return ref
    if base and (found := urls.below(base, ref)):
        return found
    parsed = urls.parse(ref, base)
    return parsed.href if parsed else ""


# All pages of a portal load and link the same: a pure function, so the cache is no state.
_joined = lru_cache(maxsize=4096)(_join)
forgets(_joined.cache_clear)


class Script(NamedTuple):
    """One script of a page: address (empty for one in the page) or code. `place`: in the order of the page; `handler`: the attribute it stood in."""

    place: int
    source: str
    code: str
    where: str
    handler: str = ""


class Element(NamedTuple):
    """A frame, form, plug-in or refresh with the address in it, at its place in the page."""

    place: int
    node: LexborNode
    ref: str


class Page:
    """A page as parsed, with what stands in it by kind. Addresses are as written."""

    def __init__(self, markup: str, url: str) -> None:
        try:
            self.tree = LexborHTMLParser(markup)
        except UnicodeEncodeError:
            self.tree = LexborHTMLParser(whole(markup))
        self.url = url
        self.location = urls.parse(url) if url else None
        self.base = self.location
        self.base_ref = ""
        self.title = ""
        self.language = ""
        self.generator = ""
        self.said: list[tuple[str, str]] = []
        self.links: list[tuple[str, str]] = []
        self.scripts: list[Script] = []
        self.data: list[str] = []
        self.sheets: list[str] = []
        self.refreshes: list[Element] = []
        self.frames: list[Element] = []
        self.plugins: list[Element] = []
        self.forms: list[Element] = []
        self.numbered = 0
        self._collect()
        self.anchors = self.tree.css(ANCHORS)[:MOST_ANCHORS]
        self.refs = [node.attrs.get("href") or "" for node in self.anchors]
        self.text = self._text()

    @property
    def host(self) -> str:
        """The page's own host, empty where it is not known."""
        return self.location.host if self.location else ""

    def join(self, ref: str) -> str:
        """An address of the page made absolute; empty for none."""
        return joined(ref, self.base)

    def _collect(self) -> None:
        root = self.tree.root
        self.language = ((root.attributes.get("lang") or "") if root else "")[:35]
        for place, node in enumerate(self.tree.css(WANTED)):
            attributes = node.attributes
            keep = _KEEPERS.get(node.tag or "")
            if keep:
                keep(self, place, node, attributes)
            if attributes and not _HANDLERS.isdisjoint(attributes):
                self._handlers(place, node.tag or "", attributes)

    def _handlers(self, place: int, tag: str, attributes: dict[str, str | None]) -> None:
        for name in (*_UNASKED, *(_TOUCHED if tag == "body" else ())):
            if code := attributes.get(name):
                self.scripts.append(Script(place, "", code, f"{tag} {name}", name))

    def _text(self) -> str:
        """All visible and hidden text, without scripts and style sheets (which are gone from the tree from here on)."""
        body = self.tree.body
        if body is None:
            return ""
        if self.scripts or self.sheets or self.data:
            self.tree.strip_tags(["script", "style"])
        return body.text(separator=" ")[:_MOST_TEXT]


Attributes = dict[str, str | None]


def _title(page: Page, _place: int, node: LexborNode, _attributes: Attributes) -> None:
    if not page.title and (node.parent is None or node.parent.tag == "head"):
        page.title = " ".join(node.text().split())[:1000]


def _meta(page: Page, place: int, node: LexborNode, attributes: Attributes) -> None:
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
        page.refreshes.append(Element(place, node, content))
        return
    name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
    if name == "generator":
        page.generator = page.generator or content[:200]
    elif name in ("og:url", "twitter:url"):
        page.links.append((name, content))
    elif content and (
        name in ("description", "keywords", "news_keywords", "title", "author") or name.startswith(("og:title", "og:desc", "og:site", "twitter:"))
    ):
        page.said.append((name, content[:2000]))


def _base(page: Page, _place: int, _node: LexborNode, attributes: Attributes) -> None:
    ref = attributes.get("href")
    if ref is None or page.base_ref:
        return
    page.base_ref = ref
    page.base = urls.parse(ref, page.location) or page.location


def _link(page: Page, _place: int, _node: LexborNode, attributes: Attributes) -> None:
    ref = attributes.get("href")
    relation = (attributes.get("rel") or "").lower()
    if not ref or not relation:
        return
    if relation in ("canonical", "amphtml") or (relation == "alternate" and attributes.get("hreflang")):
        page.links.append((relation if relation != "alternate" else "hreflang", ref))


def _script(page: Page, place: int, node: LexborNode, attributes: Attributes) -> None:
    kind = (attributes.get("type") or "").strip().lower() if attributes else ""
    source = attributes.get("src") if attributes else None
    if kind in _RUN or (kind.startswith("text/javascript") and not attributes.get("nomodule")):
        page.numbered += 1
        page.scripts.append(Script(place, source or "", "" if source is not None else node.text(), f"script {page.numbered}"))
    elif kind == _DATA:
        page.data.append(node.text())


def _style(page: Page, _place: int, node: LexborNode, _attributes: Attributes) -> None:
    page.sheets.append(node.text())


def _frame(page: Page, place: int, node: LexborNode, attributes: Attributes) -> None:
    page.frames.append(Element(place, node, attributes.get("src") or ""))


def _plugin(page: Page, place: int, node: LexborNode, attributes: Attributes) -> None:
    page.plugins.append(Element(place, node, attributes.get("data") or attributes.get("src") or attributes.get("code") or attributes.get("archive") or ""))


def _form(page: Page, place: int, node: LexborNode, attributes: Attributes) -> None:
    page.forms.append(Element(place, node, attributes.get("action") or ""))


_KEEPERS: dict[str, Callable[[Page, int, LexborNode, Attributes], None]] = {
    "title": _title, "meta": _meta, "base": _base, "link": _link, "script": _script, "style": _style, "iframe": _frame, "frame": _frame,
    "object": _plugin, "embed": _plugin, "applet": _plugin, "form": _form,
}  # fmt: skip
