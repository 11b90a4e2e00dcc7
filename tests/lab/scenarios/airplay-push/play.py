import cases
import screens
import senders


def play(stage):
    tv = stage.host("man-hinh", 31, "00:e0:4c:10:20:31")
    screens.avahi(tv)
    screens.uxplay(tv, "Màn hình phòng họp")
    phone = stage.phone()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-02", vantage, grade="confirmed")
    senders.play_airplay(phone, "sound", "192.168.10.31", str(cases.silence(phone)), found=stage.happens)
