import cases
import screens
import senders
from people import WINDOWS


def play(stage):
    box = stage.host("tv-box", 39, "b8:27:eb:10:20:39")
    screens.avahi(box)
    screens.kodi(box, "TV khu chờ")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    stage.sees("VG-NET-02", "plain", grade="by_design")
    stage.happens()
    cases.push_sound(pc, "192.168.10.39")
    senders.play_airplay(pc, "film", "192.168.10.39", "http://192.168.10.21:8090/anh-vui.wav")
    senders.open_in_kodi(pc, "192.168.10.39", "http://192.168.10.21:8090/anh-vui.wav")
    senders.send_to_kodi(pc, "192.168.10.39", "PlayerControl(Stop)")
