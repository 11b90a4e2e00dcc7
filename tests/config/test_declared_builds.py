"""The dated table of updates: shipped with the product, replaced offline, refused by line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from collector import declared, declared_builds
from collector.refusal import ConfigError


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def site(folder: Path, **files: str) -> Path:
    (folder / "site.toml").write_text('site = "xa"\n')
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_the_shipped_table_says_how_far_it_goes_and_whose_it_is(tmp_path):
    shipped = declared.load(site(tmp_path)).builds
    assert shipped.as_of == day("2025-10-14")
    assert "Windows-Updatelist" in shipped.source
    assert shipped.releases == tuple(sorted(shipped.releases))


def test_a_build_and_its_revision_tell_the_day_of_its_update(tmp_path):
    shipped = declared_builds.builds(tmp_path)
    assert shipped.released(19045, 2251) == day("2022-11-08")
    assert shipped.newest(26100).revision == 6899


def test_a_revision_that_two_products_share_has_its_first_day(tmp_path):
    shipped = declared_builds.builds(tmp_path)
    pairs = [(row.build, row.revision) for row in shipped.releases]
    assert len(pairs) == len(set(pairs))


def test_ends_of_support_go_by_edition(tmp_path):
    shipped = declared_builds.builds(tmp_path)
    assert shipped.support(19045, "home").ends == day("2025-10-14")
    assert shipped.support(19045, "home").paid == day("2028-10-10")
    assert shipped.support(26100, "home").ends == day("2026-10-13")
    assert shipped.support(26100, "long_term").ends > shipped.support(26100, "enterprise").ends
    assert shipped.office_end("office-2016").ends == day("2025-10-14")


def test_the_declared_folder_replaces_each_table_by_itself(tmp_path):
    own = declared.load(site(tmp_path, windows_builds="build;revision;released\n26200;9999;2026-11-10\n")).builds
    assert own.as_of == day("2026-11-10")
    assert own.released(26200, 9999) == day("2026-11-10")
    assert own.released(19045, 2251) is None
    assert own.office_end("office-2016") is not None


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("build,revision,released\n19045,mới,2025-01-01\n", "revision"),
        ("build,revision,released\n19045,5,01/02/2025\n", "released"),
        ("build,revision,released\n-1,5,2025-01-02\n", "build"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path, text, column):
    with pytest.raises(ConfigError, match=rf"windows_builds.csv.*2.*{column}"):
        declared.load(site(tmp_path, windows_builds=text))


def test_an_edition_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"support_ends.csv.*edition"):
        declared.load(site(tmp_path, support_ends="cycle,label,build,edition,support_ends\n11,11,26100,pro,2026-01-01\n"))
