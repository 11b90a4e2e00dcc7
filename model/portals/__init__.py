"""Portals as seen by all kinds of visitor: what is lawful, what was learnt, what is wrong."""

from __future__ import annotations

from model.portals.campaigns import Campaigns
from model.portals.fold import KINDS, accept_change, fold, name_of, new_epoch, policy_of, reindex
from model.portals.policy import Policy
from model.portals.rows import PortalRow

__all__ = ["KINDS", "Campaigns", "Policy", "PortalRow", "accept_change", "fold", "name_of", "new_epoch", "policy_of", "reindex"]
