"""What real Elasticsearch and OpenSearch servers on loopback have in common."""

import json
import os
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.call import Login, Reply, call
from tests.servers.process import POLL_SECONDS, LoopbackServer, ServerMissing

READY_SECONDS = 120.0
ADMIN = Login("admin", "admin-password-of-the-tests")

_NAMES = {"elasticsearch": "Elasticsearch", "elasticsearch-older": "Elasticsearch", "opensearch": "OpenSearch"}


@dataclass(frozen=True)
class Distribution:
    """A server that deploy/fetch-test-servers.sh fetched: `which` is its file in the cache."""

    which: str
    version: str
    home: Path
    java_home: Path
    why: str

    def __str__(self) -> str:
        return f"{_NAMES[self.which]} {self.version} with Java at {self.java_home} ({self.why})"


def distribution(which: str = "elasticsearch") -> Distribution:
    """`elasticsearch` is the one chosen for this machine, `elasticsearch-older` 8.19, `opensearch`; ServerMissing when it was not fetched."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vonggac-test"
    try:
        lines = (cache / which).read_text().splitlines()
    except FileNotFoundError:
        raise ServerMissing(f"no {_NAMES[which]} in {cache}: run deploy/fetch-test-servers.sh") from None
    chosen = dict(line.split("=", 1) for line in lines)
    for part in ("home", "java_home"):
        if not Path(chosen[part]).is_dir():
            raise ServerMissing(f"{chosen[part]} is gone: run deploy/fetch-test-servers.sh again")
    return Distribution(which, chosen["version"], Path(chosen["home"]), Path(chosen["java_home"]), chosen["why"])


class Engine(LoopbackServer):
    """A search engine with a data folder of its own; `stop` and `start` again keep data and port."""

    dialect: str

    def __init__(self, name: str) -> None:
        super().__init__(name, READY_SECONDS)

    @property
    def url(self) -> str:
        """Address of the HTTP interface."""
        raise NotImplementedError

    def call(self, method: str, path: str, body: object = None, *, login: Login | None = ADMIN, seconds: float = 30.0) -> Reply:
        """One request; `body` is sent as JSON, a list as newline-delimited JSON (`_bulk`)."""
        rows = body if isinstance(body, list) else [body]
        data = None if body is None else b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        kind = "application/x-ndjson" if isinstance(body, list) else "application/json"
        return call(method, self.url + path, data, {"Content-Type": kind}, login=self._login(login), tls=self._client_context(), seconds=seconds)

    def documents(self, target: str) -> dict[str, dict[str, Any]]:
        """Every stored document of an index, stream or pattern by `_id`; at most 10,000, else AssertionError."""
        self.call("POST", f"/{target}/_refresh")
        found = self._answered("GET", f"/{target}/_search?size=10000&track_total_hits=true&ignore_unavailable=true").json()["hits"]
        hits = {hit["_id"]: hit["_source"] for hit in found["hits"]}
        assert found["total"]["value"] == len(hits), "an id is stored twice, or there are more than 10,000"
        return hits

    def _answered(self, method: str, path: str) -> Reply:
        """A request's answer once there is one to be had: a stream made this moment has no shard yet that could give it (503)."""
        until = time.monotonic() + READY_SECONDS
        while (reply := self.call(method, path)).status == 503 and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        return reply

    def _ready(self) -> bool:
        try:
            return self.call("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s").status == 200
        except OSError:
            return False

    def _login(self, login: Login | None) -> Login | None:
        raise NotImplementedError

    def _client_context(self) -> ssl.SSLContext | None:
        raise NotImplementedError
