"""Who is called when: levels, maintenance, a box within a fleet."""

import logging

import msgspec
import pytest

from exporters import maintenance
from exporters.maintenance import LONGEST, Window, Windows
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Severity, Urgency
from tests.exporters.calling import House, finding_of, page, row
from tests.exporters.samples import AT

TAKEOVER = {"severity": Severity.CRITICAL, "detector": "VG-NET-03"}
SECOND_LEVEL = {"level": 2, "after": 15 * MINUTE}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


async def became(house, people, one):
    """What becomes of a row without its finding being set to how the row has it."""
    (receipt,) = await people.tell([one], house.deliver)
    return receipt.outcome, receipt.after


async def test_the_second_level_hears_only_when_nobody_took_it_in_time(house):
    people, one = house.audience(**SECOND_LEVEL), page(1, at=AT)
    house.stand(finding_of(one))
    assert await became(house, people, one) == ("later", 15 * MINUTE)
    house.now += 10 * MINUTE
    assert await became(house, people, one) == ("later", 5 * MINUTE)
    house.now += 5 * MINUTE
    assert await became(house, people, one) == ("accepted", 0)
    assert "CHƯA AI TIẾP NHẬN SAU 15 PHÚT" in house.texts()[0].splitlines()[0]
    # Whoever was called hears the end.
    assert await house.tell(people, page(2, "resolved", of=1, sequence=2)) == ["accepted"]
    assert [message.about.step for message in house.heard] == ["opened", "resolved"]


@pytest.mark.parametrize(
    "became_of_it", [{"owner": "Lan"}, {"state": "accepted", "owner": "Lan"}, {"state": "resolved"}, {"state": "lapsed"}, {"urgency": Urgency.TICKET}], ids=str
)
async def test_what_was_taken_or_is_over_or_wakes_nobody_any_more_calls_no_further_level(house, became_of_it):
    people, one = house.audience(**SECOND_LEVEL), page(1)
    house.stand(msgspec.structs.replace(finding_of(one), **became_of_it))
    house.now += 15 * MINUTE
    assert await became(house, people, one) == ("accepted", 0)
    # Nor does it hear of an end.
    assert await house.tell(people, page(2, "resolved", of=1, sequence=2), page(3, "acknowledged", of=3)) == ["accepted"] * 2
    assert house.heard == []


async def test_a_ticket_calls_no_further_level(house):
    assert await house.tell(house.audience(**SECOND_LEVEL), row(1)) == ["accepted"]
    assert house.heard == []


async def test_after_a_restart_the_level_still_waits_and_then_hears(house):
    one = page(1)
    house.stand(finding_of(one))
    assert await became(house, house.audience(**SECOND_LEVEL), one) == ("later", 15 * MINUTE)
    house.now += 20 * MINUTE
    assert await became(house, house.audience(**SECOND_LEVEL), one) == ("accepted", 0)
    assert len(house.heard) == 1


async def test_the_present_is_not_asked_for_the_first_level(house):
    await house.tell(house.audience(), *(page(n) for n in range(50)))
    assert house.reads == 0


async def test_in_maintenance_nobody_is_called_and_after_it_only_of_what_is_still_open(house):
    house.maintain()
    people = house.audience()
    rows = [page(1), page(2)]
    assert await house.tell(people, *rows) == ["later"] * 2
    assert house.heard == []
    house.now += HOUR
    house.stand(finding_of(page(3, "resolved", of=2, sequence=2)))
    assert [await became(house, people, one) for one in (*rows, page(3, "resolved", of=2, sequence=2))] == [("accepted", 0)] * 3
    (message,) = house.heard
    assert message.about.finding.id == finding_of(rows[0]).id
    assert "VẪN CÒN MỞ SAU BẢO TRÌ" in house.texts()[0].splitlines()[0]


async def test_what_changed_in_the_window_is_told_once_as_it_stands(house):
    house.maintain()
    people = house.audience()
    opened, worse = page(1, severity=Severity.MEDIUM), page(2, "updated", of=1, sequence=2, severity=Severity.HIGH, at=AT + MINUTE)
    assert await house.tell(people, opened) == ["later"]
    house.stand(finding_of(worse))
    house.now += HOUR
    assert [await became(house, people, one) for one in (opened, worse)] == [("accepted", 0)] * 2
    (message,) = house.heard
    assert (message.id, message.about.step, message.about.finding.severity) == ("row-2", "opened", "high")


async def test_what_was_told_before_the_window_is_told_as_over_within_it(house):
    people = house.audience()
    await house.tell(people, page(1))
    house.maintain()
    assert await house.tell(people, page(2, "resolved", of=1, sequence=2)) == ["accepted"]
    assert [message.about.step for message in house.heard] == ["opened", "resolved"]


@pytest.mark.parametrize("fields", [TAKEOVER, {"severity": Severity.CRITICAL, "detector": "VG-WEB-01"}], ids=lambda fields: fields["detector"])
async def test_a_takeover_is_never_held_unless_the_window_names_its_rule(house, fields):
    house.maintain()
    assert await house.tell(house.audience(), page(1, **fields)) == ["accepted"]
    house.maintain(detector=fields["detector"])
    assert await house.tell(house.audience(), page(2, **fields)) == ["later"]


async def test_a_window_is_for_its_site_its_rule_and_its_time(house):
    people = house.audience()
    for number, fields in enumerate([{"site": "xa-b"}, {"detector": "VG-NET-08"}, {"begins": AT + 1}, {"ends": AT}]):
        house.maintain(**fields)
        assert await house.tell(people, page(number)) == ["accepted"], fields


async def test_a_window_that_is_ended_early_lets_go_at_once(house):
    house.maintain(ends=AT + DAY)
    people = house.audience()
    (receipt,) = await people.tell([page(1)], house.deliver)
    assert (receipt.outcome, receipt.after) == ("later", 20 * SECOND)
    house.now += MINUTE
    house.maintain(ends=house.now, ended_by="Lan")
    assert await house.tell(people, page(1)) == ["accepted"]
    assert "VẪN CÒN MỞ SAU BẢO TRÌ" in house.texts()[0]


async def test_the_levels_wait_anew_after_maintenance(house):
    house.maintain()
    people = house.audience(**SECOND_LEVEL)
    house.stand(finding_of(page(1)))
    house.now += HOUR
    assert await became(house, people, page(1)) == ("later", 15 * MINUTE)


async def test_windows_that_cannot_be_read_hold_nothing_and_are_said_once(house, caplog):
    house.folder.joinpath(maintenance.NAME).write_text("{")
    people = house.audience()
    with caplog.at_level(logging.ERROR):
        assert await house.tell(people, page(1), page(2)) == ["accepted"] * 2
    assert len(caplog.records) == 1
    assert maintenance.NAME in caplog.text


def test_windows_long_over_are_forgotten(tmp_path):
    path = tmp_path / "windows"
    old = Window(id="a", site="xa-a", begins=AT, ends=AT + DAY, by="Lan", why="x")
    maintenance.write(path, [old, msgspec.structs.replace(old, id="b", ends=AT + LONGEST)], AT + 31 * DAY + 1)
    assert [window.id for window in Windows(path).all()] == ["b"]


async def test_within_a_fleet_a_box_calls_people_for_takeovers_alone(house):
    people = house.audience(in_fleet=True)
    rows = [
        page(1, **TAKEOVER),
        page(2, severity=Severity.CRITICAL, detector="VG-WEB-02"),
        page(3, severity=Severity.HIGH, detector="VG-NET-03"),
        page(4, severity=Severity.CRITICAL, detector="VG-NET-08"),
        row(5),
    ]
    assert await house.tell(people, *rows) == ["accepted"] * 5
    assert [message.id for message in house.heard] == ["row-1", "row-2"]
    # Of what it told it tells the end, under the finding's own id, which is the province's too.
    assert await house.tell(people, page(9, "resolved", of=1, sequence=2, **TAKEOVER)) == ["accepted"]
    assert house.heard[-1].about.finding.id == finding_of(rows[0]).id
