"""The frames of a page: those that fill it, those out of sight, and those whose markup stands in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.decode.web.hidden import Hidden, hidden_frame
from collector.decode.web.hosts import unquote
from collector.decode.web.known import is_service, same_organisation
from collector.decode.web.page import Element, Page
from collector.decode.web.places import place_of
from collector.decode.web.seen import is_brand
from collector.decode.web.styles import pixels
from collector.decode.web.url import host_of
from collector.decode.web.ways import Way
from model.webfacts import Sign

_MOST = 200
# With no more words than these around it, a frame is what a visitor sees.
_FEW_WORDS, _NO_WORDS = 40, 5
_LARGE = 480.0
_FULL = 90.0
_SIZE = re.compile(r"(?:^|;)\s*(width|height|position)\s*:\s*([^;!]*)", re.IGNORECASE)


def frame_ways(page: Page, words: int, hidden: Hidden) -> Iterator[tuple[int, Way]]:
    """Frames that take nine tenths of the page or are all there is in it."""
    shown = [frame for frame in page.frames[:_MOST] if not hidden_frame(frame.node, hidden)]
    sets = [frame for frame in shown if frame.node.tag == "frame"]
    for frame in shown:
        address = page.join(frame.ref)
        if not host_of(address):
            continue
        alone = len(shown) == 1 and words <= (_FEW_WORDS if _is_large(frame) else _NO_WORDS)
        fills = _largest(sets) is frame if frame.node.tag == "frame" else alone or _fills(frame)
        if fills and address != page.url and not is_service(host_of(address)):
            yield frame.place, Way("frame", address)


def _largest(frames: list[Element]) -> Element | None:
    """Of a frameset the frame with most room; the last where nothing is said (navigation stands first)."""
    if not frames:
        return None
    parent = frames[0].node.parent
    attributes = parent.attributes if parent else {}
    sizes = [size.strip() for size in (attributes.get("rows") or attributes.get("cols") or "").split(",")]
    rooms = [1e6 if size.startswith("*") or size == "100%" else pixels(size) or 0 for size in sizes]
    rooms += [0.0] * (len(frames) - len(rooms))
    return frames[max(range(len(frames)), key=lambda place: (rooms[place], place))] if any(rooms) else frames[-1]


def _fills(frame: Element) -> bool:
    """Fixed over everything, as wide and high as the window, or all of the body's room."""
    style, sizes = _style(frame), _sizes(frame)
    if not all(_is_full(size, ("vw", "vh", "%")) for size in sizes):
        return False
    if style.get("position") == "fixed" or all(size.endswith(("vw", "vh")) for size in sizes):
        return True
    parent = frame.node.parent
    return parent is not None and (parent.tag == "body" or (style.get("position") == "absolute" and parent.parent is not None and parent.parent.tag == "body"))


def _is_large(frame: Element) -> bool:
    """As wide as the page, and as high as a window."""
    wide, high = _sizes(frame)
    return _is_full(wide, ("vw", "%")) and (_is_full(high, ("vh", "%")) or (pixels(high) or 0) >= _LARGE)


def _style(frame: Element) -> dict[str, str]:
    style = (frame.node.attributes.get("style") or "")[:2000]
    return {name.lower(): value.strip().lower() for name, value in _SIZE.findall(style)}


def _sizes(frame: Element) -> tuple[str, str]:
    """Width and height as written, by style before attribute."""
    attributes, style = frame.node.attributes, _style(frame)
    wide, high = (style.get(name) or (attributes.get(name) or "").strip().lower() for name in ("width", "height"))
    return wide, high


def _is_full(size: str, units: tuple[str, ...]) -> bool:
    found = re.match(r"([\d.]{1,8})\s*(vw|vh|%)", size)
    return found is not None and found[1].replace(".", "", 1).isdigit() and float(found[1]) >= _FULL and found[2] in units


def frame_signs(page: Page, hidden: Hidden) -> Iterator[Sign]:
    """Frames of other hosts that nobody sees."""
    for frame in page.frames[:_MOST]:
        host = host_of(page.join(frame.ref))
        if not host or is_service(host) or (page.host and same_organisation(host, page.host)):
            continue
        if means := hidden_frame(frame.node, hidden):
            value = f"{means}: {page.join(frame.ref)}"[:300]
            yield Sign(kind="hidden_frame", value=value, where=place_of(frame.node), page=page.host, hosts=(host,), gambling=is_brand(host), hits=1)


def inner_markup(page: Page) -> Iterator[tuple[int, str]]:
    """Markup of frames that stands in the page itself: `srcdoc`, and `data:` addresses that are not packed."""
    for frame in page.frames[:_MOST]:
        if markup := frame.node.attributes.get("srcdoc"):
            yield frame.place, markup
        elif frame.ref[:14].lower().startswith("data:text/html"):
            yield frame.place, unquote(frame.ref.partition(",")[2][:200_000])
