"""The questions that PCs are asked: shipped source, a province's signed edition, and the lint that both must pass."""

from __future__ import annotations

from collector.catalogue.rendering import render
from collector.catalogue.shapes import Catalogue, CatalogueError, Platform, Province, Query, Rendered, Signed, StoreTable
from collector.catalogue.signing import opened, sign
from collector.catalogue.source import load

__all__ = ["Catalogue", "CatalogueError", "Platform", "Province", "Query", "Rendered", "Signed", "StoreTable", "load", "opened", "render", "sign"]
