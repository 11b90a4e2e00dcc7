from people import ANDROID, CAST_ASKS, IPHONE, IPHONE_ASKS, WINDOWS


def play(stage):
    for last in (21, 22, 23):
        stage.station(f"PC-{last}", last, f"10:b6:76:10:20:{last}", WINDOWS).start_windows("UBND-XA")
    stage.happens()
    for last, mac, kind, asks in ((101, "6a:5f:2e:10:20:51", ANDROID, CAST_ASKS), (102, "5e:3c:1b:10:20:52", IPHONE, IPHONE_ASKS)):
        phone = stage.net.host("phone", stage.switch("lan"), f"192.168.20.{last}/24", mac=mac)
        stage.person(phone, kind).ask_mdns(asks)
