import screens
import senders


def play(stage):
    tv = stage.host("tv-hop", 46, "a8:23:fe:10:20:46")
    screens.television(tv, "lg", "192.168.10.46")
    phone = stage.phone()
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    senders.command(phone, "lg", "192.168.10.46", "http://192.168.10.101:8090/anh-vui.html")
