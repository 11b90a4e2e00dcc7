"""What the probe program is built with: locked apart, the same as in the tests, and the program runs without it."""

import re
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def pinned(name):
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", (REQUIREMENTS / name).read_text(), re.MULTILINE))


def test_its_lock_holds_scapy_alone_and_agrees_with_the_tests():
    assert pinned("probe.txt").keys() == {"scapy"}
    assert pinned("probe.txt").items() <= pinned("dev.txt").items()
    assert "scapy" not in pinned("run.txt")


def test_set_up_installs_it_with_its_hashes():
    script = (REQUIREMENTS.parent / "deploy/setup.sh").read_text()
    assert "--require-hashes -r requirements/probe.txt" in script
    assert "\nonce probe install_probe requirements/probe.txt\n" in script
