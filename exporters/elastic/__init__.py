"""Elasticsearch and OpenSearch: append-only data streams in the fields of ECS."""

from exporters.elastic.bootstrap import Step, bootstrap
from exporters.elastic.ecs import Origin, SitePlace
from exporters.elastic.options import Dialect, ElasticOptions
from exporters.elastic.sink import Elastic

__all__ = ["Dialect", "Elastic", "ElasticOptions", "Origin", "SitePlace", "Step", "bootstrap"]
