"""Capture files of every kind give their packets; bad ones give one clear sentence, after everything that could be read."""

from __future__ import annotations

import gzip
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector import captureerrors as errors
from collector.capturefile import BATCH, CaptureFile
from tests import corpus
from tests.capture import writers as w

START = 1_750_000_000 * 10**9
STEP = 1_234_567_000  # whole microseconds: what libpcap keeps
CLAUSES = ["udp port 5353", "arp"]
BULK = w.ethernet(w.ipv4(6, w.tcp(50_000, 443, 0x10, bytes(1000))), w.IPV4)

Found = list[tuple[int, int, bytes]]  # link, time, frame


def frames(count: int = 5) -> list[w.Packet]:
    return [(START + n * STEP, w.mdns(n)) for n in range(count)]


def read(path: Path, clauses: list[str] | None = None) -> Found:
    file = CaptureFile(path, clauses or CLAUSES)
    return [(link, at, data) for link, packets in file.batches() for at, data in packets]


def read_until(path: Path, error: type[errors.CaptureError]) -> tuple[Found, errors.CaptureError]:
    """What came out before the error, and the error."""
    found: Found = []

    def collect() -> None:
        for link, packets in CaptureFile(path, CLAUSES).batches():
            found.extend((link, at, data) for at, data in packets)

    with pytest.raises(error) as raised:
        collect()
    assert raised.value.text.vi != raised.value.text.en
    assert "\n" not in raised.value.text.vi + raised.value.text.en
    return found, raised.value


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def put(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes a capture file, plain or compressed."""

    def write(data: bytes) -> Path:
        path = tmp_path / "capture"
        path.write_bytes(w.packed(data) if request.param else data)
        return path

    return write


def pcapng_of(packets: list[w.Packet], order: str = "<", units: int = 10**6, link: int = 1) -> bytes:
    file = w.Pcapng(order)
    resolution = b"" if units == 10**6 else file.option(9, bytes([len(str(units)) - 1])) + file.option(0, b"")
    file.interface(link, resolution)
    for at, data in packets:
        file.packet(at, data, units=units)
    return file.bytes()


@pytest.mark.parametrize("units", [10**6, 10**9], ids=["microseconds", "nanoseconds"])
@pytest.mark.parametrize("order", ["<", ">"], ids=["little", "big"])
@pytest.mark.parametrize("build", [w.pcap, pcapng_of], ids=["pcap", "pcapng"])
def test_byte_orders_and_time_units(put, build, order: str, units: int) -> None:
    found = read(put(build(frames(), order=order, units=units)))
    assert found == [(1, at, data) for at, data in frames()]


LINKS = {
    "cooked v1": (113, 113, w.cooked1(w.ipv4(17, w.udp(5353, 5353)), w.IPV4)),
    "cooked v2": (276, 276, w.cooked2(w.ipv4(17, w.udp(5353, 5353)), w.IPV4)),
    "raw IP, IPv4": (101, 12, w.ipv4(17, w.udp(5353, 5353))),
    "raw IP, IPv6": (101, 12, w.ipv6(17, w.udp(5353, 5353))),
    "raw IPv4": (228, 228, w.ipv4(17, w.udp(5353, 5353))),
    "raw IPv6": (229, 229, w.ipv6(17, w.udp(5353, 5353))),
    "null": (0, 0, w.null(w.ipv4(17, w.udp(5353, 5353)))),
    "loop": (108, 108, w.null(w.ipv4(17, w.udp(5353, 5353)), order=">")),
}


@pytest.mark.parametrize("build", [w.pcap, pcapng_of], ids=["pcap", "pcapng"])
@pytest.mark.parametrize("kind", LINKS)
def test_link_types(put, build, kind: str) -> None:
    in_file, dlt, frame = LINKS[kind]
    assert read(put(build([(START, frame)], link=in_file))) == [(dlt, START, frame)]


def test_null_frames_recorded_on_a_machine_of_the_other_byte_order(put) -> None:
    frame = w.null(w.ipv4(17, w.udp(5353, 5353)), order=">")
    assert read(put(w.pcap([(START, frame)], link=0, order=">"))) == [(0, START, frame)]


def test_tagged_frames_keep_their_tags(put) -> None:
    tagged = [(START, w.mdns(tags=[(0x8100, 20)])), (START, w.mdns(tags=[(0x88A8, 100), (0x8100, 20)]))]
    assert read(put(w.pcap(tagged))) == [(1, at, data) for at, data in tagged]


def test_the_filter_leaves_bulk_out(put) -> None:
    mixed = [packet for at, data in frames(600) for packet in ((at, data), (at, BULK))]
    assert read(put(w.pcap(mixed))) == [(1, at, data) for at, data in frames(600)]


def test_batches_are_bounded(put) -> None:
    sizes = [len(packets) for _link, packets in CaptureFile(put(w.pcap(frames(2 * BATCH + 1))), CLAUSES).batches()]
    assert sizes == [BATCH, BATCH, 1]


def test_pcapng_with_several_link_types(put) -> None:
    file = w.Pcapng().interface(1).interface(113).interface(101)
    cooked = LINKS["cooked v1"][2]
    raw = LINKS["raw IP, IPv4"][2]
    file.packet(START, w.mdns(1)).packet(START + 1000, cooked, 1).packet(START + 2000, raw, 2).packet(START + 3000, w.mdns(2))
    file.packet(START + 4000, BULK)
    expected = [(1, START, w.mdns(1)), (113, START + 1000, cooked), (12, START + 2000, raw), (1, START + 3000, w.mdns(2))]
    assert read(put(file.bytes())) == expected


def test_pcapng_whose_second_link_type_comes_late_gives_nothing_twice(put) -> None:
    file = w.Pcapng().interface(1)
    for at, data in frames(BATCH + 10):
        file.packet(at, data)
    file.interface(113).packet(START, LINKS["cooked v1"][2], 1)
    found = read(put(file.bytes()))
    assert found == [(1, at, data) for at, data in frames(BATCH + 10)] + [(113, START, LINKS["cooked v1"][2])]


def test_pcapng_interfaces_of_different_snap_lengths(put) -> None:
    file = w.Pcapng().interface(1, snap=65_535).interface(1, snap=262_144).packet(START, w.mdns(1), 0).packet(START, w.mdns(2), 1)
    assert [data for _link, _at, data in read(put(file.bytes()))] == [w.mdns(1), w.mdns(2)]


def test_pcapng_sections_of_different_byte_order(put) -> None:
    data = w.Pcapng("<").interface().packet(START, w.mdns(1)).bytes() + w.Pcapng(">").interface().packet(START, w.mdns(2)).bytes()
    assert [data for _link, _at, data in read(put(data))] == [w.mdns(1), w.mdns(2)]


def test_pcapng_other_blocks_and_options(put) -> None:
    file = w.Pcapng()
    file.interface(1, file.option(2, b"eth0") + file.option(14, struct.pack("<q", 3600)) + file.option(0, b""))
    file.block(4, b"\0" * 8).packet(START, w.mdns(1)).block(5, b"\0" * 12).old_packet(START, w.mdns(2)).simple_packet(w.mdns(3))
    hour = 3600 * 10**9
    assert read(put(file.bytes())) == [(1, START + hour, w.mdns(1)), (1, START + hour, w.mdns(2)), (1, hour, w.mdns(3))]


def test_pcapng_whose_first_interface_is_far_behind_its_head(put) -> None:
    file = w.Pcapng().block(0x0BAD, bytes(3_000_000)).interface().packet(START, w.mdns())
    assert read(put(file.bytes())) == [(1, START, w.mdns())]


def test_pcapng_time_unit_of_a_power_of_two(put) -> None:
    file = w.Pcapng()
    file.interface(1, file.option(9, bytes([0x80 | 20])) + file.option(0, b""))
    file.packet(START, w.mdns(), units=2**20)
    assert read(put(file.bytes())) == [(1, START, w.mdns())]


@pytest.mark.parametrize("build", [w.pcap, pcapng_of], ids=["pcap", "pcapng"])
@pytest.mark.parametrize("count", [1, 7, BATCH, BATCH + 3])
def test_a_cut_file_gives_all_before_the_cut_and_says_where(put, build, count: int) -> None:
    whole, longer = build(frames(count)), build(frames(count + 1))
    for left in (1, 12, 40):
        found, error = read_until(put(longer[: len(whole) + left]), errors.CutCaptureError)
        assert found == [(1, at, data) for at, data in frames(count)]
        assert (error.packets, error.offset) == (count, len(whole))
        assert f"sau gói thứ {count}, tại byte {len(whole)}" in error.text.vi


def test_the_place_of_a_cut_counts_packets_that_the_filter_left_out(put) -> None:
    data = w.pcap([(START, BULK), (START, w.mdns()), (START, BULK), (START, w.mdns())])
    found, error = read_until(put(data[:-3]), errors.CutCaptureError)
    assert found == [(1, START, w.mdns())]
    assert error.packets == 3


def test_a_header_alone_is_a_capture_of_nothing(put) -> None:
    assert read(put(w.pcap([]))) == []
    assert read(put(w.Pcapng().bytes())) == []
    assert read(put(w.Pcapng().interface().bytes())) == []


@pytest.mark.parametrize("whole", [w.pcap([]), w.Pcapng().bytes()], ids=["pcap", "pcapng"])
def test_a_cut_header(put, whole: bytes) -> None:
    found, error = read_until(put(whole[:-5]), errors.CutCaptureError)
    assert (found, error.packets, error.offset) == ([], 0, 0)


def test_gzip_cut_in_the_middle(tmp_path: Path) -> None:
    packets = [(START, w.ethernet(w.ipv4(17, w.udp(5353, 5353, os.urandom(900))), w.IPV4)) for _ in range(400)]
    packed = w.packed(w.pcap(packets))
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(packed[: len(packed) * 3 // 4])
    found, error = read_until(path, errors.CutCaptureError)
    assert 250 < len(found) < 350
    assert [(at, data) for _link, at, data in found] == packets[: len(found)]
    assert error.packets == len(found)


def test_gzip_cut_after_the_last_packet_is_still_a_cut(tmp_path: Path) -> None:
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(w.packed(w.pcap(frames()))[:-4])
    found, error = read_until(path, errors.CutCaptureError)
    assert len(found) == error.packets == 5


def test_gzip_with_a_wrong_checksum(tmp_path: Path) -> None:
    packed = bytearray(w.packed(w.pcap(frames())))
    packed[-8] ^= 1
    path = tmp_path / "damaged.pcap.gz"
    path.write_bytes(packed)
    found, error = read_until(path, errors.CutCaptureError)
    assert len(found) == 5
    assert "bị hỏng" in error.text.vi


def test_gzip_of_several_members(tmp_path: Path) -> None:
    data = w.pcap(frames())
    path = tmp_path / "two.pcap.gz"
    path.write_bytes(w.packed(data[:100]) + w.packed(data[100:]))
    assert len(read(path)) == 5


def test_a_damaged_length_ends_the_file_there(put) -> None:
    data = bytearray(w.pcap(frames(3)))
    third = 24 + 2 * (16 + len(w.mdns()))
    data[third + 8 : third + 12] = struct.pack("<I", 0x7FFFFFFF)
    found, error = read_until(put(bytes(data)), errors.CutCaptureError)
    assert len(found) == 2
    assert (error.packets, error.offset) == (2, third)
    assert "bị hỏng" in error.text.vi


def test_a_link_type_nobody_reads(put) -> None:
    found, error = read_until(put(w.pcap(frames(3), link=105)), errors.UnknownLinkError)
    assert (found, error.links, error.packets) == ([], (105,), 3)
    assert "105" in error.text.vi


def test_the_other_interfaces_of_a_file_with_an_unknown_link_type_are_read(put) -> None:
    file = w.Pcapng().interface(105).interface(1).packet(START, b"wifi", 0).packet(START, w.mdns(), 1)
    found, error = read_until(put(file.bytes()), errors.UnknownLinkError)
    assert found == [(1, START, w.mdns())]
    assert (error.links, error.packets) == ((105,), 1)


@pytest.mark.parametrize("content", [b"x", b"<html></html>", b"PK\x03\x04" + bytes(100), b"\x1f\x8b", b"\x1f\x8b\x08\0junk"])
def test_not_a_capture(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(errors.NotACaptureError, match="is not a pcap") as raised:
        CaptureFile(path, CLAUSES)
    assert str(path) in raised.value.text.vi


def test_gzip_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.gz"
    path.write_bytes(w.packed(w.packed(w.pcap(frames()))))
    with pytest.raises(errors.NotACaptureError):
        CaptureFile(path, CLAUSES)


def test_empty(put) -> None:
    with pytest.raises(errors.EmptyCaptureError, match="0 bytes"):
        CaptureFile(put(b""), CLAUSES)


def test_missing_and_directory(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableCaptureError, match="no capture file") as raised:
        CaptureFile(tmp_path / "nowhere.pcap", CLAUSES)
    assert raised.value.text.vi == f"Không có tệp bắt gói {tmp_path}/nowhere.pcap."
    with pytest.raises(errors.UnreadableCaptureError, match="is a directory"):
        CaptureFile(tmp_path, CLAUSES)


@pytest.fixture
def no_privilege() -> Iterator[None]:
    """Files of others cannot be read while the test runs; root drops to nobody for it."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    yield
    os.seteuid(0)


def test_no_right_to_read(tmp_path: Path, no_privilege) -> None:
    with pytest.raises(errors.UnreadableCaptureError, match="No permission"):
        CaptureFile(Path("/proc/1/mem"), CLAUSES)


def test_a_name_that_is_no_utf8_and_a_name_that_libpcap_takes_for_stdin(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (os.fsdecode(b"t\xeap.pcap"), "-"):
        Path(name).write_bytes(w.pcap(frames()))
        assert len(read(Path(name))) == 5


@pytest.mark.parametrize("pack", [bytes, w.packed], ids=["plain", "gzip"])
def test_a_named_pipe(tmp_path: Path, pack) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(pack(w.pcap(frames(1000))),))
    writer.start()
    found = read(path)
    writer.join()
    assert [(at, data) for _link, at, data in found] == frames(1000)


def test_position_runs_to_the_size(put) -> None:
    file = CaptureFile(put(w.pcap(frames(5000))), CLAUSES)
    seen = [file.position() for _batch in file.batches()]
    assert seen == sorted(seen)
    assert 0 < seen[0] <= file.position() == file.size


def test_a_reader_who_stops_early_leaves_nothing_running(put) -> None:
    before = threading.active_count()
    descriptors = len(os.listdir("/proc/self/fd"))
    batches = CaptureFile(put(w.pcap(frames(50_000))), CLAUSES).batches()
    next(batches)
    batches.close()
    assert threading.active_count() == before
    assert len(os.listdir("/proc/self/fd")) == descriptors


def test_a_gzip_bomb_needs_no_memory(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "bomb.gz"
    zeros = bytes(1024 * 1024)
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write(w.pcap(frames(2)))
        for _ in range(400):
            out.write(zeros)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(read(path)) == 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB


@settings(max_examples=60, deadline=None)
@given(data=st.data(), order=st.sampled_from("<>"), ng=st.booleans())
def test_files_damaged_anywhere_only_raise_capture_errors(data, order: str, ng: bool, tmp_path_factory) -> None:
    whole = bytearray((pcapng_of if ng else w.pcap)(frames(4), order=order))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.pcap"
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        found = read(path)
    except errors.CaptureError:
        return
    assert all(0 <= at < 2**63 for _link, at, _data in found)


class ByOurselves(CaptureFile):
    """Reads without libpcap."""

    def _fast(self) -> Iterator[tuple[int, list[w.Packet]]]:
        return iter(())


@settings(max_examples=60, deadline=None)
@given(
    packets=st.lists(st.tuples(st.integers(0, 2**32 * 10**9 - 1), st.binary(max_size=80))),
    order=st.sampled_from("<>"),
    units=st.sampled_from([10**6, 10**9]),
    ng=st.booleans(),
)
def test_our_reader_agrees_with_libpcap(packets, order: str, units: int, ng: bool, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "agree.pcap"
    path.write_bytes((pcapng_of if ng else w.pcap)(packets, order=order, units=units))
    everything = ["ip or not ip"]
    ours = [packet for _link, packets in ByOurselves(path, everything).batches() for packet in packets]
    libpcaps = [packet for _link, packets in CaptureFile(path, everything).batches() for packet in packets]
    assert ours == libpcaps
    assert [data for _at, data in ours] == [data for _at, data in packets]


@pytest.mark.corpus
@pytest.mark.parametrize("path", corpus.captures(), ids=lambda path: path.name)
def test_our_reader_agrees_with_libpcap_on_real_captures(path: Path) -> None:
    everything = ["ip or not ip"]
    ours = list(ByOurselves(path, everything).batches())
    assert ours == list(CaptureFile(path, everything).batches())
    assert ours
