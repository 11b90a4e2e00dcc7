"""A program that views a screen and types on it by VNC, with vncdotool as testers do.

python vncview.py IP [PASSWORD]
"""

from __future__ import annotations

import sys

from vncdotool import api


def view(ip: str, password: str | None = None) -> None:
    """Logs in, fetches the picture, types a word and moves the mouse; an error where it is not let in."""
    with api.connect(ip, password=password, timeout=15) as screen:
        screen.refreshScreen()
        print("seen", flush=True)
        for key in "xin chao":
            screen.keyPress("space" if key == " " else key)
        screen.mouseMove(5, 5)
    api.shutdown()


if __name__ == "__main__":
    view(*sys.argv[1:])
