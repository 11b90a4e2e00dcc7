"""What is wrong with keeping or handing out evidence, as one sentence."""

from __future__ import annotations

from model.text import Text


class EvidenceError(Exception):
    """Evidence cannot be kept or packed; `text` is the whole sentence."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text
