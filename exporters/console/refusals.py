"""What a page answers when it does not do what was asked."""

from __future__ import annotations

from model.text import Text


class RefusedError(Exception):
    """Something that was not carried out, with the HTTP status and the sentence for people."""

    def __init__(self, status: int, why: Text) -> None:
        super().__init__(why.en)
        self.status = status
        self.why = why
