"""The store as the page reads it."""

import gzip
import os
import re
import stat
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest

from collector.portalpage import PageEvidence
from collector.sensors.portals.evidence import Recorded, Store, Story
from model.ledger import Change
from model.times import SECOND
from model.verdict import Evidence
from tests.journal.made import finding

ROOT = Path(__file__).parents[3]
AT = 1_760_000_000 * SECOND
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9


class Clock:
    def now(self):
        return AT

    def monotonic(self):
        return 0.0


@pytest.fixture
def open_path():
    """A folder that other users may go through."""
    with tempfile.TemporaryDirectory(prefix="vonggac-test-") as name:
        yield Path(name)


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


# The interpreter may lie where only its owner can go: all is imported before the process becomes somebody else.
_AS = """
import os, sys
from pathlib import Path
from collector.portalpage import PageEvidence
from tests.portals.evidence import test_page
folder, what, user, group, umask = sys.argv[1:6]
store = test_page.Store(Path(folder), 1 << 24, test_page.Clock())
os.umask(int(umask, 8))
os.setgroups([int(other) for other in sys.argv[6:]])
os.setgid(int(group))
os.setuid(int(user))
try:
    print(test_page.kept(store, "a", test_page.PNG) if what == "keep" else PageEvidence(store, {}).picture(what) == test_page.PNG)
except OSError as error:
    print(error.strerror)
"""
PORTALS, WEB, SHARED, ALL = 60_001, 60_002, 60_003, 60_004


def done_by(user, folder, what, *groups):
    argv = [sys.executable, "-c", _AS, folder, what, str(user), str(ALL), "027", *map(str, groups)]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@pytest.mark.root
def test_the_page_apart_reads_what_the_portals_service_keeps_and_nobody_else_does(open_path):
    # As deploy/deb/tmpfiles.conf makes it.
    folder = open_path / "evidence"
    folder.mkdir()
    open_path.chmod(0o755)
    os.chown(folder, PORTALS, SHARED)
    folder.chmod(0o2750)
    name = done_by(PORTALS, folder, "keep")
    assert done_by(WEB, folder, name, SHARED) == "True"
    assert done_by(WEB, folder, name) == "Permission denied"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {(path.stat().st_uid, path.stat().st_gid, stat.S_IMODE(path.stat().st_mode)) for path in files} == {(PORTALS, SHARED, 0o640)}


def test_a_record_that_says_it_is_endless_is_no_picture(store):
    name = kept(store, "a", PNG)
    whole = gzip.decompress(store.warc(name).read_bytes())
    store.warc(name).write_bytes(gzip.compress(re.sub(rb"Content-Length: \d+", b"Content-Length: 99999999999", whole)))
    assert PageEvidence(store, {}).picture(name) is None


def test_a_folder_that_is_not_there_yet_holds_nothing(store):
    assert PageEvidence(store, {}).picture("0" * 24) is None


def test_nothing_kept_makes_no_package(store, tmp_path):
    assert not PageEvidence(store, {}).package(told("0" * 24), tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
