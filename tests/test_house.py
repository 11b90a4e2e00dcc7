"""House rules that no linter knows: sizes, tests that can fail, reasons beside exemptions, locks, and what the documents promise."""

from __future__ import annotations

import ast
import dataclasses
import importlib.metadata
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from collector.config import AnySink, load
from collector.config.models import Config
from collector.registry import build_all, detector_class, detector_modules

ROOT = Path(__file__).parents[1]
CODE = ("model", "detectors", "exporters", "collector", "deploy", "benchmarks")
MAX_FILE = 400
MAX_FUNCTION = 60

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


ALL = python_files(*CODE, "tests")
TESTS = [path for path in python_files("tests") if path.name.startswith("test_")]


def told(path: Path) -> str:
    return str(path.relative_to(ROOT))


def written() -> list[Path]:
    """Every text file of ours: what git tracks, or would."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split("\n")
    texts = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    return [path for path in texts if b"\0" not in path.read_bytes()[:8192]]


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def test_no_file_is_too_long() -> None:
    long = {told(path): lines for path in ALL if (lines := len(path.read_text().splitlines())) > MAX_FILE}
    assert long == {}


def test_no_function_is_too_long() -> None:
    long = {
        f"{told(path)}:{node.name}": lines for path in ALL for node in functions(path) if (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION
    }
    assert long == {}


def test_functions_are_short_as_a_rule() -> None:
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for path in python_files(*CODE) for node in functions(path))
    assert lengths[len(lengths) // 2] <= 10


# Helpers that assert say so by their names, so that a reader of the test sees where it can fail.
ASSERTING = ("assert_", "expect_")
EXPECTING = ("raises", "warns", "fail")


def is_fixture(node: Function) -> bool:
    return any("fixture" in ast.unparse(decorator) for decorator in node.decorator_list)


def can_fail(node: Function) -> bool:
    """Whether the body itself holds an assert, an expected exception, or a call of a helper whose name says that it asserts."""
    calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    names = [func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls]
    return any(isinstance(inner, ast.Assert) for inner in ast.walk(node)) or any(name in EXPECTING or name.startswith(ASSERTING) for name in names)


def toothless(source: str) -> list[str]:
    """Tests that no outcome can fail, and helpers that bear the name of one that asserts and do not."""
    claims = [node for node in ast.walk(ast.parse(source)) if isinstance(node, Function) and node.name.startswith(("test", *ASSERTING))]
    return [node.name for node in claims if not is_fixture(node) and not can_fail(node)]


def test_every_test_asserts_in_its_own_body() -> None:
    found = {told(path): names for path in python_files("tests") if (names := toothless(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        ("f()", False),
        ("check(f())", False),
        ("assert f()", True),
        ("assert_right(f())", True),
        ("helpers.expect_right(f())", True),
        ("with pytest.raises(ValueError):\n        f()", True),
    ],
)
def test_a_test_that_asserts_nothing_is_found(body: str, holds: bool) -> None:
    for name in ("test_a", "assert_a"):
        assert toothless(f"def {name}():\n    {body}\n") == ([] if holds else [name])
    assert toothless(f"@pytest.fixture\ndef test_a():\n    {body}\n") == []


BROAD = frozenset({"Exception", "BaseException"})


def is_broad(caught: ast.expr | None) -> bool:
    """Whether it takes whatever comes: bare, or one of the two roots, alone or among others."""
    return caught is None or any(isinstance(inner, ast.Name) and inner.id in BROAD for inner in ast.walk(caught))


def raises_again(handler: ast.ExceptHandler) -> bool:
    *before, last = handler.body
    ways_out = [inner for node in before for inner in ast.walk(node) if isinstance(inner, ast.Return | ast.Break | ast.Continue)]
    return isinstance(last, ast.Raise) and last.exc is None and not ways_out


def broad(source: str) -> tuple[list[int], list[int]]:
    """Lines of the supervised boundaries, and lines that take whatever comes without being one or raising it again."""
    lines, boundaries, others = source.splitlines(), [], []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and not raises_again(node):
            (boundaries if re.search(r"#.*\bboundary: \w", lines[node.lineno - 1]) else others).append(node.lineno)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress") and any(map(is_broad, node.args)):
            others.append(node.lineno)
    return boundaries, others


def part(path: Path) -> str:
    """Whose boundary it is: a sensor's, which may be many files, or the file's own."""
    return "/".join(path.relative_to(ROOT).with_suffix("").parts[: 3 if path.is_relative_to(ROOT / "collector/sensors") else None])


def test_only_supervised_boundaries_take_whatever_comes() -> None:
    found = {told(path): broad(path.read_text()) for path in python_files(*CODE)}
    assert {name: others for name, (_, others) in found.items() if others} == {}
    parts = [part(ROOT / name) for name, (boundaries, _) in found.items() for _ in boundaries]
    assert len(parts) == len(set(parts)), "one boundary a sensor"
    assert "collector/sensors/capture" in parts


@pytest.mark.parametrize(
    ("caught", "body", "outcome"),
    [
        ("except Exception:", "g()", "others"),
        ("except:", "g()", "others"),
        ("except (OSError, BaseException) as e:", "raise ValueError from e", "others"),
        ("except BaseException:", "return g()\n        raise", "others"),
        ("except Exception:  # boundary: ", "g()", "others"),
        ("except Exception:  # noqa: BLE001 - boundary: why", "g()", "boundaries"),
        ("except BaseException:", "g()\n        raise", "neither"),
        ("except OSError:", "g()", "neither"),
        ("except OSError:", "with contextlib.suppress(Exception): g()", "others"),
    ],
)
def test_what_takes_whatever_comes_is_found(caught: str, body: str, outcome: str) -> None:
    boundaries, others = broad(f"def f():\n    try:\n        h()\n    {caught}\n        {body}\n")
    assert (bool(boundaries), bool(others)) == (outcome == "boundaries", outcome == "others")


# Written in pieces, so that this file may be searched too.
UNWANTED = {
    "an unfinished note": r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b",
    "a path of one machine": r"(?<![\w.$}/-])/(wo" + r"rk|ro" + r"ot)/|/home/[a-z]",
    "a registry's host": r"py"
    + r"pi\.org|python"
    + r"hosted|registry\.np"
    + r"mjs|repo1?\.mav"
    + r"en|(deb|security)\.deb"
    + r"ian|proxy\.gol"
    + r"ang|crates\.i"
    + r"o\b",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_nothing_unwanted_is_written(what: str) -> None:
    found = [
        f"{told(path)}:{number}: {line.strip()[:120]}"
        for path in written()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        if re.search(UNWANTED[what], line)
    ]
    assert found == [], what


def test_every_exemption_has_its_reason() -> None:
    bare = re.compile(
        r"#\s*noqa(?!:)|#\s*noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\s*(?!.*-\s*\w)|type:\s*ignore(?!\[)|type:\s*ignore\[[\w, -]+\]\s*(?!\s*#\s*\w{2}|\s*-\s*\w)"
    )
    found = [
        f"{told(path)}:{number}: {line.strip()[:140]}"
        for path in python_files(*CODE)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []
    for line in ("x  # noqa", "x  # noqa: E501", "x  # type: ignore", "x  # type: ignore[arg-type]"):
        assert bare.search(line), line
    for line in (
        "x  # noqa: E501 - a URL",
        "x  # noqa: E501, D103 - a URL",
        "x  # type: ignore[arg-type] # it is one",
        "x  # type: ignore[a]  # noqa: S1 - why",
    ):
        assert not bare.search(line), line


def sections(text: str) -> dict[str, str]:
    """config.toml in pieces, by table; a sink's by its type. Commented tables count."""
    found: dict[str, str] = {"": ""}
    name = ""
    for line in text.splitlines():
        if heading := re.fullmatch(r"(?:# )?\[\[?([\w.]+)\]\]?", line):
            name = heading[1]
        elif name == "sinks" and (kind := re.fullmatch(r'# type = "([\w-]+)"', line)):
            name = f"sinks.{kind[1]}"
        found[name] = found.get(name, "") + line + "\n"
    return found


def shown_defaults(text: str) -> dict[str, Any]:
    """What the lines with a single # say, as TOML."""
    return tomllib.loads("\n".join(re.sub(r"^# ", "", line) for line in text.splitlines() if not line.startswith("##")))


def tables() -> dict[str, type[BaseModel]]:
    tables = {
        name: field.annotation for name, field in Config.model_fields.items() if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }
    sinks = {f"sinks.{name}": sink for name, sink in sink_tables().items()}
    return {**tables, "legs": Config.model_fields["legs"].annotation.__args__[0], **sinks}  # type: ignore[union-attr]


def sink_tables() -> dict[str, type[BaseModel]]:
    """Every kind of sink by its type, in the order of the union."""
    union, _ = get_args(AnySink)
    return {get_args(kind.model_fields["type"].annotation)[0]: kind for kind in get_args(union)}


def test_config_toml_works_as_it_stands_and_with_everything_uncommented(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text()
    assert load(ROOT / "config.toml").model_copy(update={"sinks": ()}).web.port == 8470
    (tmp_path / "config.toml").write_text("\n".join(re.sub(r"^# ", "", line) for line in text.splitlines()))
    assert [sink.type for sink in load(tmp_path / "config.toml").sinks] == list(sink_tables())


@pytest.mark.parametrize("table", sorted(tables()))
def test_config_toml_shows_every_option_of(table: str) -> None:
    text = sections((ROOT / "config.toml").read_text())[table]
    for option in tables()[table].model_fields:
        assert re.search(rf"^##? {option} = ", text, re.MULTILINE), f"[{table}] {option} is not in config.toml"


@pytest.mark.parametrize("table", sorted(tables()))
def test_config_toml_shows_the_real_defaults_of(table: str) -> None:
    text = sections((ROOT / "config.toml").read_text())[table]
    body = "\n".join(line for line in text.splitlines() if not re.match(r"(# )?\[", line))
    for key, value in shown_defaults(body).items():
        field = tables()[table].model_fields[key]
        if field.is_required() or field.default is None:
            continue  # an example, for there is no default
        default = list(field.default) if isinstance(field.default, tuple) else field.default
        assert value == default, f"[{table}] {key}"


def test_config_toml_shows_the_top_options() -> None:
    text = sections((ROOT / "config.toml").read_text())[""]
    for option in ("language", "state_dir", "declared"):
        assert shown_defaults(text)[option] == Config.model_fields[option].default
    assert set(Config.model_fields) <= set(sections((ROOT / "config.toml").read_text())) | {"language", "state_dir", "declared", "sinks", "detectors"}


@pytest.mark.parametrize("module", detector_modules())
def test_config_toml_shows_every_detector_with_its_defaults(module: str) -> None:
    kind = detector_class(module)
    made = kind()
    names = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type] # each detector is a dataclass
    shown = shown_defaults((ROOT / "config.toml").read_text()).get("detectors", {}).get(module, {})
    assert {name: shown.get(name) for name in names} == {name: plain(getattr(made, name)) for name in names}


def plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value


def test_every_detector_has_a_row_in_its_document() -> None:
    text = (ROOT / "docs/detectors.md").read_text()
    for detector in build_all():
        assert re.search(rf"^\|\s*`?{detector.about.id}`?\s*\|", text, re.MULTILINE), f"{detector.about.id} has no row in docs/detectors.md"


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    assert "--index-url" not in text
    entries = re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==(\S+)((?:.*\\\n)(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)?", text, re.MULTILINE)
    for package, _, hashes in entries:
        assert hashes, f"{package} in {name} has no hash"
    return {package: version for package, version, _ in entries}


def test_the_locks_agree() -> None:
    run, dev = pins("run.txt"), pins("dev.txt")
    assert len(run) > 20
    assert run.items() <= dev.items()
    for beside in (pins("build.txt"), pins("play.txt"), pins("fuzz.txt")):
        both = dev.keys() & beside.keys()
        assert {name: dev[name] for name in both} == {name: beside[name] for name in both}


def test_the_locks_hold_what_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [re.split(r"[\[<>=~! ]", name)[0].lower() for name in project["project"]["dependencies"]]
    assert set(asked) <= set(pins("run.txt"))
    backend = [re.split(r"[<>=]", name)[0] for name in project["build-system"]["requires"]]
    assert set(backend) <= set(pins("build.txt"))
    for kind in ("dev", "play", "fuzz", "audit"):
        tools = [line.split("#")[0].strip().lower() for line in (ROOT / f"requirements/{kind}.in").read_text().splitlines()]
        assert {re.split(r"[\[<>=~! ]", name)[0] for name in tools if name and not name.startswith("-")} <= set(pins(f"{kind}.txt"))


def scripts() -> list[Path]:
    return [path for path in written() if path.suffix == ".sh" or path == ROOT / ".ci/run"]


def test_every_script_stops_at_its_first_error() -> None:
    assert ROOT / ".ci/run" in scripts()
    for path in scripts():
        text = path.read_text()
        assert re.match(r"#!(/usr/bin/env |/bin/)bash\n", text), told(path)
        assert "\nset -euo pipefail\n" in text, told(path)
        assert path.stat().st_mode & 0o100, f"{told(path)} is not executable"
        assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0, told(path)


def test_every_package_of_debian_stands_on_a_line_of_its_own() -> None:
    for path in (ROOT / "deploy").glob("apt-*.txt"):
        names = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
        names = [name for name in names if name]
        assert all(re.fullmatch(r"[a-z0-9][a-z0-9.+-]+", name) for name in names), told(path)
        assert len(names) == len(set(names)), told(path)


@pytest.mark.parametrize("package", sorted(pins("run.txt")))
def test_no_library_of_the_program_is_under_the_gpl(package: str) -> None:
    """docs/decisions/002: GPL-2.0-only does not combine with Apache-2.0. The LGPL does."""
    try:
        metadata = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("for another platform")
    said = [str(metadata["License-Expression"] or ""), str(metadata["License"] or ""), *(metadata.get_all("Classifier") or [])]
    terms = " ".join(line for line in said if "License" in line or "::" not in line)
    assert terms.strip(), "no licence is stated"
    assert not re.search(r"(?<!L)GPL|General Public License v|(?<!Lesser )General Public License", terms)
