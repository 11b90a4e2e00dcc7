import screens
import senders


def play(stage):
    tv = stage.host("man-hinh", 31, "00:e0:4c:10:20:31")
    screens.avahi(tv)
    phone = stage.phone()
    stage.happens()
    screens.uxplay(tv, "Màn hình phòng họp")
    stage.sees("VG-NET-02", "plain")
    senders.play_airplay(phone, "look", "192.168.10.31")
