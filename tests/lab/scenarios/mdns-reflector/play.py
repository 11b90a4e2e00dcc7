from between import SILENT, reflector
from people import IPHONE, IPHONE_ASKS


def play(stage):
    reflector(stage)
    iphone = stage.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE, on=1)
    iphone.ask_mdns(IPHONE_ASKS)
    stage.hears(b"_companion-link")
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
