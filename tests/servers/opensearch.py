"""A real single-node OpenSearch on loopback, by the runner of CodeLibs: the engine without the plugins for security and for index states."""

import contextlib
import os
import socket
import ssl
from functools import cached_property

from tests.servers.call import Login
from tests.servers.engine import Distribution, Engine, distribution
from tests.servers.process import ServerFailed, ServerProcess

# The runner listens on the first free port above its base, and gives up at this one.
_LAST_PORT = 9299
_SETTINGS = """\
cluster.routing.allocation.disk.threshold_enabled: false
http.compression: true
"""


class OpenSearch(Engine):
    """One server with a data folder of its own; `stop` and `start` again keep data and port."""

    dialect = "opensearch"

    def __init__(self) -> None:
        self.distribution: Distribution = distribution("opensearch")
        super().__init__(f"OpenSearch {self.distribution.version}")
        self.port = _port()
        config = self.folder / "node_1/config"
        config.mkdir(parents=True)
        (config / "opensearch.yml").write_text(_SETTINGS)

    @property
    def url(self) -> str:
        """Address of the HTTP interface."""
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def _process(self) -> ServerProcess:
        libraries, java = self.distribution.home / "*", self.distribution.java_home / "bin/java"
        # The quick compiler alone: a server that lives for a minute is ready sooner.
        virtual_machine = [str(java), "-Xms512m", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-cp", str(libraries)]
        runner = ["org.codelibs.opensearch.runner.OpenSearchRunner", "-basePath", str(self.folder), "-numOfNode", "1"]
        named = ["-baseHttpPort", str(self.port - 1), "-clusterName", self.folder.name]
        return ServerProcess(
            [*virtual_machine, *runner, *named],
            self.folder / "output.log",
            folder=self.folder,
            env={"PATH": os.defpath, "HOME": str(self.folder)},
        )

    def _ready(self) -> bool:
        if not super()._ready():
            return False
        # Somebody else may have taken the port in between: the runner moves on to the next without a word.
        name = self.call("GET", "/").json()["cluster_name"]
        if name != self.folder.name:
            raise ServerFailed(f"another OpenSearch, {name}, has port {self.port}")
        return True

    def _login(self, login: Login | None) -> Login | None:
        return None

    def _client_context(self) -> ssl.SSLContext | None:
        return None


def _port() -> int:
    for port in range(_LAST_PORT, 9200, -1):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerFailed(f"no free port from 9201 to {_LAST_PORT}")
