import cases
import screens
from people import DIAL_TARGET


def play(stage):
    box = stage.host("tv-box", 38, "1c:a4:10:10:20:38")
    phone = stage.phone()
    screens.dial(box, "TV box hội trường", stage.node_modules)
    stage.joined(box)
    phone.search(DIAL_TARGET)
    stage.sees("VG-NET-02", "mirror")
    stage.happens()
    cases.launch_youtube(phone, "192.168.10.38")
