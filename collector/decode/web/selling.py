"""What a page says, box by box: text, titles and links that sell gambling or another spam trade, and letters of another writing system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from collector.decode.web.blocks import Block, around, blocks_of
from collector.decode.web.links import Link
from collector.decode.web.page import Page
from collector.decode.web.places import place_of
from collector.decode.web.seen import is_brand, judged_text, judged_title
from collector.decode.web.words.judge import Judged, excuse, may_hold
from collector.decode.web.words.writing import other_script
from model.webfacts import Sign, SignKind

_MOST_SIGNS = 24
_MOST_JUDGED = 1_500
_MOST_TEXT = 400_000
_MOST_LINKS = 600
_MOST_HEADINGS = 60
# High bytes of UTF-16 of letters that Vietnamese pages have: Latin with all its marks, signs, symbols, private ones.
_FAMILIAR = bytes(
    [0x00, 0x01, 0x02, 0x03, 0x04, 0x1E, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x29, 0x2B, 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF]
) + bytes(range(0xE0, 0xF9))
_FEW_STRANGE = 24
# Letters with two marks, and how many of them in what part of a text are no quotation.
_VIETNAMESE = re.compile("[đơưăấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]")
_SAMPLED, _FEW_MARKED = 20_000, 10
_LANGUAGES = {"thai": "th", "kana": "ja", "hangul": "ko", "han": "zh"}


def said(page: Page) -> str:
    """All words of a page that any sign could come from: title and descriptions, text, what stands for pictures."""
    return "\n".join([page.title, *[text for _, text in page.said], page.text])


def title_signs(page: Page) -> Iterator[Sign]:
    """Title, description, Open Graph and headings that sell."""
    named = [("title", page.title), *page.said]
    for where, text in [*named, *_headings(page)]:
        judged = judged_title(text)
        if judged.sells:
            yield _sign("promoted_title", judged, where, page, told=text)


def _headings(page: Page) -> Iterator[tuple[str, str]]:
    for node in page.tree.css("h1,h2")[:_MOST_HEADINGS]:
        if text := " ".join(node.text(separator=" ")[:500].split()):
            yield place_of(node), text


def text_signs(page: Page, links: list[Link]) -> Iterator[Sign]:
    """Boxes that sell; where none does, what only speaks of it."""
    leading = {link.node.mem_id for link in links}
    spoken: Sign | None = None
    found = left = 0
    budget = _MOST_TEXT
    for block in blocks_of(page):
        budget -= len(block.text)
        left += 1
        if budget < 0 or left > _MOST_JUDGED or found >= _MOST_SIGNS:
            break
        if not may_hold(block.text):
            continue
        for node, judged in _judged(block, leading):
            if judged.sells:
                found += 1
                yield _sign("promotion", judged, place_of(node), page)
            elif judged.topic and (spoken is None or judged.hits > spoken.hits):
                spoken = _sign("topic", judged, place_of(node), page)
    if spoken is not None and not found:
        yield spoken


def _judged(block: Block, leading: set[int]) -> Iterator[tuple[LexborNode, Judged]]:
    """The box as a whole, or those of its lines that sell by themselves. A line that leads nowhere is excused by what stands around it."""
    whole = judged_text(block.text)
    if whole.sells and not _leads(block.node, leading):
        whole = judged_text(block.text, excuse(around(block.node, block.text)))
    if whole.sells or not block.lines:
        yield block.node, whole
        return
    sold = False
    for node, text in block.lines[:400]:
        judged = judged_text(text)
        if judged.sells and not _leads(node, leading):
            judged = judged_text(text, excuse(around(node, text)))
        if judged.sells:
            sold = True
            yield node, judged
    if not sold:
        yield block.node, whole


def _leads(node: LexborNode, leading: set[int]) -> bool:
    """Whether the box holds a link to another host."""
    return bool(leading) and any(anchor.mem_id in leading for anchor in node.css("a")[:200])


def link_signs(page: Page, links: list[Link]) -> Iterator[Sign]:
    """Boxes of links in sight whose texts or hosts sell: several, or one that does both."""
    grouped: dict[int, tuple[LexborNode, list[tuple[Link, Judged, bool]]]] = {}
    texts = [link.text() for link in links[:_MOST_LINKS]]
    speaks = may_hold("\n".join(texts))
    for link, text in zip(links, texts, strict=False):
        brand = is_brand(link.host)
        judged = judged_title(text) if speaks and may_hold(text) else Judged()
        if judged.sells or brand:
            group = _holder(link.node)
            grouped.setdefault(group.mem_id, (group, []))[1].append((link, judged, brand))
    for group, members in list(grouped.values())[:_MOST_SIGNS]:
        sellers = [judged for _, judged, _ in members if judged.sells]
        strong = (
            len(sellers) >= 2 or any(judged.sells and brand for _, judged, brand in members) or len({link.host for link, _, brand in members if brand}) >= 2
        )
        if strong:
            told = "; ".join(f"{link.text() or '-'} → {link.host}" for link, _, _ in members)[:300]
            hosts = tuple(sorted({link.host for link, _, _ in members}))[:32]
            yield Sign(kind="promoted_links", value=told, where=place_of(group), page=page.host, hosts=hosts, gambling=True, hits=len(members))


def _holder(node: LexborNode) -> LexborNode:
    """The list, table or box that a link stands in with its like."""
    at = node
    for _ in range(8):
        if at.parent is None or at.tag in ("ul", "ol", "table", "footer", "nav", "section", "aside", "body"):
            return at
        if at.tag in ("div", "p", "center") and len(at.css("a")[:3]) > 2:
            return at
        at = at.parent
    return at


def strange_letters(text: str) -> int:
    """About how many letters are of writing systems that a Vietnamese page has none of. Costs next to nothing."""
    if text.isascii():
        return 0
    return len(text.encode("utf-16-le", "surrogatepass")[1::2].translate(None, _FAMILIAR))


def script_signs(page: Page, refs: list[str]) -> Iterator[Sign]:
    """Letters of another writing system than a Vietnamese portal's, where the page offers no such language."""
    text = f"{page.title} {page.text}"
    if strange_letters(text) < _FEW_STRANGE or not _is_vietnamese(page):
        return
    found = other_script(text) or other_script(page.title * 3)
    if found is None or _offers(_LANGUAGES.get(found.name, "-"), refs):
        return
    judged = judged_text(text[:_MOST_TEXT])
    value = f"{found.name} {found.share:.0%}: {found.sample}"[:300]
    yield Sign(kind="other_script", value=value, where="text", page=page.host, gambling=judged.sells, hits=int(100 * found.share))


def _is_vietnamese(page: Page) -> bool:
    """Whether the page says that it is in Vietnamese, stands on a Vietnamese host, or has the letters; one without an address may be."""
    if not page.host or page.host.endswith(".vn") or page.language.lower().startswith("vi"):
        return True
    return len(_VIETNAMESE.findall(page.text[:_SAMPLED])) >= _FEW_MARKED


def _offers(language: str, refs: list[str]) -> bool:
    """Whether links switch to that language: `/ja/`, `?lang=ja`."""
    switch = re.compile(rf"(?:/|[?&](?:lang|language|locale|hl)=){language}(?:[-_][A-Za-z]{{2}})?(?:[/?&#]|\Z)", re.IGNORECASE)
    return any(switch.search(ref) for ref in refs[:2000])


def _sign(kind: SignKind, judged: Judged, where: str, page: Page, told: str = "") -> Sign:
    value = f"{told[:140]} ({judged.value})" if told else judged.value
    gambling = judged.sells and judged.kind == "gambling"
    return Sign(kind=kind, value=value[:300], where=where, page=page.host, gambling=gambling, hits=judged.hits)
