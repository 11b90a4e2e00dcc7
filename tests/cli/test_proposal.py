"""`assets propose`: a draft for a person, in the form the declared folder reads, with nothing in it that is not equipment."""

from __future__ import annotations

import pytest

from collector.cli import proposal
from collector.cli.places import Places
from collector.cli.say import Refusal
from collector.declared import load
from collector.engine import Engine
from collector.vendors import vendor_of
from detectors.unlisted_device import UnlistedDevice
from model import privacy
from model.declared import Declared, RegisteredAsset, Zone
from model.facts import AddressSeen, DhcpClientSeen, NameSeen
from model.site import SiteView, fold
from model.times import SECOND, local

START = 1_752_541_200 * SECOND
PC, LISTED, PHONE, CITIZEN = "00:06:5b:0d:01:12", "00:06:5b:0d:01:13", "da:a1:19:00:00:01", "00:0e:a6:0d:02:11"
WINDOWS = {"vendor_class": "MSFT 5.0", "parameters": (1, 3, 6, 15, 31, 33, 43, 44, 46, 47)}


@pytest.fixture
def heard():
    zones = (Zone(leg="can-bo", role="staff"), Zone(leg="nguoi-dan", role="citizen"))
    declared = Declared(site="xa", legs=("can-bo", "nguoi-dan"), zones=zones, register=(RegisteredAsset(mac=LISTED, name="Máy 2"),))
    view = SiteView(declared, now=START, vendor_of=vendor_of)
    fold(view, DhcpClientSeen(at=START, leg="can-bo", mac=PC, message="request", host_name="=cmd|calc", **WINDOWS))
    fold(view, DhcpClientSeen(at=START, leg="can-bo", mac=LISTED, message="request", host_name="PC-2", **WINDOWS))
    fold(view, NameSeen(at=START, leg="can-bo", mac=PHONE, name="lan.local."))
    for again in range(2):
        fold(view, AddressSeen(at=START + again, leg="nguoi-dan", mac=CITIZEN, ip="10.0.0.9"))
    assets = [privacy.kept(view, asset) for asset in view.assets.values()]
    return assets, Places({"xa": declared}, view.segments.values())


def test_only_unlisted_equipment_is_proposed_and_its_name_is_no_formula(heard):
    seen = local(START)
    assert proposal.rows(*heard) == [(PC, "cmd|calc", "staff", "windows_pc", "", "", "Dell Inc.", "can-bo", seen, seen)]


def test_the_draft_is_read_as_a_register_once_a_person_puts_it_there(heard, tmp_path):
    declared = tmp_path / "declared"
    declared.mkdir()
    (declared / "site.toml").write_text('site = "xa"\n', encoding="utf-8")
    proposal.write(declared / "register.csv", proposal.text(proposal.rows(*heard)))
    (line,) = load(declared, ("can-bo",)).register
    assert (line.mac, line.role, line.device_class) == (PC, "staff", "windows_pc")


def engine_of(tmp_path):
    """A site whose officers' leg has three devices that the empty register does not list, and its declared folder."""
    folder = tmp_path / "declared"
    folder.mkdir()
    (folder / "site.toml").write_text('site = "xa"\nedited_by = "Lan"\n[[zones]]\nleg = "can-bo"\nrole = "staff"\n', encoding="utf-8")
    (folder / "register.csv").write_text("mac,name\n", encoding="utf-8")
    engine = Engine(SiteView(load(folder, ("can-bo",)), now=START), [UnlistedDevice()])
    for number, mac in enumerate((PC, LISTED, "00:06:5b:0d:01:14")):
        engine.take(DhcpClientSeen(at=START, leg="can-bo", mac=mac, message="request", host_name=f"PC-{number}", **WINDOWS))
    return engine, folder


def test_the_signed_draft_closes_what_it_lists_as_policy_and_nothing_else(tmp_path):
    engine, folder = engine_of(tmp_path)
    assert len([finding for finding in engine.findings.values() if finding.state == "open"]) == 3
    drafted = proposal.rows(engine.view.assets.values(), Places({"xa": engine.view.declared}, engine.view.segments.values()))
    signed = [line for line in drafted if line[0] != LISTED]
    engine.taken_news()
    (folder / "register.csv").unlink()
    proposal.write(folder / "register.csv", proposal.text(signed))
    engine.declare(load(folder, ("can-bo",)))
    closed = {(change.step, *change.macs, change.finding.cause.kind, change.finding.cause.by) for change in engine.taken_news().changes}
    assert closed == {("resolved", line[0], "policy", "Lan") for line in signed}
    assert [change.macs for change in engine.standing() if change.finding.state == "open"] == [(LISTED,)]


def test_nothing_is_learnt_by_proposing(tmp_path):
    engine, folder = engine_of(tmp_path)
    before = (folder / "register.csv").read_bytes(), engine.view.declared
    proposal.rows(engine.view.assets.values(), Places({"xa": engine.view.declared}, engine.view.segments.values()))
    assert ((folder / "register.csv").read_bytes(), engine.view.declared) == before


def test_a_device_with_two_cards_is_one_line(heard, tmp_path):
    assets, places = heard
    (pc,) = (asset for asset in assets if PC in asset.macs)
    pc.macs["00:06:5b:0d:01:ff"] = pc.macs[PC]
    (line,) = proposal.rows([pc], places)
    assert line[0] == f"{PC} 00:06:5b:0d:01:ff"


def test_a_draft_somebody_works_on_is_not_written_over(heard, tmp_path):
    draft = tmp_path / "register-draft.csv"
    draft.write_text("mine", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        proposal.write(draft, proposal.text(proposal.rows(*heard)))
    assert "--out" in refused.value.text.vi
    assert draft.read_text(encoding="utf-8") == "mine"
