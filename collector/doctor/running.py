"""The services as they run: does core answer, does each sensor hear, does each sink deliver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from collector.doctor.check import Check, State
from model.listening import LISTENING_GAP
from model.ports import CoreStatus, JournalReader, SinkStatus
from model.rows import Sensor
from model.text import Text, shown
from model.times import MINUTE, SECOND

_PER_CENT: Final = 100
# A share of frames above this is lost to the judgement, not to chance.
_DROPPED: Final = 1.0
_WAITING: Final = 15 * MINUTE
_LEGS: Final = "capture:"


async def of_running(reader: JournalReader, now: int, *, sensors: Iterable[str] = (), sinks: Iterable[str] = ()) -> list[Check]:
    """`sensors` and `sinks` by their names are those which the configuration asks for: one never heard of is told too. Raises what the reader raises."""
    status = await reader.status()
    expected = set(sensors)
    # A leg that was taken out of the configuration is nobody's trouble any more.
    heard = [row for row in await reader.rows() if isinstance(row, Sensor) and not (expected and row.sensor.startswith(_LEGS) and row.sensor not in expected)]
    delivering = await reader.sinks()
    # Right after the start nobody can have said anything.
    state: State = "unknown" if abs(now - status.started) < LISTENING_GAP else "bad"
    return [
        _core(status, now),
        *_sensors(heard, now),
        *(_silent(name, state) for name in sorted(expected - {row.sensor for row in heard})),
        *_sinks(delivering, now),
        *(_silent(f"sink {name}", state) for name in sorted(set(sinks) - {row.sink for row in delivering})),
    ]


def _silent(name: str, state: State) -> Check:
    said = Text("có trong cấu hình nhưng chưa từng báo gì", "is configured and has never said anything")
    return Check(name=name, state=state, said=said, mend=_LOG)


def _core(status: CoreStatus, now: int) -> Check:
    age = (now - status.now) // SECOND
    if age * SECOND < -LISTENING_GAP:
        said = Text(
            f"chưa rõ lõi có chạy không: nhật ký ghi giờ muộn hơn đồng hồ {-age} giây",
            f"whether core runs is unknown: its journal is {-age} s ahead of the clock",
        )
        return Check(name="core", state="bad", said=said, mend=Text("timedatectl set-ntp true; timedatectl", "timedatectl set-ntp true; timedatectl"))
    if age * SECOND > LISTENING_GAP:
        said = Text(f"lõi không chạy; nhật ký dừng từ {age} giây trước", f"core does not run; the journal stopped {age} s ago")
        return Check(
            name="core",
            state="bad",
            said=said,
            mend=Text("systemctl restart vonggac-core (hoặc vonggac run)", "systemctl restart vonggac-core (or vonggac run)"),
        )
    lost = sum(status.lost.values())
    if lost:
        said = Text(f"lõi chạy; đã phải bỏ {lost} bản tin vì hết chỗ", f"core runs; {lost} rows were given up for want of room")
        return Check(
            name="core", state="warn", said=said, mend=Text("tăng [journal] max_bytes hoặc sửa nơi nhận", "raise [journal] max_bytes or mend the sink")
        )
    return Check(
        name="core",
        state="ok",
        said=Text(f"nhịp của lõi {max(0, age)} giây trước, nhớ {status.assets} thiết bị", f"core's heartbeat {max(0, age)} s ago, {status.assets} assets"),
    )


def _sensors(sensors: Sequence[Sensor], now: int) -> Iterator[Check]:
    for sensor in sorted(sensors, key=lambda row: row.sensor):
        age = (now - sensor.seen.last) // SECOND
        if sensor.state != "running" or abs(age) * SECOND > LISTENING_GAP:
            why = shown(sensor.message) or sensor.state
            said = Text(f"{sensor.sensor} không nghe ({why}), lần cuối {age} giây trước", f"{sensor.sensor} does not hear ({why}), last {age} s ago")
            yield Check(name=sensor.sensor, state="bad", said=said, mend=_LOG)
            continue
        share = _PER_CENT * sensor.dropped / max(1, sensor.received + sensor.dropped)
        said = Text(
            f"nghe ở vị trí {sensor.vantage}; nhận {sensor.received}, mất {share:.1f} %",
            f"hears from {sensor.vantage}; {sensor.received} taken, {share:.1f} % lost",
        )
        yield Check(name=sensor.sensor, state="warn" if share > _DROPPED else "ok", said=said, mend=_SLOW if share > _DROPPED else Text("", ""))


def _sinks(sinks: Sequence[SinkStatus], now: int) -> Iterator[Check]:
    for sink in sorted(sinks, key=lambda row: row.sink):
        age = (now - sink.oldest_at) // SECOND if sink.waiting else 0
        name, why = f"sink {sink.sink}", shown(sink.last_error, 200)
        if age * SECOND > _WAITING:
            said = Text(f"{sink.waiting} bản tin chờ gửi, cũ nhất {age} giây: {why}", f"{sink.waiting} rows wait, the oldest {age} s: {why}")
            yield Check(name=name, state="bad", said=said, mend=Text(f"vonggac notify test --sink {sink.sink}", f"vonggac notify test --sink {sink.sink}"))
        elif sink.dead:
            said = Text(f"{sink.dead} bản tin bị từ chối hẳn", f"{sink.dead} rows were refused for ever")
            yield Check(
                name=name, state="warn", said=said, mend=Text(f"vonggac dead-letters list --sink {sink.sink}", f"vonggac dead-letters list --sink {sink.sink}")
            )
        else:
            yield Check(name=name, state="ok", said=Text(f"đã gửi {sink.delivered}, chờ {sink.waiting}", f"{sink.delivered} delivered, {sink.waiting} waiting"))


_LOG = Text("journalctl -u 'vonggac-*' -n 50", "journalctl -u 'vonggac-*' -n 50")
_SLOW = Text("dùng máy khỏe hơn, hoặc bớt lưu lượng ở cổng sao chép", "use a stronger machine, or mirror less")
