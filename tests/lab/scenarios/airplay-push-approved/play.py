import cases
import screens
import senders
from people import WINDOWS


def play(stage):
    tv = stage.host("man-hinh", 31, "00:e0:4c:10:20:31")
    screens.avahi(tv)
    screens.uxplay(tv, "Màn hình phòng họp")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    senders.play_airplay(pc, "sound", "192.168.10.31", str(cases.silence(pc)))
