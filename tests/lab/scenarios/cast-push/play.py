import signal
import sys

import cases
import screens

NAME = "Chromecast-5b0c3a1e9d0f4c7e8a21d3b4c5f60718"


def play(stage):
    tv = stage.host("chromecast", 33, "00:f6:20:10:20:33")
    phone = stage.host("phone", 101, "6a:5f:2e:10:20:51")
    screens.cast(tv, "TV khu chờ", stage.node_modules)
    advert = screens.advert(tv, "_googlecast._tcp", NAME, 8009, [*cases.CAST, "fn=TV khu chờ"], ["st=1", "rs=Default Media Receiver"])
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    sender = phone.popen([sys.executable, screens.HERE / "castpush.py", "192.168.10.33", "8009", "http://192.168.10.101:8090/a.mp4"])
    sender.wait_for("playing")
    # What the receiver's own software does: it tells by its advert that it is busy.
    advert.popen.send_signal(signal.SIGUSR1)
    advert.wait_for("changed")
    sender.popen.send_signal(signal.SIGTERM)
    sender.wait_for("stopped")
