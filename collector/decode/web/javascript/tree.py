"""The syntax tree of a script, opened node by node as it is needed."""

from __future__ import annotations

import tree_sitter
import tree_sitter_javascript

_LANGUAGE = tree_sitter.Language(tree_sitter_javascript.language())
# How the grammar counts the names it has for parts.
_FIELDS = {name: number for number in range(1, _LANGUAGE.field_count + 1) if (name := _LANGUAGE.field_name_for_id(number))}
# What stands between the parts of a construct without being one.
_NOISE = frozenset({"comment", "html_comment", "hash_bang_line"})
# Constructs whose parts have no names of their own.
_LISTS = frozenset({
    "program", "statement_block", "arguments", "array", "object", "string", "template_string", "sequence_expression", "formal_parameters", "class_body",
    "parenthesized_expression", "expression_statement", "lexical_declaration", "variable_declaration", "return_statement", "switch_body", "object_pattern",
    "array_pattern", "spread_element", "template_substitution", "ERROR", "identifier", "property_identifier", "number",
})  # fmt: skip
# No construct names a part behind this many; asking for the name costs more for each part before it.
_MAX_NAMED = 24
_CHUNK = 24_576
_MAX_ERRORS = 1500
_MANY_QUOTES = 100


class Syntax:
    """A node: its kind as the grammar names it, its children and its fields.

    Children are the named ones and those with a field (operators), without comments. They and the fields are made when first asked for, because most
    of a bundle is never looked at.
    """

    __slots__ = ("_children", "_fields", "_raw", "_source", "_text", "cache", "kind", "vague_calls")

    def __init__(self, raw: tree_sitter.Node, kind: str, source: bytes) -> None:
        self.kind = kind
        self._raw = raw
        self._source = source
        self._children: list[Syntax] | None = None
        self._fields: dict[str, Syntax | None] | None = None
        self._text: str | None = None
        # What the node always evaluates to (a literal), or what a reader worked out about it once.
        self.cache: object = None
        # How often a function was read with arguments nobody knows.
        self.vague_calls = 0

    def children(self) -> list[Syntax]:
        """The parts in the order of the source."""
        if self._children is None:
            self._children = self._parts()
        return self._children

    def field(self, name: str) -> Syntax | None:
        """The first part the grammar calls `name`."""
        if self._fields is None:
            self._fields = {}
        elif name in self._fields:
            return self._fields[name]
        raw = self._raw.child_by_field_id(_FIELDS[name])
        node = None
        if raw is not None:
            node = Syntax(raw, raw.type, self._source) if self._children is None else self._made(raw)
        self._fields[name] = node
        return node

    def text(self) -> str:
        """The source of the node."""
        if self._text is None:
            self._text = (self._raw.text or b"").decode("utf-8", "replace")
        return self._text

    def is_broken(self) -> bool:
        """Whether the grammar could make nothing of some of it."""
        return self._raw.has_error

    def bytes(self) -> bytes:
        """The source of the node in UTF-8."""
        return self._source[self._raw.start_byte : self._raw.end_byte]

    def size(self) -> int:
        """Length of the source of the node in bytes."""
        return self._raw.end_byte - self._raw.start_byte

    def span(self) -> tuple[int, int]:
        """First byte of the node in the source, and the one behind its last."""
        return self._raw.start_byte, self._raw.end_byte

    def has_token(self, token: str) -> bool:
        """Whether a bare word or sign (`async`, `of`, `get`, `static`) stands among the parts."""
        return any(child.type == token for child in self._raw.children)

    def is_async(self) -> bool:
        """Whether a function is one that returns a promise."""
        return self._source.startswith(b"async", self._raw.start_byte) and self.has_token("async")

    def tokens(self) -> list[str]:
        """Kinds of all parts with the bare words and signs between them."""
        return [child.type for child in self._raw.children]

    def _made(self, raw: tree_sitter.Node) -> Syntax:
        """The part of that place in the tree, the same one each time: what is known of it is kept with it."""
        for part in self._children or ():
            if part._raw.id == raw.id:
                return part
        return Syntax(raw, raw.type, self._source)

    def _parts(self) -> list[Syntax]:
        source = self._source
        if self.kind in _LISTS:
            return [Syntax(child, kind, source) for child in self._raw.named_children if (kind := child.type) not in _NOISE]
        known = {part._raw.id: part for part in (self._fields or {}).values() if part is not None}
        parts = []
        for index, child in enumerate(self._raw.children):
            kind = child.type
            if kind in _NOISE:
                continue
            if child.is_named or (index < _MAX_NAMED and self._raw.field_name_for_child(index)):
                parts.append(known.get(child.id) or Syntax(child, kind, source))
        return parts


def parse(source: str) -> Syntax:
    """The tree of a script; where the script is broken the tree has `ERROR` nodes, but there is always one."""
    data = source.encode("utf-8", "replace")
    root = tree_sitter.Parser(_LANGUAGE).parse(data).root_node
    return Syntax(root, root.type, data)


def is_broken(source: str) -> bool:
    """Whether a long text has so many errors that it is no code: each costs fifty times what a word does, so it is asked chunk by chunk."""
    chunks = (source[at : at + _CHUNK] for at in range(0, len(source), _CHUNK))
    # A chunk may begin within a text: then a quote before it puts it right, where there are quotes to close it.
    return any(
        all(_errors(before + chunk) > _MAX_ERRORS for before in ("", *(quote for quote in "\"'" if chunk.count(quote) > _MANY_QUOTES))) for chunk in chunks
    )


def _errors(text: str) -> int:
    """How many parts of a chunk the grammar could make nothing of, counted no further than needed."""
    nodes = [tree_sitter.Parser(_LANGUAGE).parse(text.encode("utf-8", "replace")).root_node]
    found = 0
    while nodes and found <= _MAX_ERRORS:
        node = nodes.pop()
        # One error may take in all that follows it.
        found += node.child_count if node.is_error else 0
        nodes.extend(child for child in node.children if child.has_error)
    return found
