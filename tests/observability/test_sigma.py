"""The Sigma rules and the table of ATT&CK ids: as the detectors say, and as the published list has them."""

import re

import pytest
from sigma.backends.elasticsearch import LuceneBackend
from sigma.collection import SigmaCollection

from collector.registry import build_all
from exporters.elastic.fields import FIELDS
from tests.observability.generators import ROOT, script

sigma = script("deploy/sigma/build.py")
ABOUTS = {detector.about.id: detector.about for detector in build_all()}
FILES = {path.name: path.read_text() for path in (ROOT / "deploy/sigma/rules").iterdir()}


def test_the_rules_are_what_the_detectors_say():
    assert sigma.rules() == FILES, "run deploy/sigma/build.py"


def test_the_table_is_what_the_detectors_say():
    assert sigma.table() == (ROOT / "docs/attack.md").read_text(), "run deploy/sigma/build.py"


@pytest.mark.parametrize("detector", ABOUTS)
def test_every_id_is_in_the_published_list(detector):
    about = ABOUTS[detector]
    assert about.attack
    assert set(about.attack) <= sigma.ATTACK["techniques"].keys() | sigma.ATTACK["mitigations"].keys()


def test_what_is_only_neglected_names_no_technique():
    hygiene = {"VG-COV-01", "VG-NET-01", "VG-NET-02", "VG-NET-09", "VG-NET-10", *(f"VG-END-{n:02}" for n in (2, 3, 4, 5, 6, 7, 9, 10, 11))}
    assert {detector for detector, about in ABOUTS.items() if not sigma.techniques(about)} == hygiene


def test_an_id_that_was_withdrawn_would_be_found():
    # T1155 AppleScript was revoked for T1059.002; M1012 never was.
    assert {"T1155", "M1012"}.isdisjoint(sigma.ATTACK["techniques"].keys() | sigma.ATTACK["mitigations"].keys())
    assert len(sigma.ATTACK["techniques"]) > 600


@pytest.mark.parametrize("name", FILES)
def test_every_rule_converts_to_one_query_over_fields_that_we_index(name):
    collection = SigmaCollection.from_yaml(FILES[name])
    assert not collection.errors
    (query,) = LuceneBackend().convert(collection)
    assert set(re.findall(r"([\w.]+):", query)) <= FIELDS.keys()
    (rule,) = collection.rules
    assert (rule.logsource.product, rule.logsource.service) == ("vonggac", "finding")


def test_no_two_rules_share_an_id():
    ids = [str(SigmaCollection.from_yaml(text).rules[0].id) for text in FILES.values()]
    assert len(set(ids)) == len(ids) == len(ABOUTS)
