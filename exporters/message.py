"""One message to people: a finding's change, or a fold of many; and its words for every channel."""

from __future__ import annotations

import msgspec

from exporters import render, render_fold
from exporters.fold import Fold
from exporters.render import Place
from model.ledger import Change
from model.text import Language, Text


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent. `id` is the same each time; `note`: why it comes now, where that is not plain.

    `under`: the fold by which people heard of this finding; `over`: folds of which nothing stands any more after this.
    """

    id: str
    about: Change | Fold
    note: Text | None = None
    under: str = ""
    over: tuple[str, ...] = ()

    @property
    def at(self) -> int:
        """When it happened, ns."""
        return self.about.at

    @property
    def thread(self) -> str:
        """What messages about the same have in common: the finding's code, or the fold's."""
        return self.about.finding.id if isinstance(self.about, Change) else self.about.id


def alert(message: Message, language: Language, place: Place) -> str:
    """The text for people; hostile names inert, at most 699 characters."""
    if isinstance(message.about, Fold):
        return render_fold.alert(message.about, language, place)
    return render.alert(message.about, language, place, message.note)


def title(message: Message, language: Language, place: Place) -> str:
    """The first line alone."""
    if isinstance(message.about, Fold):
        return render_fold.title(message.about, language, place)
    return render.title(message.about, language, place, message.note)


def brief(message: Message, language: Language, place: Place) -> str:
    """What may cross a channel of strangers: no name, address or evidence."""
    if isinstance(message.about, Fold):
        return render_fold.brief(message.about, language, place)
    return render.brief(message.about, language, place, message.note)
