"""Three real Elasticsearch nodes on loopback that are one cluster: any of them can be killed and started again under load."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from tests.servers.call import Reply
from tests.servers.elasticsearch import Elasticsearch
from tests.servers.process import free_port

NODES = 3


class Cluster:
    """Use as a context: starts all nodes and waits until every shard has its copies. About a minute on two cores, 1 GiB a node."""

    dialect = "elasticsearch"

    def __init__(self) -> None:
        names = [f"node-{number}" for number in range(NODES)]
        ports = [free_port() for _ in names]
        together = {
            "cluster.name": "vonggac-tests",
            "discovery.type": "",
            "discovery.seed_hosts": _listed(f"127.0.0.1:{port}" for port in ports),
            "cluster.initial_master_nodes": _listed(names),
            "cluster.routing.allocation.node_concurrent_recoveries": "8",
        }
        self.nodes = [Elasticsearch(settings={**together, "node.name": name, "transport.port": str(port)}) for name, port in zip(names, ports, strict=True)]

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of all nodes, dead ones too, as a sink is configured with."""
        return tuple(node.url for node in self.nodes)

    def call(self, method: str, path: str, body: object = None) -> Reply:
        """One request to the first node that lives."""
        return self._living().call(method, path, body)

    def documents(self, target: str) -> dict[str, dict[str, Any]]:
        """Every stored document by `_id`, as Engine.documents gives them."""
        return self._living().documents(target)

    def green(self, nodes: int = NODES, seconds: int = 120) -> None:
        """Wait until so many nodes are there and every shard has all its copies; AssertionError."""
        path = f"/_cluster/health?wait_for_status=green&wait_for_nodes={nodes}&wait_for_no_relocating_shards=true&timeout={seconds}s"
        reply = self._living().call("GET", path, seconds=seconds + 10)
        assert not reply.json()["timed_out"], reply.body

    def kill(self, number: int) -> None:
        """SIGKILL to one node, as a power cut; its data stays."""
        self.nodes[number].kill()

    def start(self, number: int) -> None:
        """Start a node that was killed, on the same data and address; wait until it answers."""
        self.nodes[number].start()

    def __enter__(self) -> Self:
        try:
            for node in self.nodes:
                node.launch()
            for node in self.nodes:
                node.await_ready()
            self.green()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def _close(self) -> None:
        for node in self.nodes:
            node.close()

    def _living(self) -> Elasticsearch:
        return next(node for node in self.nodes if node.pid is not None)


def _listed(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"
