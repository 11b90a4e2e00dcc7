"""Lists of names as their makers write them: hosts files, plain names, filter rules of ad blockers, lines of JSON. Each line gives names or is junk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, TextIO

import msgspec

from collector.hostnames import host_name

FeedFormat = Literal["hosts", "domains", "adblock", "jsonl"]

# No line of a list of names is longer; what is, is no list (a picture, a page without line ends).
_LONGEST_LINE = 4096
# Where hosts files send names that nobody should reach.
_SINKS = frozenset(("0.0.0.0", "127.0.0.1", "127.0.1.1", "0", "::", "::1", "255.255.255.255"))  # noqa: S104 - text to compare with, nothing binds to it
_OWN = frozenset(("localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback", "0.0.0.0"))  # noqa: S104 - same
# A rule for a whole host and nothing else: `||name^`, with options or without. Rules for a path or with an asterisk inside speak of less or of more.
_RULE = re.compile(r"\|\|(?:\*\.)?([^/^*|$]+)\^?(?:\$(.*))?")
# Rules that hold only on some pages, or take another rule back.
_NARROW = re.compile(r"(^|,)~?(domain|from|to|denyallow|badfilter|app)\b")


class _Line(msgspec.Struct):
    """What lists call the name; other keys are left alone."""

    domain: str = ""
    host: str = ""
    hostname: str = ""
    name: str = ""
    fqdn: str = ""
    url: str = ""


_JSON = msgspec.json.Decoder(str | _Line)


def names_in(file: TextIO, kind: FeedFormat) -> Iterator[str | None]:
    """The names in a list, in ASCII and lower case; None for each line that is junk. Comments and empty lines give nothing."""
    read = _READERS[kind]
    for line in lines_of(file):
        if line is None:
            yield None
        elif line:
            yield from (_name(word) for word in read(line))


def lines_of(file: TextIO) -> Iterator[str | None]:
    """The lines without blanks around them; None for one that is too long, whose rest is not taken for a line of its own."""
    while piece := file.readline(_LONGEST_LINE):
        if len(piece) < _LONGEST_LINE or piece.endswith("\n"):
            yield piece.strip(" \t\r\n\ufeff")
            continue
        while piece and not piece.endswith("\n"):
            piece = file.readline(_LONGEST_LINE)
        yield None


def _name(word: str) -> str | None:
    return host_name(word.removeprefix("*.").removeprefix(".")) or None


# A reader gives the words of one line that should be names; an empty word is junk.
_Reader = Callable[[str], Sequence[str]]


def _hosts(line: str) -> Sequence[str]:
    words = line.partition("#")[0].split()
    if not words:
        return ()
    if words[0] not in _SINKS or len(words) == 1:
        return ("",)
    return [word for word in words[1:] if word.lower() not in _OWN]


def _domains(line: str) -> Sequence[str]:
    word = line.partition("#")[0].strip()
    return (word,) if word and not word.startswith(("!", "//")) else ()


def _adblock(line: str) -> Sequence[str]:
    if line.startswith(("!", "[", "#")):
        return ()
    found = _RULE.fullmatch(line)
    # Most rules of such a list are about parts of pages: they are no junk, but they name no host either.
    return (found[1],) if found and not _NARROW.search(found[2] or "") else ()


def _jsonl(line: str) -> Sequence[str]:
    try:
        given = _JSON.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return ("",)
    if isinstance(given, str):
        return (given,)
    word = given.domain or given.host or given.hostname or given.fqdn or given.name
    return (word or _host_of(given.url),)


def _host_of(url: str) -> str:
    found = re.match(r"[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]+)", url, re.IGNORECASE)
    return found[1] if found else ""


_READERS: Mapping[FeedFormat, _Reader] = {"hosts": _hosts, "domains": _domains, "adblock": _adblock, "jsonl": _jsonl}
