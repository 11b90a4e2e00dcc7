"""The process that binds a report (`exporters.report.apart`): requests on standard input, answers on standard output, ended by the end of either."""

from __future__ import annotations

import sys
from typing import BinaryIO

import msgspec

from exporters.report.apart import LENGTH
from exporters.report.binding import FORMS, Ask, Begin, Binder, End, Miss, Request, Take

_decode = msgspec.msgpack.Decoder(Request).decode
_encode = msgspec.msgpack.Encoder().encode


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """One report, from its beginning to its forms."""
    first = _next(asked)
    if not isinstance(first, Begin):
        return
    binder = Binder(first)
    while (request := _next(asked)) is not None:
        match request:
            case Ask(site=site):
                _answer(answers, _encode(binder.previous(site)))
            case Take(report=report):
                binder.take(report)
            case Miss(member=member):
                binder.miss(member)
            case End(made=made):
                forms = binder.forms(made)
                for form in FORMS:
                    _answer(answers, forms[form])
                return


def _next(asked: BinaryIO) -> Request | None:
    """The next request; None where whoever asked is gone."""
    length = asked.read(LENGTH)
    return _decode(asked.read(int.from_bytes(length, "big"))) if len(length) == LENGTH else None


def _answer(answers: BinaryIO, said: bytes) -> None:
    answers.write(len(said).to_bytes(LENGTH, "big") + said)
    answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
