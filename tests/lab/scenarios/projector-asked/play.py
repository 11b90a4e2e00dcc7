import cases
import screens
from people import WINDOWS


def play(stage):
    projector = stage.host("may-chieu", 43, "38:1a:52:10:20:43")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    screens.peer(projector, "pjlink", projector.mac)
    stage.happens()
    cases.ask_projector(pc, "192.168.10.43")
