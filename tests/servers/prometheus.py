"""Debian's Prometheus on loopback, scraping the targets a test names."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from tests.servers.call import call
from tests.servers.process import LoopbackServer, ServerFailed, ServerMissing, ServerProcess, free_port

READY_SECONDS = 60.0

Sample = tuple[dict[str, str], float]


class Prometheus(LoopbackServer):
    """One server with a storage folder of its own; `targets` are `host:port`, the job is `vonggac`."""

    def __init__(
        self,
        targets: Sequence[str],
        *,
        interval: str = "1s",
        rules: str = "",
        limits: Mapping[str, int] | None = None,
        late: str = "",
    ) -> None:
        """`late`: takes remote writes, and samples out of order up to that old."""
        program = shutil.which("prometheus")
        if program is None:
            raise ServerMissing("no prometheus: apt-get install -y --no-install-recommends prometheus")
        super().__init__("Prometheus", READY_SECONDS)
        self._program = program
        self.url = f"http://127.0.0.1:{free_port()}"
        (self.folder / "rules.yml").write_text(rules or "groups: []\n")
        (self.folder / "prometheus.yml").write_text(_config(targets, interval, limits or {}, late))
        self._flags = ["--web.enable-remote-write-receiver"] if late else []

    def query(self, expression: str) -> list[Sample]:
        """Instant vector of a PromQL expression: labels and value; ServerFailed with the reason when refused."""
        answer: dict[str, Any] = call("GET", f"{self.url}/api/v1/query?query={quote(expression)}").json()
        if answer["status"] != "success":
            raise ServerFailed(f"{expression}: {answer['error']}")
        return [(row["metric"], float(row["value"][1])) for row in answer["data"]["result"]]

    async def until(self, expression: str, seconds: float = 20.0) -> list[Sample]:
        """The first non-empty answer, the loop left free meanwhile so that a target in it can answer scrapes."""
        async with asyncio.timeout(seconds):
            while not (found := await asyncio.to_thread(self.query, expression)):
                await asyncio.sleep(0.1)
        return found

    @cached_property
    def _process(self) -> ServerProcess:
        return ServerProcess(
            [
                self._program,
                "--config.file=prometheus.yml",
                f"--storage.tsdb.path={self.folder / 'data'}",
                f"--web.listen-address={self.url.removeprefix('http://')}",
                *self._flags,
            ],
            self.folder / "output.log",
            folder=self.folder,
            env={"PATH": os.defpath},
        )

    def _ready(self) -> bool:
        try:
            return call("GET", f"{self.url}/-/ready").status == 200
        except OSError:
            return False


def _config(targets: Sequence[str], interval: str, limits: Mapping[str, int], late: str) -> str:
    lines = [
        "global:",
        f"  scrape_interval: {interval}",
        f"  scrape_timeout: {interval}",
        f"  evaluation_interval: {interval}",
        "rule_files: [rules.yml]",
        "scrape_configs:",
        "  - job_name: vonggac",
        *(f"    {name}: {value}" for name, value in limits.items()),
        "    static_configs:",
        f"      - targets: [{', '.join(repr(target) for target in targets)}]",
    ]
    if late:
        lines += ["storage:", "  tsdb:", f"    out_of_order_time_window: {late}"]
    return "\n".join(lines) + "\n"
