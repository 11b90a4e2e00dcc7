import signal

import cases
import screens


def play(stage):
    tv = stage.host("apple-tv", 41, "00:0a:95:10:20:41")
    stage.happens()
    program = screens.advert(tv, "_airplay._tcp", "Apple TV phòng họp", 7000, cases.APPLE_TV, ["flags=0x2024c"])
    stage.sees("VG-NET-02", "plain")
    program.popen.send_signal(signal.SIGUSR1)
    program.wait_for("changed")
