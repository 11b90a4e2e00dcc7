"""A PDF as a visitor reads it: its words, its title, and where its links lead. It sends nobody anywhere by itself.

Not read: encrypted files, pictures of text (scans), strings in fonts without a table of their letters, LZW, embedded files, scripts, forms.
"""

from __future__ import annotations

import re

import msgspec

from collector.decode.web.legacy import mend
from collector.decode.web.pdffile import STRING, File, words_of
from collector.decode.web.pdftext import text_of
from collector.decode.web.places import one_line
from collector.decode.web.read import read_text
from collector.decode.web.seen import is_brand, judged_title
from collector.decode.web.url import WEB, host_of, parse
from collector.decode.web.ways import Reading, Way
from model.webfacts import Sign

_MOST_LINKS = 64
_LINK = re.compile(rb"/URI\s{0,8}(" + STRING + rb")", re.DOTALL)
_TITLE = re.compile(rb"/Title\s{0,8}(" + STRING + rb")", re.DOTALL)
_INFO = re.compile(rb"/Info\s{1,8}(\d{1,8})\s")
_MOST_TITLE = 1_000


def is_pdf(kind: str, body: bytes) -> bool:
    """Whether a body of this media type (lower-case) is a PDF."""
    return kind == "application/pdf" or body[:1024].lstrip()[:5] == b"%PDF-"


def read_pdf(data: bytes) -> Reading:
    """The file's words judged as a text, its title, and its links as ways that need a click. Bounded in time and memory; never raises."""
    file = File(data)
    if file.encrypted:
        return Reading()
    title, links = _title(file), _links(file)
    said = read_text(mend(text_of(file))[0])
    signs = (*_title_sign(title), *_links_sign(links), *said.signs)
    return msgspec.structs.replace(
        said,
        title=title,
        ways=tuple(Way("popup", link, automatic=False) for link in links),
        links=tuple(sorted({host_of(link) for link in links})),
        signs=signs,
    )


def _title(file: File) -> str:
    ends = (file.ends, *(thing.said for thing in file.things.values() if b"/XRef" in thing.said))
    numbers = [int(found[1]) for end in ends if (found := _INFO.search(end))]
    told = [*(file.said(number) for number in numbers[::-1]), *(end.partition(b"/Info")[2] for end in ends)]
    titles = [words_of(found[1]) for each in told if (found := _TITLE.search(each))]
    return one_line(next(filter(None, titles), "")[:_MOST_TITLE])


def _links(file: File) -> list[str]:
    """Addresses of the web that are to be clicked on, each once."""
    found: dict[str, None] = {}
    for thing in file.things.values():
        for written in _LINK.findall(thing.said):
            address = parse(words_of(written).strip())
            if address is not None and address.scheme in WEB and address.host and len(found) < _MOST_LINKS:
                found.setdefault(address.href)
    return list(found)


def _title_sign(title: str) -> list[Sign]:
    judged = judged_title(title)
    if not judged.sells:
        return []
    value = f"{title[:140]} ({judged.value})"[:300]
    return [Sign(kind="promoted_title", value=value, where="title", gambling=judged.kind == "gambling", hits=judged.hits)]


def _links_sign(links: list[str]) -> list[Sign]:
    """One link to a bookmaker is what such a file is for."""
    hosts = tuple(dict.fromkeys(host for link in links if is_brand(host := host_of(link))))
    return [Sign(kind="promoted_links", value=" ".join(hosts)[:300], where="links", hosts=hosts[:32], gambling=True, hits=len(hosts))] if hosts else []
