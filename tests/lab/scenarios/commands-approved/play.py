import screens
import senders
from people import WINDOWS


def play(stage):
    projector = stage.host("may-chieu", 43, "38:1a:52:10:20:43")
    samsung = stage.host("tv-sanh", 45, "5c:49:7d:10:20:45")
    lg = stage.host("tv-hop", 46, "a8:23:fe:10:20:46")
    screens.peer(projector, "pjlink", projector.mac)
    screens.television(samsung, "samsung", "192.168.10.45")
    screens.television(lg, "lg", "192.168.10.46")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    stage.happens()
    senders.command(pc, "pjlink", "192.168.10.43")
    for kind, ip in (("samsung", "192.168.10.45"), ("lg", "192.168.10.46")):
        senders.command(pc, kind, ip, "http://192.168.10.21:8090/thong-bao.html")
