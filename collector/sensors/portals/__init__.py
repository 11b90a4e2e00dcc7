"""Visits portals as every kind of visitor."""
