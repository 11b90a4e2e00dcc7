"""Hostile bodies of osquery's remote API: each reader reads or refuses, the same both times."""

from collector.sensors.endpoints import messages
from collector.sensors.endpoints.messages import BodyError

SEEDS = (
    b'{"enroll_secret":"x","host_identifier":"u","platform_type":"2","host_details":{"osquery_info":{"version":"5.23.0"}}}',
    b'{"node_key":"k","log_type":"result","data":[{"name":"bluetooth","unixTime":"1763800000","epoch":0,"counter":0,"snapshot":[{"looked":"1"}]},'
    b'{"name":"a","unixTime":1,"counter":3,"columns":{"x":1},"action":"added"},{"name":"b","counter":0,"diffResults":{"added":[{"x":"1"}],"removed":""}}]}',
    b'{"node_key":"k","queries":{"bluetooth:1":[{"looked":"1"}],"b:2":""},"statuses":{"bluetooth:1":0,"b:2":"1"},"messages":{"b:2":"denylisted"},"stats":{}}',
)


def fuzz_one(data: bytes) -> None:
    assert _read(data) == _read(data), "the same bytes gave something else"


def _read(data: bytes) -> list[object]:
    told: list[object] = []
    for reader in (messages.enrolment, messages.node_key, lambda body: list(messages.lines(body, "pc-01")[1]), lambda body: list(messages.answers(body))):
        try:
            told.append(reader(data))
        except BodyError:
            told.append("refused")
    return told
