"""Each line that the design draws is held by a tool, and each tool bites: a violation planted in a copy must turn it red."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("model", "detectors", "exporters", "collector")
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["importlinter"]["contracts"]}
BANNED = SETTINGS["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
TOOLS = Path(sys.executable).parent

Lint = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@contextmanager
def planted(copy: Path, files: dict[str, str]) -> Iterator[None]:
    """Appends each text to its file, and puts everything back as it was."""
    before = {name: (copy / name).read_bytes() if (copy / name).exists() else None for name in files}
    for name, text in files.items():
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write("\n" + text + "\n")
    try:
        yield
    finally:
        for name, content in before.items():
            if content is None:
                (copy / name).unlink()
            else:
                (copy / name).write_bytes(content)


def lint_imports(copy: Path, contract: str = "") -> subprocess.CompletedProcess[str]:
    chosen = ["--contract", contract] if contract else []
    command = [str(TOOLS / "lint-imports"), "--no-cache", "--no-logo", *chosen]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "400"})


# contract -> files that break it, and what its report must name
VIOLATIONS: dict[str, list[tuple[dict[str, str], str]]] = {
    "arrows": [
        ({"detectors/coverage.py": "import collector.clock"}, "detectors.coverage -> collector.clock"),
        ({"exporters/sink.py": "import detectors.coverage"}, "exporters.sink -> detectors.coverage"),
        ({"detectors/coverage.py": "import exporters.sink"}, "detectors.coverage -> exporters.sink"),
        ({"model/text.py": "def late():\n    import exporters.sink"}, "model.text -> exporters.sink"),
    ],
    "pure": [
        ({"model/text.py": "import socket"}, "model.text -> socket"),
        ({"detectors/coverage.py": "def late():\n    import os"}, "detectors.coverage -> os"),
        ({"collector/decode/planted.py": "import time"}, "collector.decode.planted -> time"),
        ({"collector/decode/planted.py": "import collector.clock"}, "collector.decode.planted -> collector.clock"),
    ],
    "words": [({"detectors/coverage.py": "import zeroconf"}, "detectors.coverage -> zeroconf")],
    "detectors-apart": [({"detectors/coverage.py": "import detectors.open_display"}, "detectors.coverage -> detectors.open_display")],
    "sensors-apart": [
        (
            {"collector/sensors/__init__.py": "", "collector/sensors/one.py": "import collector.sensors.two", "collector/sensors/two.py": ""},
            "collector.sensors.one -> collector.sensors.two",
        )
    ],
    "rules-behind-registry": [({"collector/clock.py": "import detectors.coverage"}, "collector.clock -> detectors.coverage")],
    "ways-out-behind-roots": [({"collector/clock.py": "import exporters.sink"}, "collector.clock -> exporters.sink")],
    "scapy": [
        ({"exporters/sink.py": "from scapy.layers import l2"}, "exporters.sink -> scapy"),
        ({"collector/planted.py": "import scapy.all"}, "collector.planted -> scapy"),
    ],
    "probe-apart": [
        ({"collector/probe/wire.py": "import collector.interfaces"}, "collector.probe.wire -> collector.interfaces"),
        ({"collector/probe/wire.py": "def late():\n    import model.nonce"}, "collector.probe.wire -> model.nonce"),
    ],
    "probe-unknown": [({"collector/clock.py": "import collector.probe.orders"}, "collector.clock -> collector.probe.orders")],
    "pydantic": [({"collector/clock.py": "import pydantic"}, "collector.clock -> pydantic")],
}


def test_the_code_as_it_is_keeps_every_contract(copy: Path) -> None:
    done = lint_imports(copy)
    assert done.returncode == 0, done.stdout
    assert f"{len(CONTRACTS)} kept, 0 broken" in done.stdout


def test_every_contract_has_a_violation_to_plant() -> None:
    assert set(VIOLATIONS) == set(CONTRACTS)


@pytest.mark.parametrize(("contract", "files", "report"), [(contract, files, report) for contract, cases in VIOLATIONS.items() for files, report in cases])
def test_a_planted_import_turns_its_contract_red(copy: Path, contract: str, files: dict[str, str], report: str) -> None:
    with planted(copy, files):
        done = lint_imports(copy, contract)
    assert done.returncode == 1, done.stdout
    assert report in done.stdout
    assert "0 kept, 1 broken" in done.stdout


@pytest.mark.parametrize("contract", ["pure", "words", "scapy", "pydantic"])
def test_every_forbidden_name_bites(copy: Path, contract: str) -> None:
    """A misspelt name would be accepted and forbid nothing."""
    names = CONTRACTS[contract]["forbidden_modules"]
    with planted(copy, {"model/planted.py": "\n".join(f"import {name}" for name in names)}):
        report = lint_imports(copy, contract).stdout
    missing = [name for name in names if f"model.planted -> {name} " not in report]
    assert missing == []
    assert [name for name in names if importlib.util.find_spec(name) is None] == []


def test_the_wildcards_match_something(copy: Path) -> None:
    """An independence contract over nothing is kept for ever."""
    assert len(list((copy / "detectors").glob("*.py"))) >= 3


def foreign(path: Path) -> list[str]:
    """Packages a file imports that are neither Python's nor ours."""
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    tops = {name.partition(".")[0] for name in names}
    return sorted(tops - set(sys.stdlib_module_names) - set(PACKAGES))


def test_model_and_detectors_need_msgspec_alone(copy: Path) -> None:
    files = [*(copy / "model").rglob("*.py"), *(copy / "detectors").rglob("*.py")]
    assert len(files) > 10
    assert {name for path in files for name in foreign(path)} == {"msgspec"}
    with planted(copy, {"model/text.py": "from numpy import array"}):
        assert foreign(copy / "model/text.py") == ["msgspec", "numpy"]


def imported(path: Path) -> set[str]:
    """Every module a file names in an import, ours and others'."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def assert_imports_only_itself(folder: Path) -> None:
    """Python's library, scapy, and modules of the folder (docs/decisions/011)."""
    for path in folder.rglob("*.py"):
        strange = {
            name
            for name in imported(path)
            if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(("scapy.layers.", "scapy.utils", "collector.probe"))
        }
        assert strange == set(), path


def test_the_program_that_sends_probes_is_one_of_its_own(copy: Path) -> None:
    assert len(list((copy / "collector/probe").glob("*.py"))) > 4
    assert_imports_only_itself(copy / "collector/probe")
    with planted(copy, {"collector/probe/wire.py": "from collector import vantage"}), pytest.raises(AssertionError, match=r"\{'collector'\}"):
        assert_imports_only_itself(copy / "collector/probe")
    assert all("SPDX-License-Identifier: GPL-2.0-only" in path.read_text().splitlines()[0] for path in (copy / "collector/probe").glob("*.py"))


def test_decoders_need_msgspec_alone(copy: Path) -> None:
    files = [path for path in (copy / "collector/decode").rglob("*.py") if not {"web", "screens"} & set(path.relative_to(copy / "collector/decode").parts)]
    assert len(files) > 5
    assert {name for path in files if path.name != "sealed.py" for name in foreign(path)} == {"msgspec"}
    # Opening a QUIC Initial is AES and HMAC, which nobody writes himself.
    assert {name for path in files if path.name == "sealed.py" for name in foreign(path)} == {"cryptography"}


def test_readers_of_screens_answers_need_a_safe_parser_besides(copy: Path) -> None:
    files = list((copy / "collector/decode/screens").rglob("*.py"))
    assert {name for path in files for name in foreign(path)} == {"msgspec", "defusedxml"}


def test_readers_of_pages_need_their_parsers_besides(copy: Path) -> None:
    files = list((copy / "collector/decode/web").rglob("*.py"))
    assert {name for path in files for name in foreign(path)} == {"msgspec", "selectolax", "tree_sitter", "tree_sitter_javascript", "ahocorasick_rs"}


def ruff(name: str, text: str, *rules: str) -> str:
    """What ruff says of a file of this name and text, by our settings."""
    command = [str(TOOLS / "ruff"), "check", "--no-cache", "--output-format", "concise", "--stdin-filename", name, *rules, "-"]
    return subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False).stdout


def use_of(name: str) -> str:
    """A line that uses a banned name under another name, as a determined hand would."""
    parts = name.split(".")
    cut = max(n for n in range(1, len(parts) + 1) if _is_module(".".join(parts[:n])))
    rest = "".join(f".{part}" for part in parts[cut:])
    return f"import {'.'.join(parts[:cut])} as other\n\nprint(other{rest})\n"


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("name", sorted(BANNED))
def test_a_banned_name_is_found(name: str) -> None:
    for place in ("model/planted.py", "detectors/planted.py", "exporters/planted.py", "collector/sensors/planted.py"):
        said = ruff(place, use_of(name), "--select", "TID251")
        assert f"TID251 `{name}` is banned: {BANNED[name]['msg']}" in said


def test_the_clock_alone_may_read_clocks() -> None:
    text = (ROOT / "collector/clock.py").read_text()
    assert "TID251" not in ruff("collector/clock.py", text)
    assert "TID251" in ruff("collector/other.py", text)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("BLE001", "try:\n    f()\nexcept Exception:\n    g()\n"),
        ("E722", "try:\n    f()\nexcept:\n    g()\n"),
        ("PTH123", 'open("x")\n'),
        ("DTZ006", "import datetime\n\ndatetime.datetime.fromtimestamp(0)\n"),
        ("ANN001", "def f(x) -> None:\n    g(x)\n"),
        ("T201", "print(1)\n"),
        ("ERA001", "# x = f(1)\n"),
        ("TID252", "from . import text\n"),
        ("S602", 'import subprocess\n\nsubprocess.run("ls", shell=True)\n'),
        ("S608", 'q = f"SELECT * FROM t WHERE a = {x}"\n'),
        ("D103", "def f() -> None:\n    g()\n"),
        ("RUF100", "x = 1  # noqa: E501 - nothing is wrong here\n"),
    ],
)
def test_a_habit_to_avoid_is_found(rule: str, text: str) -> None:
    assert rule in ruff("detectors/planted.py", text)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no-untyped-def", "def f(x):\n    return x\n"),
        ("return-value", "def f() -> int:\n    return ''\n"),
        ("no-any-return", "from typing import Any\n\n\ndef f(x: Any) -> int:\n    return x\n"),
        ("ignore-without-code", "x: int = ''  # type: ignore\n"),
    ],
)
def test_types_are_strict(tmp_path: Path, code: str, text: str) -> None:
    (tmp_path / "planted.py").write_text(text)
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", os.devnull, "planted.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert f"[{code}]" in done.stdout
