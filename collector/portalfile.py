"""Adding a line to the declared list of portals, without touching the others."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from collector.config.load import read_text
from collector.csvtable import columns_of, delimiter_of
from collector.declared_portals import PORTAL_COLUMNS, load_portals
from collector.refusal import refused
from model.portals.declared import Portal
from model.text import Text

_FILE = "portals.csv"
_HEADING = "id,url,name,level"


def append(folder: Path, portal: Mapping[str, str]) -> tuple[Portal, Path]:
    """The portal as it was taken, and the file. Raises ConfigError, naming what is wrong; then the file is as it was."""
    if (folder / "portals.toml").exists():
        raise refused(
            "portals.toml", Text("danh sách cổng ở dạng TOML, hãy thêm bằng trình soạn thảo", "the list of portals is TOML, add to it with an editor")
        )
    path = folder / _FILE
    text = read_text(path) if path.exists() else _HEADING + "\n"
    known = {each.id for each in load_portals(path).portals} if path.exists() else set()
    # In a folder of its own the draft has the same name, which is what a refusal tells.
    with tempfile.TemporaryDirectory(prefix=".portals-", dir=folder) as beside:
        draft = Path(beside) / _FILE
        draft.write_text(text + ("" if text.endswith("\n") else "\n") + _line(text.partition("\n")[0], portal), encoding="utf-8")
        taken = load_portals(draft)
        added = [each for each in taken.portals if each.id not in known]
        if not added:
            raise taken.refused[-1] if taken.refused else refused(_FILE, Text("cổng này đã có trong danh sách", "this portal is in the list already"))
        if path.exists():
            shutil.copymode(path, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)  # noqa: PTH105 - atomic, in one call
    return added[-1], path


def _line(heading: str, portal: Mapping[str, str]) -> str:
    delimiter = delimiter_of(heading)
    columns = columns_of(_FILE, next(csv.reader([heading], delimiter=delimiter), []), PORTAL_COLUMNS)
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerow([portal.get(column, "") for column in columns])
    return written.getvalue()
