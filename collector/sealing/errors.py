"""What is wrong with sealed evidence or its keys, as one sentence."""

from __future__ import annotations

from model.text import Text


class SealError(Exception):
    """Evidence cannot be sealed or opened; `text` is the whole sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text
