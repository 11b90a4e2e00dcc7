"""A program that plays a media address on a Google Cast receiver with pychromecast, as a phone's app does, and stops when told to (SIGTERM).

python castpush.py IP PORT MEDIA_URL
"""

from __future__ import annotations

import signal
import sys
import threading
import uuid

import pychromecast
from pychromecast.models import CastInfo, HostServiceInfo


def push(ip: str, port: int, media: str) -> None:
    """Starts the receiver's own player, gives it the address, waits to be told to stop, and quits the player."""
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    info = CastInfo({HostServiceInfo(ip, port)}, uuid.uuid4(), "Chromecast", "TV", ip, port, "cast", "Lab")
    cast = pychromecast.get_chromecast_from_cast_info(info, zconf=None)
    cast.wait(timeout=10)
    cast.media_controller.play_media(media, "video/mp4")
    cast.media_controller.block_until_active(timeout=10)
    print("playing", flush=True)
    done.wait(60)
    cast.quit_app()
    print("stopped", flush=True)
    cast.disconnect()


if __name__ == "__main__":
    push(sys.argv[1], int(sys.argv[2]), sys.argv[3])
