import screens
import senders

TEXT = ["id=uuid:8b1d0c0e-2a55-4e0c-9f5e-1d2a3b4c5d45", "ve=2.0.25", "fn=[TV] Sảnh", "md=UE40KU6000", "se=http://192.168.10.45:8001/api/v2/"]


def play(stage):
    tv = stage.host("tv-sanh", 45, "5c:49:7d:10:20:45")
    screens.television(tv, "samsung", "192.168.10.45")
    screens.advert(tv, "_samsungmsf._tcp", "[TV] Sảnh", 8001, TEXT)
    phone = stage.phone()
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    senders.command(phone, "samsung", "192.168.10.45", "http://192.168.10.101:8090/anh-vui.html")
