import cases
import screens
import senders


def play(stage):
    speaker = stage.host("loa", 32, "2c:cf:67:10:20:32")
    screens.avahi(speaker)
    screens.shairport(speaker, "Loa hội trường")
    phone = stage.phone()
    stage.sees("VG-NET-02", "plain")
    senders.play_airplay(phone, "sound", "192.168.10.32", str(cases.silence(phone)), found=stage.happens)
