import cases
import screens
from people import ROKU_TARGET


def play(stage):
    roku = stage.host("roku", 37, "00:0d:4b:10:20:37")
    phone = stage.phone()
    screens.peer(roku, "roku", "YN00X1102037", "192.168.10.37")
    stage.joined(roku)
    phone.search(ROKU_TARGET, "Android/14")
    stage.sees("VG-NET-02", "mirror")
    stage.happens()
    cases.press_home(phone, "192.168.10.37")
