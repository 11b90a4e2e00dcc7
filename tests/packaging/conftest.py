"""The Debian package, built once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Wheels by their locked hashes; fetched once (deploy/deb/wheels.sh).
WHEELS = Path(os.environ.get("VONGGAC_WHEELS", Path.home() / ".cache/vonggac-wheels"))


def build(out: Path) -> Path:
    """The package of this checkout."""
    subprocess.run([ROOT / "deploy/deb/wheels.sh", WHEELS], check=True, capture_output=True, timeout=300)
    # Packed without trouble: three quarters of the work would go into a smaller file, and nobody downloads this one.
    argv = [sys.executable, ROOT / "deploy/deb/build.py", "--wheels", WHEELS, "--out", out, "--level", "0"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The .deb."""
    return build(tmp_path_factory.mktemp("deb"))


@pytest.fixture(scope="session")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What it would put on a machine, in a folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True, timeout=120)
    return folder
