"""One thing looked at."""

from __future__ import annotations

from typing import Literal

import msgspec

from model.text import Text

# `unknown` is not `ok`: it could not be looked at, and says why.
State = Literal["ok", "warn", "bad", "unknown"]


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, how it stands, one sentence, and the command or act that mends it (empty where there is nothing to mend)."""

    name: str
    state: State
    said: Text
    mend: Text = Text("", "")


# What a user without the rights of root is told of a file that he may not see: it may be well, and it may not.
AS_ROOT = Text("gõ lại với sudo: sudo vonggac doctor", "as root: sudo vonggac doctor")
