"""The whole way to a real Elasticsearch and past a real Prometheus, with the services apart as on a box."""

from __future__ import annotations

import asyncio
import dataclasses
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.lab.lab import Net, Process
from tests.servers.call import Login
from tests.servers.certificates import Certificates
from tests.servers.elasticsearch import EDGE, Elasticsearch
from tests.servers.engine import ADMIN
from tests.servers.process import free_port
from tests.servers.prometheus import Prometheus
from tests.system.program import PATIENCE, Box, address, ended, fetched, ran, running, until
from tests.system.screens import Wire, ip

pytestmark = pytest.mark.servers

LEG = '[[legs]]\nname = "lan"\ninterface = "leg0"\n'


def sink(box: Box, server: str, namespace: str, login: Login | None = None, authority: Path | None = None, timeout: str = "5s") -> str:
    """A [[sinks]] table of type elasticsearch."""
    lines = ["[[sinks]]", 'type = "elasticsearch"', f'urls = ["{server}"]', f'namespace = "{namespace}"', f'timeout = "{timeout}"', 'spread = "1s"']
    if login is not None:
        file = box.folder / f"password-{secrets.token_hex(4)}"
        file.write_text(login.password)
        file.chmod(0o600)
        lines += [f'username = "{login.user}"', f'password_file = "{file}"']
    if authority is not None:
        lines.append(f'ca_file = "{authority}"')
    return "\n".join(lines) + "\n"


def stored(server: Elasticsearch, namespace: str) -> list[str]:
    """The addresses of the screens whose opening was stored, a document each."""
    documents = server.documents(f"logs-vonggac.finding-{namespace}").values()
    return sorted(address for document in documents if document["vonggac"]["finding"]["step"] == "opened" for address in document["host"]["ip"])


def screens(numbers: range) -> list[str]:
    return sorted(ip(number) for number in numbers)


@pytest.mark.root
def test_documents_arrive_once_while_the_server_goes_and_comes_back(net: Net, box: Box, elasticsearch: Elasticsearch, namespace: str) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    # A server that has just started on busy cores may take long over its first bulk: that would be a second outage.
    box.write(LEG, sink(box, elasticsearch.url, namespace, timeout="60s"))
    assert "đã cài" in box.ask("es", "bootstrap")
    with running(box, "core"), running(box, "export") as export, running(box, "collect", space=leg.space) as collect:
        collect.wait_for("đang nghe trên leg0", PATIENCE)
        wire.send(range(1, 51))
        until(lambda: stored(elasticsearch, namespace) == screens(range(1, 51)), "the first screens in Elasticsearch", PATIENCE)
        elasticsearch.stop()
        wire.send(range(51, 101))
        export.wait_for("tạm ngưng", PATIENCE)
        wire.send(range(101, 151))
        elasticsearch.start()
        until(lambda: stored(elasticsearch, namespace) == screens(range(1, 151)), "the screens heard meanwhile", PATIENCE)
        export.wait_for("đã gửi lại được", PATIENCE)
    wire.close()
    assert export.said().count("tạm ngưng") == 1, export.said()
    # Other documents (posture, health) are in the same case: `documents` refuses an id that is there twice.
    events = [document["event"]["id"] for document in elasticsearch.documents(f"logs-vonggac.*-{namespace}").values()]
    assert len(events) == len(set(events))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_wrong_with_the_way_is_said_once_and_the_service_goes_on(
    box: Box, secured_elasticsearch: Elasticsearch, certificates: Certificates, namespace: str, language: str
) -> None:
    box.language = language
    right = certificates.right.authority
    wrong = {
        "login": sink(box, secured_elasticsearch.url, namespace, dataclasses.replace(EDGE, password="wrong"), right),
        "stranger": sink(box, secured_elasticsearch.url, namespace, EDGE, certificates.stranger.chain),
        "name": sink(box, secured_elasticsearch.wrong_name_url, namespace, EDGE, right),
        "away": sink(box, f"http://127.0.0.1:{free_port()}", namespace),
    }
    named = [table.replace("urls =", f'name = "{name}"\nurls =') for name, table in wrong.items()]
    box.write(LEG, *named)
    sentences = {"vi": ("(401)", "ca_file", "trong chứng thư", "không kết nối được"), "en": ("(401)", "ca_file", "name that is in it", "cannot be reached")}
    with running(box, "run") as run:
        page = address(run)
        for name, sentence in zip(wrong, sentences[language], strict=True):
            run.wait_for(sentence, PATIENCE)
            assert len([line for line in run.said().splitlines() if f" {name}:" in line]) == 1, run.said()
        assert fetched(page + "-/healthy")
        assert ended(run) == 0
    assert EDGE.password not in run.said()


def test_bootstrap_says_what_is_wrong(box: Box, secured_elasticsearch: Elasticsearch, certificates: Certificates, namespace: str) -> None:
    right = certificates.right.authority
    bad = {
        "không nhận đăng nhập": sink(box, secured_elasticsearch.url, namespace, dataclasses.replace(EDGE, password="wrong"), right),
        "không phải của người quản trị": sink(box, secured_elasticsearch.url, namespace, EDGE, right),
        "không do nơi tin cậy cấp": sink(box, secured_elasticsearch.url, namespace, ADMIN, certificates.stranger.chain),
        "không kết nối được": sink(box, f"http://127.0.0.1:{free_port()}", namespace),
    }
    for sentence, table in bad.items():
        box.write(LEG, table)
        told = ran("es", "bootstrap", "--config", box.config)
        assert (told.returncode, told.stdout) == (1, "")
        assert sentence in told.stderr
        assert len(told.stderr.splitlines()) == 1
    box.write(LEG, sink(box, secured_elasticsearch.url, namespace, ADMIN, right))
    assert "đã cài" in box.ask("es", "bootstrap")
    dry = ran("es", "bootstrap", "--dry-run", "--config", box.config)
    assert dry.returncode == 0
    assert ADMIN.password not in dry.stdout + dry.stderr


@pytest.mark.root
async def test_prometheus_scrapes_and_answers(net: Net, box: Box, start_prometheus: Callable[[Sequence[str]], Prometheus]) -> None:
    segment = net.segment("hall")
    leg, wire = segment.leg(), Wire(segment.leg())
    box.write(LEG, '[[sinks]]\ntype = "jsonlines"\npath = "lines.jsonl"\n')
    with running(box, "core"), running(box, "export") as export, running(box, "collect", space=leg.space) as collect:
        await listening(collect)
        wire.send(range(1, 4))
        prometheus = start_prometheus([address(export).removeprefix("http://").rstrip("/")])
        ((labels, value),) = await prometheus.until('sum by (detector) (vonggac_findings{detector="VG-NET-02",state="open"}) == 3')
        assert (labels["detector"], value) == ("VG-NET-02", 3.0)
        assert (await prometheus.until('vonggac_sensor_up{sensor="capture:lan"} == 1'))[0][1] == 1.0
        delivered = await prometheus.until('vonggac_deliveries_total{sink="jsonlines",outcome="delivered"} >= 3')
        assert delivered[0][1] >= 3
    wire.close()


async def listening(collect: Process) -> None:
    await asyncio.to_thread(collect.wait_for, "đang nghe trên leg0", PATIENCE)
