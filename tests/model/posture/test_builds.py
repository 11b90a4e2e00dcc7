"""The dated table of updates: what lies beyond it is newer, never unpatched, and an edition that is not known is not told wrongly."""

import pytest

from model.posture.builds import Builds, OfficeEnd, Release, SupportEnd, edition_class

TABLE = Builds(
    as_of=300,
    releases=(Release(19045, 10, 100), Release(19045, 20, 130), Release(26100, 5, 200), Release(26100, 9, 300)),
    ends=(
        SupportEnd(build=19045, label="10 22H2", ends=140, paid=900),
        SupportEnd(build=26100, label="11 24H2 (W)", ends=400, edition="home"),
        SupportEnd(build=26100, label="11 24H2 (E)", ends=500, edition="enterprise"),
    ),
    office=(OfficeEnd(version="office-2016", label="Office 2016", ends=150),),
)


@pytest.mark.parametrize(
    ("build", "revision", "day"),
    [
        (19045, 10, 100),
        (19045, 15, 100),
        (19045, 20, 130),
        (19045, 21, None),
        (26100, 4, None),
        (26100, 9, 300),
        (26100, 10, None),
        (22631, 10, None),
        (99999, 1, None),
        (1, 1, None),
    ],
)
def test_a_revision_has_the_day_of_the_update_it_came_with(build, revision, day):
    assert TABLE.released(build, revision) == day


def test_the_newest_update_of_a_build():
    assert TABLE.newest(19045) == Release(19045, 20, 130)
    assert TABLE.newest(26100) == Release(26100, 9, 300)
    assert TABLE.newest(22631) is None
    assert Builds().newest(19045) is None
    assert TABLE.oldest(26100) == Release(26100, 5, 200)
    assert TABLE.oldest(22631) is None
    assert TABLE.oldest(99999) is None
    assert Builds().released(19045, 10) is None


@pytest.mark.parametrize(("edition", "ends"), [("home", 400), ("enterprise", 500), ("", 500), ("long_term", 500)])
def test_support_ends_by_edition(edition, ends):
    line = TABLE.support(26100, edition)
    assert line is not None
    assert line.ends == ends


def test_support_of_one_line_for_all_editions_and_of_an_unknown_build():
    line = TABLE.support(19045, "home")
    assert line is not None
    assert (line.ends, line.paid) == (140, 900)
    assert TABLE.support(1, "home") is None
    office = TABLE.office_end("office-2016")
    assert office is not None
    assert office.ends == 150
    assert TABLE.office_end("office-365") is None


@pytest.mark.parametrize(
    ("edition", "known"),
    [
        ("Professional", "home"),
        ("Core", "home"),
        ("CoreSingleLanguage", "home"),
        ("ProfessionalEducation", "home"),
        ("Microsoft Windows 11 Pro", "home"),
        ("Microsoft Windows 10 Home Single Language", "home"),
        ("Enterprise", "enterprise"),
        ("Education", "enterprise"),
        ("EnterpriseS", "long_term"),
        ("IoTEnterpriseS", "long_term"),
        ("Microsoft Windows 10 Enterprise LTSC", "long_term"),
        ("ServerStandard", ""),
        ("", ""),
    ],
)
def test_what_an_edition_is(edition, known):
    assert edition_class(edition) == known
