import screens
import senders


def play(stage):
    box = stage.host("tv-box", 39, "b8:27:eb:10:20:39")
    screens.avahi(box)
    screens.kodi(box, "TV khu chờ")
    phone = stage.phone()
    stage.sees("VG-NET-02", "plain", grade="by_design")
    stage.happens()
    senders.open_by_line(phone, "192.168.10.39")
