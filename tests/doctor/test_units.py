"""What `vonggac doctor` says of the package's services and of the secrets that systemd hands to them."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.config import Config, load
from collector.doctor import Check, of_credentials, of_units
from collector.doctor.units import users_at_work
from collector.sites import sites_of
from tests.system.program import Box

PACKAGE = '[sockets]\ndir = "/run/vonggac"\n'
PROBES = '[[legs]]\nname = "lan"\ninterface = "lo"\nprobes = ["dhcp"]\n'
ALWAYS = frozenset({"vonggac-core", "vonggac-collect", "vonggac-export", "vonggac-web"})


@pytest.fixture
def box() -> Iterator[Box]:
    # Short: a Unix socket's path has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Box(Path(name)).site()


def missing(config: Config, at_work: frozenset[str]) -> set[str]:
    found = list(of_units(config, sites_of(config).values(), lambda: at_work))
    assert [check.state for check in found] == (["ok"] if [check.name for check in found] == ["units"] else ["bad"] * len(found))
    assert all(f"systemctl enable {check.name}; systemctl restart vonggac.target" in check.mend.vi for check in found if check.state == "bad")
    return {check.name for check in found if check.state == "bad"}


@pytest.mark.parametrize(
    ("tables", "needed"),
    [
        ("", set()),
        (PROBES, {"vonggac-probe"}),
        (PROBES.replace("dhcp", "line") + '[probes]\necho = "https://soc.example:8471"\necho_token_file = "ma"\n', set()),
        ('[screens]\nask = ["dlna"]\n', {"vonggac-screens"}),
        ('[endpoints]\nenabled = true\ncatalogue_keys = ["a.pub"]\n', {"vonggac-endpoints"}),
    ],
    ids=["nothing more", "probes", "a line is compared by export", "screens", "PCs"],
)
def test_services_that_the_configuration_needs_and_that_do_not_run_are_named(box: Box, tables: str, needed: set[str]) -> None:
    config = load(box.write(PACKAGE, tables).config)
    assert missing(config, ALWAYS) == needed
    assert missing(config, ALWAYS | needed) == set()
    assert missing(config, frozenset()) == ALWAYS | needed


def test_portals_need_their_service_once_some_are_declared(box: Box) -> None:
    (box.folder / "declared/portals.csv").write_text("id,url,level\nxa-a,https://xa-a.test/,xã\n")
    assert missing(load(box.write(PACKAGE).config), ALWAYS) == {"vonggac-portals"}
    assert missing(load(box.write(PACKAGE, "[portals]\nenabled = false\n").config), ALWAYS) == set()


def test_nothing_is_asked_of_a_box_that_is_not_the_package_s(box: Box) -> None:
    config = load(box.write('[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\ncredential = "sinks_webhook"\n').config)
    assert list(of_units(config, sites_of(config).values(), frozenset)) == []
    assert list(of_credentials(config, box.folder)) == []


def test_whoever_runs_this_is_at_work() -> None:
    assert pwd.getpwuid(os.geteuid()).pw_name in users_at_work()


def secrets(box: Box) -> dict[str, Check]:
    return {check.name: check for check in of_credentials(load(box.config), box.folder)}


def test_secrets_that_systemd_hands_over_are_there_and_nobody_else_s(box: Box) -> None:
    webhook = '[[sinks]]\ntype = "webhook"\nurl = "https://a.example"\ncredential = "sinks_webhook"\n'
    box.write(PACKAGE, '[endpoints]\nenabled = true\ncatalogue_keys = ["a.pub"]\nca_file = "ca.pem"\n', webhook)
    given = {"sinks[webhook].credential": "sinks/webhook"} | {f"endpoints.{name}_file": f"endpoints/{name}" for name in ("certificate", "key", "catalogue")}
    found = secrets(box)
    assert {name: check.state for name, check in found.items()} == dict.fromkeys(given, "bad")
    assert str(box.folder / "secrets/sinks/webhook") in found["sinks[webhook].credential"].mend.vi
    for file in given.values():
        path = box.folder / "secrets" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        path.chmod(0o600)
    assert {check.state for check in secrets(box).values()} == {"ok"}
    (box.folder / "secrets/sinks/webhook").chmod(0o644)
    assert secrets(box)["sinks[webhook].credential"].state == "bad"
