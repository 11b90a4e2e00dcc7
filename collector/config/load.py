"""Reading config.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from collector.config.models import Config
from collector.config.table import checked
from collector.options import UnfitOptionError, built
from collector.refusal import ConfigError, refused
from collector.registry import detector_class
from model.text import Text, shown

# Hostile or mistaken input (a disk image named in place of a text file) must not be read whole.
MAX_BYTES = 16 * 1024 * 1024


def load(path: Path) -> Config:
    """The configuration in `path`, detectors' options included. Raises ConfigError."""
    config = checked(Config, read_toml(path), path.name, path.resolve().parent)
    for module, options in config.detectors.items():
        try:
            built(detector_class(module), options, ["detectors", module])
        except UnfitOptionError as error:
            raise refused(path.name, error.text) from None
    return config


def defaults(base: Path) -> Config:
    """The configuration of an empty file in the folder `base`."""
    return checked(Config, {}, "config.toml", base.resolve())


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables. Raises ConfigError for a file that is missing, unreadable or no TOML."""
    try:
        return tomllib.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number of thousands of digits and brackets within brackets are Python's own limits.
        raise refused(path.name, _malformed(error)) from None


def read_text(path: Path) -> str:
    """The file as text, UTF-8 with or without a byte order mark, any line ends. Raises ConfigError."""
    try:
        if path.is_dir():
            raise _unreadable(path, Text("là thư mục, cần một tệp", "is a directory, a file is needed"))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, _reason(error)) from None
    if len(raw) > MAX_BYTES:
        raise _unreadable(path, Text("lớn hơn 16 MiB", "is larger than 16 MiB"))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        wanted = Text("không phải mã UTF-8 (trong Excel: lưu dạng CSV UTF-8)", "is not in UTF-8 (in Excel: save as CSV UTF-8)")
        raise _unreadable(path, wanted) from None


def _reason(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("không có tệp này", "there is no such file")
    if isinstance(error, PermissionError):
        return Text("không có quyền đọc", "no permission to read it")
    words = error.strerror or str(error)
    return Text(f"không đọc được ({words})", f"cannot be read ({words})")


def _unreadable(path: Path, why: Text) -> ConfigError:
    # The whole path here: the file that is meant may not be the one that was looked for.
    return refused(shown(str(path), 200), why)


def _malformed(error: Exception) -> Text:
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    what = str(error).split(" (at ")[0]
    if place is None:
        return Text(f"không đúng cú pháp TOML ở cuối tệp ({what})", f"is no valid TOML at its end ({what})")
    return Text(f"không đúng cú pháp TOML ở dòng {place[1]}, cột {place[2]} ({what})", f"is no valid TOML at line {place[1]}, column {place[2]} ({what})")
