import screens
import senders


def play(stage):
    box = stage.host("tv-box", 39, "b8:27:eb:10:20:39")
    screens.avahi(box)
    screens.kodi(box, "TV khu chờ")
    phone = stage.phone()
    for vantage in ("mirror", "plain"):
        stage.answered("b8:27:eb:10:20:39", vantage, "status")
    stage.happens()
    senders.open_in_kodi(phone, "192.168.10.39")
