"""XML of screens as a flat list of elements. defusedxml's SAX reader refuses document types and entities; namespaces are not expanded.

A tree of ElementTree is not made: it writes each namespace out in full before every name, which decision 007 measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

MAX_BYTES = 65_536
_MAX_ELEMENTS = 4_096
_MAX_DEPTH = 32
_MAX_TEXT = 4_096


class Element(NamedTuple):
    """One element: local name in lower case, local names of those around it, its own text, its attributes (local names in lower case)."""

    name: str
    around: tuple[str, ...]
    text: str
    attributes: dict[str, str]


class _BoundsError(Exception):
    """More than a screen has to say."""


class _Collector(ContentHandler):
    """Elements in the order of their ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._open: list[tuple[str, dict[str, str], list[str]]] = []
        self._length = self._begun = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        """An element begins."""
        self._begun += 1
        if self._begun > _MAX_ELEMENTS or len(self._open) >= _MAX_DEPTH:
            raise _BoundsError
        self._open.append((_local(name), {_local(key): attrs.getValue(key)[:_MAX_TEXT] for key in attrs.getNames()}, []))

    def characters(self, content: str) -> None:
        """Text of the innermost element."""
        if self._open and len(self._open[-1][2]) < _MAX_TEXT:
            self._open[-1][2].append(content)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX's name and argument
        """The innermost element ends."""
        local, attributes, text = self._open.pop()
        around = tuple(name for name, _, _ in self._open)
        self.found.append(Element(local, around, "".join(text)[:_MAX_TEXT].strip(), attributes))


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()[:64]


def elements(data: bytes | str) -> tuple[Element, ...]:
    """The document's elements; empty for what is no XML, is too long or too deep, or declares a document type."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        return ()
    collector = _Collector()
    try:
        parseString(raw, collector, forbid_dtd=True)
    except (SAXException, DefusedXmlException, _BoundsError, ValueError, LookupError):
        # An error in the middle leaves what is no document at all: a screen that breaks its own protocol is not known by it.
        return ()
    return tuple(collector.found)


def text_of(found: Iterable[Element], name: str) -> str:
    """The text of the first element of that name (lower case), empty for none."""
    return next((element.text for element in found if element.name == name), "")
