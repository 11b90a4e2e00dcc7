"""Hostile lines of stored pages, through the page detectors."""

import io

from collector.judgepages import Broken, judged, page_detectors
from collector.registry import build_all
from tests.fuzz.checks import AT

_DETECTORS = page_detectors(build_all())
SEEDS = (
    b'{"id":1,"url":"https://xa.tinh.gov.vn/","html":"<a href=//x.example>nh\xc3\xa0 c\xc3\xa1i</a>"}\n{"id":"2","js":"location=\'//x.example\'"}\n',
    b'{"id":"3","text":"sao88 uy t\xc3\xadn","other":[{"a":1}]}\n\n{"id":4,"html":""}\n',
    b'{"id":5,"html":"<link rel=canonical href=https://xa.gov.vn/><meta property=og:url content=https://xa.gov.vn/>//xa.gov.vn///xa.gov.vn///xa.gov.vn/"}',
)


def fuzz_one(data: bytes) -> None:
    answers = list(judged(io.BytesIO(data), "pages.jsonl", _DETECTORS, AT))
    assert len(answers) <= len(data.split(b"\n"))
    assert all(isinstance(answer, Broken) or answer.outcome for answer in answers)
