"""The sensor tells core how each list stands, as soon as it has looked at the files."""

import asyncio

from collector.clock import SystemClock
from collector.portals import refreshing
from collector.sensors.portals.feeds import Feed, Feeds
from model.webfacts import FeedHeard

PATIENCE = 20.0


async def test_each_list_is_told_of_after_a_look_at_its_file(tmp_path, caplog):
    (tmp_path / "good.txt").write_text("a1.example\nb2.example\n")
    clock, heard, done = SystemClock(), [], asyncio.Event()
    feeds = Feeds([Feed(name="co", path=tmp_path / "good.txt", weight=3), Feed(name="khong", path=tmp_path / "none.txt")], tmp_path / "kept", clock)

    def put(fact):
        heard.append(fact)
        if len(heard) == 2:
            done.set()
        elif fact.name == "co":
            # The way to core may be shut for a moment: the other list is told of all the same.
            raise RuntimeError("closed")
        return fact

    before = clock.now()
    async with refreshing(feeds, "vi", clock, put):
        await asyncio.wait_for(done.wait(), PATIENCE)
    good, none = heard
    assert isinstance(good, FeedHeard)
    assert (good.name, good.entries, good.refused, good.refusal, good.weight) == ("co", 2, 0, None, 3)
    assert 0 <= good.age <= PATIENCE
    assert before <= good.at <= clock.now()
    assert (none.name, none.entries, none.age, none.refused) == ("khong", 0, -1, 1)
    assert "không có tệp này" in none.refusal.vi
    assert caplog.text.count("khong") == 1
