"""The DNS message format (RFC 1035 §4) as LLMNR, NetBIOS name service and plain DNS use it: bounded in names, labels and records."""

from __future__ import annotations

from typing import NamedTuple

from collector.decode.error import DecodeError

INTERNET = 1
A, AAAA = 1, 28

_HEADER = 12
# Far above any honest message of these protocols; every name of a record costs at most 255 bytes of labels (RFC 1035 §2.3.4).
_MAX_RECORDS = 64
_MAX_NAME = 255
# Each pointer leads further back, so reading ends; but a message full of them would make every name a walk through all of it.
_MAX_POINTERS = 32

Labels = tuple[bytes, ...]


class Question(NamedTuple):
    """What is asked for."""

    name: Labels
    kind: int


class Record(NamedTuple):
    """One resource record; its data are `data[start:end]` of the frame."""

    name: Labels
    kind: int
    klass: int
    ttl: int
    start: int
    end: int


class Message(NamedTuple):
    """A message as far as it could be read: at most `most` questions and records a section, `fault` says what broke it, empty when nothing did.

    `flags` are the header's second word; `answers` the records of the first section after the questions, `others` the rest.
    """

    flags: int
    questions: list[Question]
    answers: list[Record]
    others: list[Record]
    fault: str


def read(data: bytes, start: int, end: int, most: int = _MAX_RECORDS) -> Message:
    """The message in `data[start:end]`; raises `DecodeError` where even the header is cut."""
    if start + _HEADER > end:
        raise DecodeError("DNS header is cut")
    flags, asked, answered, authorities, additional = (data[at] << 8 | data[at + 1] for at in range(start + 2, start + _HEADER, 2))
    message = Message(flags, [], [], [], "")
    offset = start + _HEADER
    try:
        for _ in range(min(asked, most)):
            question, offset = _question(data, offset, start, end)
            message.questions.append(question)
        for count, section in ((answered, message.answers), (authorities + additional, message.others)):
            for _ in range(min(count, most)):
                record, offset = _record(data, offset, start, end)
                section.append(record)
    except DecodeError as fault:
        return message._replace(fault=str(fault))
    return message


def _question(data: bytes, offset: int, start: int, end: int) -> tuple[Question, int]:
    labels, offset = name(data, offset, start, end)
    if offset + 4 > end:
        raise DecodeError("DNS question is cut")
    return Question(labels, data[offset] << 8 | data[offset + 1]), offset + 4


def _record(data: bytes, offset: int, start: int, end: int) -> tuple[Record, int]:
    labels, offset = name(data, offset, start, end)
    body = offset + 10
    if body > end:
        raise DecodeError("DNS record is cut")
    kind, klass = data[offset] << 8 | data[offset + 1], data[offset + 2] << 8 | data[offset + 3]
    after = body + (data[offset + 8] << 8 | data[offset + 9])
    if after > end:
        raise DecodeError("DNS record is cut")
    return Record(labels, kind, klass, int.from_bytes(data[offset + 4 : offset + 8], "big"), body, after), after


def name(data: bytes, offset: int, start: int, end: int) -> tuple[Labels, int]:
    """The labels of the name at `offset` of the message that begins at `start`, and the offset after it.

    Each pointer must lead further back than the one before (RFC 1035 §4.1.4: to a prior occurrence), so reading ends.
    """
    labels: list[bytes] = []
    after, limit, size, pointers = 0, offset, 0, 0
    while offset < end:
        length = data[offset]
        if length == 0:
            return tuple(labels), after or offset + 1
        if length >= 0xC0:
            target = start + ((length & 0x3F) << 8 | data[offset + 1]) if offset + 2 <= end else limit
            pointers += 1
            if target >= limit or target < start + _HEADER or pointers > _MAX_POINTERS:
                break
            after, offset, limit = after or offset + 2, target, target
            continue
        size += length + 1
        if length > 63 or offset + 1 + length > end or size > _MAX_NAME:
            break
        labels.append(data[offset + 1 : offset + 1 + length])
        offset += 1 + length
    raise DecodeError("DNS name is malformed")
