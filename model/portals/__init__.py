"""Portals as seen by all kinds of visitor: what is lawful, what was learnt, what is wrong."""

from __future__ import annotations

from model.portals.fold import KINDS, fold

__all__ = ["KINDS", "fold"]
