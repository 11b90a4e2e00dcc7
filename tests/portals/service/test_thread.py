"""The sensor in a thread of its own: what ends it is said, and ends nothing else."""

from collector.clock import SystemClock
from collector.config.models import Config
from collector.portals import in_thread
from model.declared import Declared


class Kept:
    def put(self, facts):
        return len(facts)


class Spoilt(Declared):
    """Declared data that no sensor can be made of."""

    @property
    def destinations(self):
        raise RuntimeError("planted")


def test_a_fault_that_ends_the_sensor_is_said_and_ends_nothing_else(caplog):
    thread = in_thread(Config(), (Spoilt(site="xa-mau"),), Kept(), SystemClock())
    thread.start()
    thread.stop()
    assert not thread.alive
    assert "bộ thu cổng dừng vì lỗi không ngờ; các phần khác vẫn chạy" in caplog.messages
    assert "RuntimeError: planted" in caplog.text
