"""What all tables of config.toml and site.toml have in common: no unknown keys, strict types, units in values, one sentence for an error."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StrictBool, StrictInt, ValidationError, ValidationInfo, model_validator
from pydantic_core import ErrorDetails

from collector.refusal import HIDDEN, Where, expected, key_path, refused, unknown_key
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND

T = TypeVar("T", bound=BaseModel)
Item = TypeVar("Item")

_UNITS = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
_A_PATH = Text("đường dẫn trong dấu nháy", "a path in quotes")
_A_DURATION = Text('khoảng thời gian như "30s", "5m", "2h", "1d"', 'a length of time such as "30s", "5m", "2h", "1d"')


class Unfit(ValueError):
    """A value of the right type that will not do, carried by pydantic to `checked`. `wanted` completes "must be ..."; `whole` is a sentence of its own."""

    def __init__(self, wanted: Text | None = None, *, whole: Text | None = None, secret: bool = False) -> None:
        """`secret`: the value may hold a token and is not repeated."""
        super().__init__((wanted or whole or Text("", "")).en)
        self.wanted = wanted
        self.whole = whole
        self.secret = secret


class UnknownKey(ValueError):
    """A key the table does not have."""

    def __init__(self, key: str, known: list[str]) -> None:
        super().__init__(key)
        self.key = key
        self.known = known


class Table(BaseModel):
    """A table whose keys are all known, and which does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, given: object) -> object:
        if isinstance(given, dict):
            for key in given:
                if key not in cls.model_fields:
                    raise UnknownKey(str(key), list(cls.model_fields))
        return given


def _duration(value: object) -> int:
    matched = re.fullmatch(r"([1-9]\d{0,8})([smhd])", value) if isinstance(value, str) else None
    if matched is None:
        raise Unfit(_A_DURATION)
    return int(matched[1]) * _UNITS[matched[2]]


def _delay(value: object) -> int:
    return 0 if value == "0s" else _duration(value)


def _path(value: object, info: ValidationInfo) -> Path:
    """Paths are meant from the folder of the file that names them, wherever the program was started."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Unfit(_A_PATH)
    return Path((info.context or {}).get("base", "")) / value


# pydantic's own int and bool take "8470", 1.0 and "yes" too.
Int = StrictInt
Bool = StrictBool
# Nanoseconds, written as "30s", "5m", "2h", "1d".
Duration = Annotated[int, PlainValidator(_duration)]
# The same, or "0s".
Delay = Annotated[int, PlainValidator(_delay)]
FilePath = Annotated[Path, PlainValidator(_path)]


def written(value: object) -> Any:  # noqa: ANN401 - a field's default, whose type is the field's
    """A default as people would write it, so that it goes through the same checks and gets the same base folder."""
    return Field(default=value)


def some(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Not none. A validator of ours: pydantic's own limit also fires when the items are wrong, and would count as a second mistake."""
    if not items:
        raise Unfit(Text("danh sách có ít nhất một mục", "a list of at least one"))
    return items


def matching(pattern: str, wanted: Text) -> AfterValidator:
    """The whole text must match."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise Unfit(wanted)
        return value

    return AfterValidator(check)


def lasting(least: str, most: str) -> AfterValidator:
    """A length of time from `least` to `most`, both as people write them."""
    wanted = Text(f'khoảng thời gian từ "{least}" đến "{most}"', f'a length of time from "{least}" to "{most}"')
    low, high = _delay(least), _delay(most)

    def check(value: int) -> int:
        if not low <= value <= high:
            raise Unfit(wanted)
        return value

    return AfterValidator(check)


def checked(model: type[T], table: dict[str, Any], file: str, base: Path) -> T:
    """`table` as `model`; ConfigError naming `file`, the key and what was expected."""
    try:
        return model.model_validate(table, context={"base": base})
    except ValidationError as error:
        raise refused(file, told(model, error.errors(include_url=False))) from None


def told(model: type[BaseModel], errors: list[ErrorDetails]) -> Text:
    """The first of the errors, and how many more there are. An unknown key goes first: a missing one is often the same key misspelt."""
    first = min(errors, key=lambda error: not isinstance(_cause(error), UnknownKey))
    text = _told(first, _where(model, first["loc"]))
    more = len(errors) - 1
    return Text(f"{text.vi} (và {more} lỗi khác)", f"{text.en} (and {more} more)") if more else text


def _cause(error: ErrorDetails) -> object:
    return error.get("ctx", {}).get("error")


def _where(model: type[BaseModel], location: tuple[str | int, ...]) -> Where:
    """Without what pydantic adds of its own: the tag of a union stands behind the number of a list's item."""
    steps = list(location)
    tagged = [place for place, step in enumerate(steps) if place and isinstance(steps[place - 1], int) and step in _tags(model)]
    return [step for place, step in enumerate(steps) if place not in tagged]


def _tags(model: type[BaseModel]) -> frozenset[str]:
    tags: frozenset[str] = getattr(model, "tags", frozenset())
    return tags


def _told(error: ErrorDetails, where: Where) -> Text:
    match _cause(error):
        case UnknownKey() as unknown:
            return unknown_key(unknown.key, unknown.known, where)
        case Unfit(whole=Text() as whole):
            return whole
        case Unfit(wanted=Text() as wanted, secret=secret):
            return expected(where, wanted, HIDDEN if secret else error["input"])
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return _tag(error, where)
    if error["type"] == "missing":
        key = key_path(where)
        return Text(f'thiếu khóa "{key}"', f'the key "{key}" is missing')
    return expected(where, _wanted(error), error["input"])


def _tag(error: ErrorDetails, where: Where) -> Text:
    key = [*where, "type"]
    given = error["input"]
    if not isinstance(given, dict) or "type" not in given:
        name = key_path(key)
        return Text(f'thiếu khóa "{name}"', f'the key "{name}" is missing')
    return expected(key, _wanted(error), given["type"])


def _wanted(error: ErrorDetails) -> Text:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _WANTED:
        words = _WANTED[kind]
        vi = {name: str(value).replace(" or ", " hoặc ") for name, value in context.items()}
        return Text(words.vi.format(**vi), words.en.format(**context))
    return Text(error["msg"], error["msg"])


_INTEGER = Text("số nguyên", "an integer")
_TEXT = Text("chuỗi ký tự trong dấu nháy", "a text in quotes")
_TABLE = Text("một bảng", "a table")
_LIST = Text("danh sách trong ngoặc vuông [ ]", "a list in square brackets [ ]")
_CHOICE = Text("một trong: {expected}", "one of: {expected}")
_WANTED: dict[str, Text] = {
    "int_type": _INTEGER,
    "int_from_float": _INTEGER,
    "int_parsing": _INTEGER,
    "string_type": _TEXT,
    "bool_type": Text("true hoặc false", "true or false"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "union_tag_invalid": Text("một trong: {expected_tags}", "one of: {expected_tags}"),
    "greater_than_equal": Text("số từ {ge} trở lên", "{ge} or more"),
    "less_than_equal": Text("số không quá {le}", "{le} or less"),
}
