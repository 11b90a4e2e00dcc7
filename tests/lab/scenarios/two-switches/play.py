from people import ANDROID, CAST_ASKS, IPHONE, IPHONE_ASKS, WINDOWS


def play(stage):
    for last in (21, 22, 23):
        pc = stage.station(f"PC-{last}", last, f"10:b6:76:10:20:{last}", WINDOWS)
        pc.start_windows("UBND-XA")
    stage.station("phone", 101, "6a:5f:2e:10:20:51", ANDROID, on=1).ask_mdns(CAST_ASKS)
    stage.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE, on=1).ask_mdns(IPHONE_ASKS)
