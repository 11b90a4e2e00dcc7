"""A detector's options out of its table in config.toml: unknown keys and wrong types are refused, naming the key."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from collector.refusal import Where, expected, refused, unknown_key
from model.detector import Detector
from model.text import Text

_WORDS: dict[Any, Text] = {
    bool: Text("true hoặc false", "true or false"),
    int: Text("số nguyên", "an integer"),
    float: Text("số", "a number"),
    str: Text("chuỗi ký tự trong dấu nháy", "a text in quotes"),
}


def builder(file: str) -> Callable[[type[Detector], Mapping[str, Any], str], Detector]:
    """What collector.registry.build_all wants, with errors that name `file`."""

    def build(kind: type[Detector], options: Mapping[str, Any], path: str) -> Detector:
        try:
            return built(kind, options, path.split("."))
        except UnfitOptionError as error:
            raise refused(file, error.text) from None

    return build


class UnfitOptionError(ValueError):
    """A key is not an option of this detector, or its value is of another type; `text` names the key."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def built(kind: type[Detector], options: Mapping[str, Any], where: Where) -> Detector:
    """The detector with these options over its defaults. Raises UnfitOptionError."""
    hints = typing.get_type_hints(kind, include_extras=True)
    known = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type] # every detector is a dataclass: the contract test holds it
    for key in options:
        if key not in known:
            raise UnfitOptionError(unknown_key(key, known, where))
    values = {key: _fitted(value, hints[key], [*where, key]) for key, value in options.items()}
    return _made(kind, values, where)


def _fitted(value: object, hint: Any, where: Where) -> object:  # noqa: ANN401 - a type hint is any object
    try:
        return msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        raise UnfitOptionError(expected(where, wanted(hint, str(error)), value)) from None


def _made(kind: type[Detector], values: Mapping[str, object], where: Where) -> Detector:
    try:
        return kind(**values)
    except ValueError as error:  # what a detector's __post_init__ finds wrong with a value of the right type
        table = ".".join(map(str, where))
        raise UnfitOptionError(Text(f"bảng [{table}]: {error}", f"table [{table}]: {error}")) from None


def wanted(hint: Any, otherwise: str) -> Text:  # noqa: ANN401 - a type hint is any object
    """What values a type takes, in words; `otherwise` for a type without any."""
    if hint in _WORDS:
        return _WORDS[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _bounded(wanted(arguments[0], otherwise), arguments[1:])
    if origin is typing.Literal:
        names = ", ".join(map(str, arguments))
        return Text(f"một trong: {names}", f"one of: {names}")
    if origin in (tuple, frozenset, list, set):
        item = wanted(arguments[0], otherwise)
        return Text(f"danh sách [ ] gồm {item.vi}", f"a list [ ] of {item.en}")
    return Text(otherwise, otherwise)


def _bounded(base: Text, extras: Sequence[object]) -> Text:
    """With the bounds of msgspec.Meta, as far as people need them."""
    for meta in extras:
        if isinstance(meta, msgspec.Meta):
            if meta.ge is not None:
                base = Text(f"{base.vi} từ {meta.ge}", f"{base.en} from {meta.ge}")
            if meta.le is not None:
                base = Text(f"{base.vi} đến {meta.le}", f"{base.en} up to {meta.le}")
    return base
