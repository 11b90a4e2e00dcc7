import screens
from people import IPHONE, IPHONE_ASKS


def play(stage):
    tv = stage.host("man-hinh", 31, "00:e0:4c:10:20:31")
    screens.avahi(tv)
    iphone = stage.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE)
    stage.happens()
    screens.uxplay(tv, "Màn hình phòng họp")
    stage.sees("VG-NET-02", "plain")
    iphone.ask_mdns(IPHONE_ASKS)
    iphone.fetch("192.168.10.31", 7000, b"GET /info RTSP/1.0\r\nCSeq: 0\r\nUser-Agent: AirPlay/770.8.1\r\n\r\n", until=b"bplist")
