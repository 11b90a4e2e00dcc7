"""What is wrong with a file that people wrote, as one sentence; shared by configuration, declared data and detector options.

Apart from `collector.config` so that a command without configuration does not import pydantic.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from model.text import Text, shown

Where = Sequence[str | int]

# Stands for a value that must not be repeated, for it may hold a secret.
HIDDEN = object()


class ConfigError(Exception):
    """A file that people wrote cannot be used; `text` is the whole sentence, the command ends with `exit_code`."""

    exit_code = 1

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


def refused(file: str, what: Text) -> ConfigError:
    """The error for `file`; `what` goes on after its name."""
    return ConfigError(Text(f"Tệp {file}: {what.vi}.", f"File {file}: {what.en}."))


def key_path(where: Where) -> str:
    """A key as it is found in the file: `[web] port`, `[[legs]] #2 name`. Items count from 1."""
    parts: list[tuple[str, str]] = []
    for step in where:
        if isinstance(step, str):
            parts.append((step, ""))
        else:
            parts[-1] = (parts[-1][0], f" #{step + 1}")
    *tables, key = parts
    path = ".".join(name for name, _ in tables)
    number = "".join(number for _, number in tables)
    table = f"[[{path}]]{number}" if number else f"[{path}]"
    return " ".join([*([table] if tables else []), "".join(key)])


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was most likely meant to be; empty when none is near."""
    return next(iter(difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)), "")


def unknown_key(word: str, known: Sequence[str], where: Where = ()) -> Text:
    """There is no such key; the nearest one, or all of them when none is near."""
    key = shown(key_path([*where, word]))
    meant = nearest(word, known)
    if meant:
        return Text(f'không có khóa "{key}", gần nhất là "{meant}"', f'there is no key "{key}", the nearest is "{meant}"')
    names = ", ".join(sorted(known))
    return Text(f'không có khóa "{key}", các khóa có thể dùng: {names}', f'there is no key "{key}", those that may be used: {names}')


def expected(where: Where, wanted: Text, given: object) -> Text:
    """The key must be something else than what it is."""
    key = shown(key_path(where))
    if given is HIDDEN:
        return Text(f'"{key}" phải là {wanted.vi}', f'"{key}" must be {wanted.en}')
    value = _told(given)
    return Text(f'"{key}" phải là {wanted.vi}, đang là {value.vi}', f'"{key}" must be {wanted.en}, it is {value.en}')


def _told(given: object) -> Text:
    match given:
        case bool():
            word = str(given).lower()
        case dict():
            return Text("một bảng", "a table")
        case list() | tuple():
            return Text("một danh sách", "a list")
        case str():
            word = f'"{shown(given)}"'
        case _:
            word = shown(str(given))
    return Text(word, word)
