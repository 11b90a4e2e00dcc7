"""What a command imports: its own needs and no others', since a short replay is mostly its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from collector.cli.app import MODULES, program

ROOT = Path(__file__).parents[2]
CAPTURE = ROOT / "tests" / "cases" / "lab" / "cast-idle" / "capture.pcap"

REPORT = """
import sys
from collector.cli.app import app
sys.argv = ["vonggac", "replay", "--format", "json", sys.argv[1]]
try:
    app()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def names(commands: typer.Typer) -> set[str]:
    own = {command.name or command.callback.__name__ for command in commands.registered_commands if command.callback}
    return own | {str(group.name) for group in commands.registered_groups}


def test_every_command_has_its_module_and_comes_alone_or_with_all() -> None:
    assert names(program()) == names(program("no such command")) == set(MODULES)
    for asked in MODULES:
        found = names(program(asked))
        assert asked in found
        assert found == {name for name, module in MODULES.items() if module == MODULES[asked]}


def test_a_replay_imports_nothing_of_the_services() -> None:
    done = subprocess.run([sys.executable, "-c", REPORT, str(CAPTURE)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert '"VG-NET-02"' in done.stdout
    assert {"collector.replay", "msgspec"} <= loaded
    assert not loaded & {"aiohttp", "elasticsearch", "jinja2", "netaddr", "prometheus_client", "pydantic", "rich", "sqlite3"}
    assert not loaded & {"collector.service", "collector.journal", "collector.sockets", "collector.config"}


@pytest.mark.parametrize("word", ["--help", "repla"])
def test_help_and_mistakes_know_all_commands(word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from collector.cli import main; main()", word], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert "replay" in done.stdout + done.stderr
    assert "explain" in done.stdout + done.stderr
