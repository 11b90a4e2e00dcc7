"""The sensor of the box's own USB sockets out of configuration. Imported by composition roots alone."""

from __future__ import annotations

from collector.clock import Clock
from collector.config import Config
from collector.marks import mark_of
from collector.sensors.peripheral import Sockets
from collector.sensorthread import SensorThread
from model.ports import FactSink
from model.text import Text

_ENDED = Text("bộ thu ngoại vi dừng vì lỗi không ngờ; các phần khác vẫn chạy", "the peripherals sensor ended by an unexpected fault; everything else goes on")


def in_thread(config: Config, sink: FactSink, clock: Clock) -> SensorThread:
    """The sensor in a thread of its own. Raises ConfigError when the key of marks cannot be kept."""
    return SensorThread("peripherals", Sockets(sink, clock, mark_of(config), config.language).run, _ENDED, config.language)
