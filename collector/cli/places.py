"""Whose an asset is, for the inventory: the site of the leg it was heard on, and by its declared data the role it has there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from model.declared import Declared
from model.ports import OtherRow
from model.restored import restore
from model.rows import Asset, Segment
from model.site import SiteView


class Places:
    """The declared sites over the rows a journal holds."""

    def __init__(self, sites: Mapping[str, Declared], rows: Iterable[OtherRow]) -> None:
        """`sites` by their code, as many as the box has."""
        segments = [row for row in rows if isinstance(row, Segment)]
        self._views = [_view(declared, segments) for declared in sites.values()]
        self._of_leg = {leg: view for view in self._views for leg in view.declared.legs}

    def declared(self, asset: Asset) -> Declared:
        """What people say of the site where the asset is."""
        return self._view(asset).declared

    def role(self, asset: Asset) -> str:
        """Whom it serves, `unlabelled` where nobody said."""
        return self._view(asset).role(asset)

    def _view(self, asset: Asset) -> SiteView:
        latest = max(asset.segments, key=lambda segment: asset.segments[segment].last, default="")
        # A leg that was taken out of the configuration belongs to nobody any more: the box's first site tells of it.
        return self._of_leg.get(latest.partition("/")[0], self._views[0])


def _view(declared: Declared, segments: Iterable[Segment]) -> SiteView:
    view = SiteView(declared)
    restore(view, (segment for segment in segments if segment.leg in declared.legs))
    return view
