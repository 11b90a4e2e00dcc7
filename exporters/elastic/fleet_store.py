"""A province's store in Elasticsearch or OpenSearch: both halves over one client."""

from __future__ import annotations

from collections.abc import Callable

from exporters.elastic.options import ElasticOptions
from exporters.elastic.projecting import Projecting
from exporters.elastic.reading import Engine, Reading
from model.fleet.declared import FleetDeclared


class ElasticStore(Reading, Projecting):
    """Implements `model.fleet.store.FleetStore`. Raises EngineError."""

    def __init__(self, options: ElasticOptions, declared: Callable[[], FleetDeclared]) -> None:
        """`declared` gives the names that documents bear. Connects at the first request. Raises OptionsError."""
        self._engine = Engine(options)
        Reading.__init__(self, self._engine)
        Projecting.__init__(self, self._engine, declared)

    async def close(self) -> None:
        """Lets go of connections."""
        await self._engine.close()
