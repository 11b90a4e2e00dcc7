"""Elasticsearch: append-only data streams in the fields of ECS."""

from exporters.elastic.bootstrap import Step, bootstrap
from exporters.elastic.ecs import Origin, SitePlace
from exporters.elastic.options import ElasticOptions
from exporters.elastic.sink import Elastic

__all__ = ["Elastic", "ElasticOptions", "Origin", "SitePlace", "Step", "bootstrap"]
