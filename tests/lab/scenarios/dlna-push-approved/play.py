import cases
import screens
from people import WINDOWS


def play(stage):
    screens.gmediarender(stage.host("tv-sanh", 34, "1c:a4:10:10:20:34"), "TV-Sảnh")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    cases.push_sound(pc, "http://192.168.10.34:49494/description.xml")
