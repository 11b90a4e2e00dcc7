"""Reading capture files: pcap and pcapng, plain or gzip-compressed, by libpcap's batches, and by ourselves where libpcap stops."""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import pcapy

from collector import bpf, unpack
from collector.captureerrors import CutCaptureError, EmptyCaptureError, NotACaptureError, UnknownLinkError, UnreadableCaptureError
from collector.capturerecords import MAGICS, DamagedError, Record, records
from collector.decode.frame import LINKS

# Kept packets in one batch. libpcap takes packets of up to 256 KiB, so a hostile file makes a batch of at most 64 MiB.
BATCH = 256

Packet = tuple[int, bytes]
# A link type (DLT number) and its packets: time in ns, bytes.
Batch = tuple[int, list[Packet]]

_META = struct.Struct("=IIII")


def split(data: bytes, index: bytes) -> list[Packet]:
    """The packets in what pcapy's `next_batch` returns; libpcap scales all times to microseconds."""
    return [(seconds * 10**9 + micros * 1000, data[at : at + length]) for seconds, micros, at, length in _META.iter_unpack(index)]


class CaptureFile:
    """One capture file, read once; only packets that a clause asks for come out.

    Raises CaptureError when it cannot be opened: at once, for a pipe at the first batch.
    """

    def __init__(self, path: Path, clauses: Sequence[str]) -> None:
        self.path = path
        self._clauses = clauses
        self._position = 0
        self._descriptor = -1
        self._complete = False
        self.size, self._regular = self._status()
        if self._regular:
            with self._stream():
                pass

    def position(self) -> int:
        """Bytes of the file read so far, of `size` (0 for a pipe); may be asked from another thread."""
        with contextlib.suppress(OSError):  # the file may just have been closed
            self._position = max(self._position, os.lseek(self._descriptor, 0, os.SEEK_CUR))
        return min(self._position, self.size)

    def batches(self) -> Iterator[Batch]:
        """Packets in the file's order. Raises CutCaptureError or UnknownLinkError after the last that can be read."""
        done = 0
        if self._regular:
            for batch in self._fast():
                done += len(batch[1])
                yield batch
        if not self._complete:
            yield from self._slow(done)
        self._position = self.size

    def _status(self) -> tuple[int, bool]:
        try:
            status = self.path.stat()
        except OSError as error:
            raise UnreadableCaptureError.because(self.path, error) from error
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableCaptureError.directory(self.path)
        return status.st_size, stat.S_ISREG(status.st_mode)

    @contextlib.contextmanager
    def _stream(self) -> Iterator[unpack.Stream]:
        """The unpacked bytes, of which the first say that this is a capture."""
        with contextlib.ExitStack() as opened:
            try:
                stream = opened.enter_context(unpack.stream(self.path))
            except OSError as error:
                raise UnreadableCaptureError.because(self.path, error) from error
            try:
                head = stream.peek(4)[:4]
            except unpack.UNPACK_ERRORS as error:
                raise NotACaptureError(self.path) from error
            if not head:
                raise EmptyCaptureError(self.path)
            if not any(magic.startswith(head) for magic in MAGICS):
                raise NotACaptureError(self.path)
            yield stream

    def _fast(self) -> Iterator[Batch]:
        """By libpcap. Ends early at damage and at a second link type (`_complete` stays False), and loses the batch it was in."""
        with contextlib.suppress(pcapy.PcapError), unpack.opened(self.path) as source:
            if not source.ready:
                return
            with pcapy.open_offline(source.name) as reader:
                link = reader.datalink()
                if link not in LINKS:
                    return
                self._descriptor = source.descriptor if source.packed else reader.getfd()
                for packets in self._filtered(reader, link):
                    yield link, packets
                self._complete = source.whole()

    def _filtered(self, reader: pcapy.Reader, link: int) -> Iterator[list[Packet]]:
        """Most captures have no tag in them: what tags ask of the filter, five sixths of its compiling, is left until the first is met."""
        reader.setfilter(bpf.loose_for(link, self._clauses) or bpf.NOTHING)
        loose = True
        while packets := split(*reader.next_batch(BATCH)):
            if loose and any(bpf.is_tagged(link, data) for _, data in packets):
                loose = False
                wanted = bpf.compose_for(link, self._clauses)
                reader.setfilter(wanted)
                program = bpf.program(wanted, link)
                packets = [packet for packet in packets if program.filter(packet[1])]
            if packets:
                yield packets

    def _slow(self, skip: int) -> Iterator[Batch]:
        """By ourselves, from the first packet on, leaving out the `skip` wanted ones that were given already."""
        unknown: Counter[int] = Counter()
        damaged: DamagedError | None = None
        link, packets = bpf.ETHERNET, list[Packet]()
        try:
            with self._stream() as stream:
                for record in islice(self._wanted(stream, unknown), skip, None):
                    if packets and (record.link != link or len(packets) == BATCH):
                        yield link, packets
                        packets = []
                    link = record.link
                    packets.append((record.at, record.data))
        except DamagedError as error:
            damaged = error
        if packets:
            yield link, packets
        if damaged:
            raise CutCaptureError(self.path, damaged.packets, damaged.offset, cut=damaged.cut)
        if unknown:
            raise UnknownLinkError(self.path, unknown, unknown.total())

    def _wanted(self, stream: unpack.Stream, unknown: Counter[int]) -> Iterator[Record]:
        programs: dict[int, pcapy.BPFProgram] = {}
        for record in records(cast(BinaryIO, stream)):
            link = record.link
            if link not in LINKS:
                unknown[link] += 1
                continue
            if link not in programs:
                programs[link] = bpf.program(bpf.compose_for(link, self._clauses) or bpf.NOTHING, link)
            if programs[link].filter(record.data):
                yield record
