"""Why something carried by hand is not taken in, as one sentence."""

from __future__ import annotations

from model.text import Text


class BundleError(Exception):
    """It is refused; `text` says why, and goes on after the file's name."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text
