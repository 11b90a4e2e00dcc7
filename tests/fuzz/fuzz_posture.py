"""Hostile answers of a PC: any JSON as the envelope's results, each topic through its reader."""

from collections.abc import Mapping

import msgspec

from collector.catalogue import load
from collector.decode.posture.answers import answers
from collector.decode.posture.envelope import Context, Envelope, Result
from model.endpointfacts import PcAnswered

COLUMNS = {query.topic: query.columns for query in load().queries}
CONTEXT = Context(pc="pc-01", site="xa", at=1_795_000_000_000_000_000, source="osquery", mark=lambda text: f"{len(text):016x}")
STICK = {"vendor": "0951", "product": "1666", "serial": "60A44C", "interfaces": "USB\\Class_08&SubClass_06&Prot_50", "looked": 0}
PAPERS = {"place": "zalo", "count": "3", "size": 2, "oldest": "20000", "newest": "20001", "looked": "0"}
SEEDS = (
    b"{}",
    msgspec.json.encode({topic: [dict.fromkeys(sorted(columns), "1")] for topic, columns in COLUMNS.items()}),
    msgspec.json.encode({"peripherals": [STICK, {"vendor": "", "looked": 5}], "documents": [PAPERS, {"place": "", "looked": 1}]}),
    msgspec.json.encode({"working": [{"sid": "S-1-5-21-1-2-3-500", "admin": "1", "builtin": 1, "looked": 0}, {"sid": "", "looked": "1"}]}),
)


def fuzz_one(data: bytes) -> None:
    try:
        sent = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(sent, dict):
        return
    results = {topic: Result(rows=rows) for topic, rows in sent.items() if isinstance(rows, list)}
    made = answers(Envelope(results=results), COLUMNS, CONTEXT)
    assert made == answers(Envelope(results=results), COLUMNS, CONTEXT), "the same rows gave other facts"
    assert len(made.facts) <= len(results)
    for fact in made.facts:
        assert msgspec.json.decode(msgspec.json.encode(fact), type=PcAnswered) == fact
        assert (fact.told is None) != (fact.trouble == "")
        assert isinstance(results[fact.topic].rows, Mapping | list)
