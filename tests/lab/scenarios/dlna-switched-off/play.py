import re

import cases
import screens
from people import WINDOWS


def play(stage):
    tv = stage.host("tv-hop-nho", 35, "28:cd:c1:10:20:35")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    program = screens.rygel(tv, "TV phòng họp nhỏ")
    stage.sees("VG-NET-02", "plain")
    # It says goodbye once at its start too; only one that comes after all its adverts is the last.
    stage.hears(b"ssdp:alive", 6)
    [port] = set(re.findall(rb"Location: http://192.168.10.35:(\d+)/", stage.heard.read_bytes()))
    stage.happens()
    program.stop()
    cases.knock(pc, "192.168.10.35", int(port))
