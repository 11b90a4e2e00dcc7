"""A flood is told as one, a storm as a digest, what flaps as one line; and nothing of it is lost, twice, or over before it began."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporters.fold import Bundled, Fold, fold
from exporters.message import Message, alert, brief, title
from exporters.webhook_answer import Answer
from model.ledger import Cause
from model.text import Text
from model.times import DAY, HOUR, MINUTE, SECOND
from model.verdict import Severity, Urgency
from tests.exporters.calling import PLACE, House, finding_of, members, page, row
from tests.exporters.samples import AT

CRITICAL = {"severity": Severity.CRITICAL, "detector": "VG-NET-03"}


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


async def test_a_few_are_told_each_by_itself(house):
    assert await house.tell(house.audience(), *(page(n) for n in range(3))) == ["accepted"] * 3
    assert [message.id for message in house.heard] == ["row-0", "row-1", "row-2"]


async def test_more_of_one_rule_at_one_site_are_one_message_with_count_worst_and_list(house):
    rows = [page(n, severity=Severity.CRITICAL if n == 7 else Severity.HIGH, name=f"TV-{n}") for n in range(12)]
    assert await house.tell(house.audience(), *rows) == ["accepted"] * 12
    alone, folded = house.heard
    assert alone.id == "row-7"
    assert isinstance(folded.about, Fold)
    text = house.texts()[1]
    assert text.startswith("CAO · 11 × phát hiện mới · Màn hình mở · Xã A\n")
    assert "“TV-0”, “TV-1”, “TV-2” và 8 đối tượng khác" in text
    assert text.endswith("https://vonggac.example/phat-hien?quy-tac=VG-NET-02")


async def test_critical_ones_are_told_by_themselves_then_folded_and_still_critical(house):
    await house.tell(house.audience(), *(page(n, **CRITICAL) for n in range(8)))
    assert [message.id for message in house.heard[:3]] == ["row-0", "row-1", "row-2"]
    assert house.texts()[3].startswith("NGHIÊM TRỌNG · 5 × phát hiện mới · Màn hình bị chiếm · Xã A\n")


async def test_rules_sites_steps_and_kinds_of_end_are_not_mixed(house):
    people = house.audience(group_over=1)
    begun = [page(n) for n in range(6)]
    await house.tell(people, *begun)
    house.heard.clear()
    ends = [page(10 + n, "resolved", of=n, sequence=2, cause=Cause("act", "Lan", "đã xem") if n % 2 else Cause()) for n in range(4)]
    ends += [page(20 + n, "lapsed", of=4 + n, sequence=2) for n in range(2)]
    await house.tell(people, *ends)
    assert sorted(text.partition(" · Màn")[0] for text in house.texts()) == ["2 × mất dấu", "2 × đã khắc phục", "2 × đóng bởi người phụ trách"]
    assert "Chưa có căn cứ là đã khắc phục." in next(text for text in house.texts() if "đóng bởi" in text)
    assert "không có nghĩa là đã khắc phục" in next(text for text in house.texts() if "mất dấu" in text)


async def test_a_lone_page_waits_for_nothing_and_what_follows_at_once_is_told_with_it(house):
    people = house.audience(group_wait=10 * SECOND)
    assert await house.tell(people, page(1, at=house.now)) == ["accepted"]
    house.now += SECOND
    late = [page(n, at=house.now) for n in range(2, 9)]
    assert await house.tell(people, *late) == ["later"] * 7
    house.now += 9 * SECOND
    assert await house.tell(people, *late) == ["accepted"] * 7
    assert [len(members(message)) for message in house.heard] == [1, 7]


async def test_a_critical_page_never_waits(house):
    people = house.audience(group_wait=10 * SECOND)
    for n in range(3):
        assert await house.tell(people, page(n, at=house.now, **CRITICAL)) == ["accepted"]
        house.now += SECOND


async def test_tickets_are_gathered_and_told_together(house):
    people = house.audience(group_wait=10 * SECOND)
    receipts = []
    for n in range(6):
        receipts += await people.tell([row(n, at=house.now)], house.deliver)
        house.now += SECOND
    # All of them are due when the first is.
    assert [(receipt.outcome, receipt.after // SECOND) for receipt in receipts] == [("later", 10 - n) for n in range(6)]
    house.now = AT + 10 * SECOND
    assert await house.tell(people, *(row(n, at=AT + n * SECOND) for n in range(6))) == ["accepted"] * 6
    (message,) = house.heard
    assert len(members(message)) == 6
    # The next one begins anew.
    assert await house.tell(people, row(9, at=house.now)) == ["later"]


async def test_what_waited_in_an_outage_is_not_put_off_again(house):
    people = house.audience(group_wait=10 * SECOND)
    house.now += DAY
    assert await house.tell(people, row(1)) == ["accepted"]


async def test_a_clock_that_was_set_back_silences_nobody(house):
    people = house.audience(group_wait=10 * SECOND, storm_over=1)
    await house.tell(people, page(1), page(2, detector="VG-NET-08"))
    house.now -= DAY
    assert await house.tell(people, page(3), page(4, detector="VG-NET-08")) == ["accepted"] * 2


async def test_whoever_heard_in_a_fold_hears_of_the_end_and_nobody_else_does(house):
    people = house.audience()
    await house.tell(people, *(page(n) for n in range(10)))
    house.heard.clear()
    ends = [page(100 + n, "resolved", of=n, sequence=2) for n in range(12)]
    assert await house.tell(house.audience(), *ends) == ["accepted"] * 12
    (message,) = house.heard
    assert {finding for _, finding, _ in members(message)} == {finding_of(page(n)).id for n in range(10)}
    assert house.texts()[0].startswith("10 × đã khắc phục · Màn hình mở · Xã A\n")


async def test_beyond_what_people_can_read_there_is_one_digest_for_each_window(house):
    people = house.audience(storm_over=5)
    rows = [page(n, detector=f"VG-END-{n:02}", at=house.now) for n in range(1, 12)]
    assert await house.tell(people, *rows) == ["accepted"] * 11
    assert [len(members(message)) for message in house.heard] == [1, 1, 1, 1, 1, 6]
    assert house.texts()[5].startswith("CAO · DỒN DẬP · 6 thay đổi gộp vào một tin\n")
    house.now += MINUTE
    more = [page(20 + n, detector=f"VG-NET-{n:02}", at=house.now) for n in range(4, 9)]
    receipts = await people.tell(more, house.deliver)
    assert {(receipt.outcome, receipt.after) for receipt in receipts} == {("later", 9 * MINUTE)}
    house.now += 9 * MINUTE
    # The first five are ten minutes old by now: there is room again.
    assert await house.tell(people, *more) == ["accepted"] * 5
    assert len(house.heard) == 11


async def test_a_storm_that_goes_on_is_told_by_digests_alone(house):
    people, waiting = house.audience(storm_over=2, storm_window=10 * MINUTE), []
    for minute in range(60):
        waiting += [row(minute * 10 + n, detector=f"VG-END-{n:02}", at=house.now) for n in range(1, 5)]
        receipts = await people.tell(waiting, house.deliver)
        waiting = [one for one, receipt in zip(waiting, receipts, strict=True) if receipt.outcome == "later"]
        house.now += MINUTE
    # Two by themselves in any ten minutes, and a digest of all that came since the last.
    assert len(house.heard) == 6 * 3
    assert sum(len(members(message)) for message in house.heard) + len(waiting) == 60 * 4


async def test_what_is_critical_waits_a_minute_for_the_next_digest_at_most(house):
    people = house.audience(storm_over=1)
    await house.tell(people, *(page(n, detector=f"VG-END-{n:02}") for n in range(4)))
    house.now += SECOND
    (receipt,) = await people.tell([page(9, at=house.now, **CRITICAL)], house.deliver)
    assert (receipt.outcome, receipt.after) == ("later", 59 * SECOND)


async def test_the_worst_go_by_themselves_and_the_digest_says_the_worst_first(house):
    rows = [page(1, detector="VG-NET-04", severity=Severity.LOW), page(2, detector="VG-NET-05", severity=Severity.MEDIUM), page(3, **CRITICAL)]
    await house.tell(house.audience(storm_over=1), *rows)
    assert house.heard[0].id == "row-3"
    lines = house.texts()[1].splitlines()
    assert [line[:5] for line in lines[2:4]] == ["trung", "thấp "]


async def test_a_fold_that_does_not_get_through_goes_again_as_it_was(house):
    people = house.audience()
    ids = []
    house.answer = lambda message: ids.append(message.id) or Answer("retry", "máy nhận không trả lời", outage=True)
    rows = [page(n) for n in range(10)]
    assert await house.tell(people, *rows) == ["retry"] * 10
    house.answer = lambda message: ids.append(message.id) or Answer("accepted")
    # The runner halves its batch, and more came meanwhile: the message is the same, whole, and the new ones have one of their own.
    assert await house.tell(people, *rows[:5], *(page(n) for n in range(50, 55))) == ["accepted"] * 10
    assert await house.tell(people, *rows[5:]) == ["accepted"] * 5
    assert ids[0] == ids[1]
    assert [len(members(message)) for message in house.heard] == [10, 5]


@pytest.mark.parametrize("moment", ["before it was sent", "after it was sent", "after it was written down"])
async def test_killed_between_fold_and_receipt_nothing_is_lost_or_told_under_another_id(house, moment):
    people, ids = house.audience(), []

    def killed(message):
        ids.append(message.id)
        if moment == "before it was sent":
            ids.clear()
        raise KeyboardInterrupt

    rows = [page(n) for n in range(10)]
    if moment == "after it was written down":
        await house.tell(people, *rows)
        ids += [message.id for message in house.heard]
    else:
        house.answer = killed
        with pytest.raises(KeyboardInterrupt):
            await house.tell(people, *rows)
    house.answer = lambda message: ids.append(message.id) or Answer("accepted")
    # After the restart further findings are there too, and the rows come in any number.
    assert await house.tell(house.audience(), *rows[3:], page(30)) == ["accepted"] * 8
    assert await house.tell(house.audience(), *rows[:3]) == ["accepted"] * 3
    folds = {one for one in ids if one.startswith("fold-")}
    assert len(folds) == 1
    assert ids.count("row-30") == 1
    told = [finding for message in house.heard for _, finding, _ in members(message)]
    assert sorted(told) == sorted(finding_of(page(n)).id for n in (*range(10), 30))


async def test_a_fold_that_is_refused_is_not_taken_for_told(house):
    people = house.audience()
    house.answer = lambda message: Answer("rejected", "400")
    assert await house.tell(people, *(page(n) for n in range(5))) == ["rejected"] * 5
    house.answer = lambda message: Answer("accepted")
    assert await house.tell(people, *(page(10 + n, "resolved", of=n) for n in range(5))) == ["accepted"] * 5
    assert house.heard == []


async def test_what_flaps_is_told_once_as_such_and_then_only_that_it_stays_over(house):
    people = house.audience()

    async def step(name, minute, sequence):
        house.now = AT + minute * MINUTE
        one = page(sequence, name, of=1, at=house.now, sequence=sequence)
        return one, await house.tell(people, one)

    await step("opened", 0, 1)
    await step("resolved", 5, 2)
    await step("reopened", 8, 3)
    assert "CHẬP CHỜN" in house.texts()[2].splitlines()[0]
    end, outcome = await step("resolved", 12, 4)
    assert outcome == ["later"]
    # It is open again while its end waits: neither is told.
    house.stand(finding_of(page(5, "reopened", of=1, sequence=5)))
    house.now = AT + 73 * MINUTE
    assert [receipt.outcome for receipt in await people.tell([end], house.deliver)] == ["accepted"]
    assert await house.tell(people, page(5, "reopened", of=1, at=AT + 30 * MINUTE, sequence=5)) == ["accepted"]
    assert len(house.heard) == 3
    end, outcome = await step("resolved", 75, 6)
    assert outcome == ["later"]
    house.now = AT + 140 * MINUTE
    assert await house.tell(people, end) == ["accepted"]
    assert [message.about.step for message in house.heard] == ["opened", "resolved", "reopened", "resolved"]


async def test_what_comes_back_after_an_hour_or_after_a_person_closed_it_or_is_critical_does_not_flap(house):
    for number, (fields, cause, minutes) in enumerate([({}, Cause(), 61), ({}, Cause("act", "Lan", "đã xem"), 5), (CRITICAL, Cause(), 5)], start=1):
        people = house.audience()
        house.heard.clear()
        await house.tell(people, page(number * 10, of=number, **fields))
        await house.tell(people, page(number * 10 + 1, "resolved", of=number, sequence=2, cause=cause, **fields))
        await house.tell(people, page(number * 10 + 2, "reopened", of=number, sequence=3, at=AT + minutes * MINUTE, **fields))
        assert [message.note for message in house.heard] == [None] * 3


async def test_the_memory_of_a_version_before_folds_is_read(house):
    house.folder.joinpath("told.json").write_text(f'["{finding_of(page(1)).id}"]')
    assert await house.tell(house.audience(), page(9, "resolved", of=1)) == ["accepted"]
    assert [message.about.step for message in house.heard] == ["resolved"]


STEPS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["opened", "resolved", "reopened"])), max_size=40)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, data=st.data())
async def test_whatever_fails_each_change_is_told_once_and_no_end_without_its_beginning(tmp_path_factory, steps, data):
    house = House(tmp_path_factory.mktemp("house"))
    queues: dict[int, list] = {}
    standing: dict[int, bool] = {}
    for seq, (subject, step) in enumerate(steps, start=1):
        if standing.get(subject, False) == (step == "resolved"):
            name = "opened" if subject not in standing else step
            standing[subject] = step != "resolved"
            queues.setdefault(subject, []).append(page(seq, name, of=subject, sequence=seq, at=AT + 2 * HOUR * seq))
    house.now = AT + 2 * HOUR * (len(steps) + 1)
    people, fails, rounds = house.audience(group_over=1, storm_over=3), 12, 0
    while any(queues.values()) and rounds < 300:
        rounds += 1
        outcome = data.draw(st.sampled_from(["accepted", "retry", "killed", "taken and killed"])) if fails else "accepted"
        fails -= outcome != "accepted"
        house.answer = _failing(house, outcome)
        rows = [queue[0] for queue in queues.values() if queue][: data.draw(st.integers(1, 7)) if fails else 7]
        try:
            receipts = await people.tell(rows, house.deliver)
        except KeyboardInterrupt:
            people = house.audience(group_over=1, storm_over=3)
            continue
        house.now += 11 * MINUTE
        for receipt in receipts:
            if receipt.outcome == "accepted":
                queue = next(queue for queue in queues.values() if queue and queue[0].seq == receipt.seq)
                queue.pop(0)
    assert not any(queues.values())
    messages = {message.id: members(message) for message in house.heard}
    told = [one for message in messages.values() for one in message]
    assert len({row_id for row_id, _, _ in told}) == len(told)
    begun: dict[str, bool] = {}
    for _, finding, step in sorted(told, key=lambda one: int(one[0].removeprefix("row-"))):
        assert begun.get(finding, False) == (step == "resolved")
        begun[finding] = step != "resolved"
    assert begun == {finding_of(page(0, of=subject)).id: stands for subject, stands in standing.items()}


def _failing(house, outcome):
    def answer(message):
        if outcome == "taken and killed":
            house.heard.append(message)
            raise KeyboardInterrupt
        if outcome == "killed":
            raise KeyboardInterrupt
        return Answer(outcome, outage=outcome == "retry")

    return answer


HOSTILE = "<!channel> @here\r\n**http://evil.example/**\u202e\x1b[2J"


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(2, 60), st.booleans())
def test_hostile_names_stay_harmless_and_the_text_within_its_bound(name, count, digest):
    rows = [page(n, name=HOSTILE + name, severity=Severity.HIGH, detector=f"VG-NET-{n % 9:02}" if digest else "VG-NET-02") for n in range(count)]
    made = fold([Bundled(row=one, change=one.document.change) for one in rows], digest=digest)
    message = Message(id=made.id, about=made)
    for language in ("vi", "en"):
        text = alert(message, language, PLACE)
        assert len(text) <= 699
        assert "http://" not in text
        assert "evil.example" not in text
        assert all(line.isprintable() for line in text.splitlines())
        assert name.strip() == "" or "TV" not in title(message, language, PLACE)
        assert "evil" not in brief(message, language, PLACE)
        assert PLACE.name not in brief(message, language, PLACE)
    assert re.search(r"/phat-hien(\?|$)", text)


def test_a_note_stands_in_the_first_line_and_where_strangers_read_too():
    change = page(1).document.change
    message = Message(id="row-1", about=change, note=Text("vẫn còn mở sau bảo trì", "still open after maintenance"))
    assert "VẪN CÒN MỞ SAU BẢO TRÌ" in title(message, "vi", PLACE)
    assert "STILL OPEN AFTER MAINTENANCE" in brief(message, "en", PLACE)
    assert change.finding.urgency is Urgency.PAGE
