"""A centre's PCs in the field: what the province makes for them, put where the package wants it, and PCs that report as osquery does."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

from collector.simosquery.tables import FAULTS
from tests.lab.lab import Host, Process
from tests.system.program import VONGGAC

# In config.toml, under [endpoints].
OPTIONS = 'enabled = true\ntopics_at_once = 50\ncatalogue_keys = ["catalogue.pub"]\n'
# With this seed none of them needs more than an evening to show.
_SEED, _FAULTS = 4, 2


class Centre:
    """Two PCs of a site whose box has `address`, and the faults that are put into each."""

    def __init__(self, folder: Path, site: str, address: str) -> None:
        self._folder = folder / "tinh"
        self._folder.mkdir()
        self._made("keygen", "--out", "ca")
        self._made("enroll-kit", "--site", site, "--count", "2", "--box", address, "--ca", "ca", "--out", "bo")
        self._made("catalogue", "keygen", "--out", "khoa")
        self._made("catalogue", "render", "--province", "37", "--key", "khoa/catalogue.key", "--out", "bo-cau-hoi.json")
        self._server = f"https://{address}:8471"

    def _made(self, *words: str) -> None:
        subprocess.run([VONGGAC, "endpoints", *words], cwd=self._folder, check=True, capture_output=True)

    def carry(self, etc: Path) -> None:
        """What the box is given, as docs/endpoint.md and docs/packaging.md say: its four secret files, the public key, the roster."""
        given = {"certificate": "bo/hop/server.pem", "key": "bo/hop/server.key", "ca": "bo/hop/ca.pem", "catalogue": "bo-cau-hoi.json"}
        for name, file in given.items():
            shutil.copy(self._folder / file, etc / "secrets/endpoints" / name)
            (etc / "secrets/endpoints" / name).chmod(0o600)
        for file, place in (("khoa/catalogue.pub", "catalogue.pub"), ("bo/enrolled.csv", "declared/enrolled.csv")):
            shutil.copy(self._folder / file, etc / place)
            (etc / place).chmod(0o644)

    def switch_on(self, host: Host) -> Process:
        """Both PCs, behind one address."""
        told = ["--server", self._server, "--catalogue", self._folder / "bo-cau-hoi.json", "--key", self._folder / "khoa/catalogue.pub"]
        return host.popen([VONGGAC, "sim-osquery", self._folder / "bo", *told, "--faults", str(_FAULTS), "--seed", str(_SEED), "--spread", "1"])

    def faults(self) -> set[tuple[str, str]]:
        """PC and rule of each."""
        dice = random.Random(_SEED)
        put = {folder.name: dice.sample(sorted(FAULTS), _FAULTS) for folder in sorted((self._folder / "bo/may").iterdir())}
        return {(name, FAULTS[fault][0]) for name, faults in put.items() for fault in faults}
