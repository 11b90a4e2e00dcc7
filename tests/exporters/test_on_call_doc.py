"""What docs/on-call.md shows can be used as it stands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from collector.config import load
from tests.servers.fixtures import leave_out

DOCUMENT = (Path(__file__).parents[2] / "docs/on-call.md").read_text()


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize("block", blocks("toml"), ids=lambda block: re.search(r'type = "([\w-]+)"', block)[1])
def test_every_table_is_read(tmp_path, block):
    (tmp_path / "config.toml").write_text(block)
    (sink,) = load(tmp_path / "config.toml").sinks
    assert sink.name == sink.type.replace("_", "-")


def test_its_routes_are_alertmanagers(tmp_path):
    program = shutil.which("amtool")
    if program is None:
        leave_out("no amtool: apt-get install -y --no-install-recommends prometheus-alertmanager")
    (routes,) = blocks("yaml")
    (tmp_path / "alertmanager.yml").write_text(routes)
    checked = subprocess.run([program, "check-config", str(tmp_path / "alertmanager.yml")], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    routed = [program, "config", "routes", "test", f"--config.file={tmp_path / 'alertmanager.yml'}", "service=vonggac", "urgency=page", "alertname=VG-NET-03"]
    assert subprocess.run(routed, capture_output=True, text=True, check=True).stdout.split() == ["on-call"]
