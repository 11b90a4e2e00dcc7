"""The store as the page reads it."""

import zipfile

import msgspec
import pytest

from collector.portalpage import PageEvidence
from collector.sensors.portals.evidence import Recorded, Store, Story
from model.ledger import Change
from model.times import SECOND
from model.verdict import Evidence
from tests.journal.made import finding

AT = 1_760_000_000 * SECOND
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9


class Clock:
    def now(self):
        return AT

    def monotonic(self):
        return 0.0


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "evidence", 1 << 24, Clock())


def kept(store, look, screenshot):
    sent = Recorded(url="https://xa-a.test/", started=AT, status=200, body=b"<p>x", address="192.0.2.1")
    return store.keep(look, "xa-a", [sent], screenshot, Story(at=AT, url="https://xa-a.test/", persona="mobile"))


def told(*captures):
    made = msgspec.structs.replace(finding(1), evidence=tuple(Evidence("capture", name, AT) for name in captures))
    return Change(step="opened", at=AT, finding=made, cause=made.cause)


def test_a_picture_is_there_where_one_was_taken(store):
    page = PageEvidence(store, {})
    assert page.picture(kept(store, "a", PNG)) == PNG
    assert page.picture(kept(store, "b", None)) is None
    assert page.picture("0" * 24) is None


def test_a_package_holds_what_the_finding_cites(store, tmp_path):
    name, out = kept(store, "a", PNG), tmp_path / "out.zip"
    assert PageEvidence(store, {}).package(told(name), out)
    assert any(name in entry for entry in zipfile.ZipFile(out).namelist())


def test_nothing_kept_makes_no_package(store, tmp_path):
    assert not PageEvidence(store, {}).package(told("0" * 24), tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
