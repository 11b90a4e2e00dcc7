"""Where in a page something stands, for a person who must find it in the source."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

_STEPS = 3
_LONGEST = 120


def whole(text: str) -> str:
    """The text without halves of letters, which no encoding can write."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def one_line(text: str, most: int = 300) -> str:
    """What a person is shown of a hostile text: one line of letters, cut."""
    line = " ".join(whole(text[: 4 * most]).split())
    return line[:most] if line.isprintable() else "".join(letter if letter.isprintable() else " " for letter in line)[:most]


def place_of(node: LexborNode | None) -> str:
    """The element and what it stands in, up to the next one with an id: `div#footer > ul.links > li`."""
    steps: list[str] = []
    while node is not None and len(steps) < _STEPS and node.tag not in (None, "-document", "html"):
        name = _name(node)
        steps.append(name)
        if "#" in name:
            break
        node = node.parent
    return " > ".join(reversed(steps))[-_LONGEST:]


def _name(node: LexborNode) -> str:
    attributes = node.attributes or {}
    if name := attributes.get("id"):
        return f"{node.tag}#{' '.join(name.split())[:40]}"
    classes = (attributes.get("class") or "").split()
    return f"{node.tag}.{classes[0][:40]}" if classes else node.tag or ""
