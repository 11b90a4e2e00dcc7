from people import CAST_ASKS, DIAL_TARGET, IPHONE, IPHONE_ASKS, RENDERER_TARGET, ROKU_TARGET, WINDOWS


def play(stage):
    pc = stage.station("PC-TIEPNHAN01", 22, "10:b6:76:10:20:22", WINDOWS)
    pc.start_windows("UBND-XA")
    iphone = stage.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE)
    phone = stage.phone()
    for station, targets in ((pc, [DIAL_TARGET]), (phone, [DIAL_TARGET, RENDERER_TARGET, ROKU_TARGET])):
        station.ask_mdns(CAST_ASKS)
        for target in targets:
            station.search(target)
    iphone.ask_mdns(IPHONE_ASKS)
    pc.search_projectors()
