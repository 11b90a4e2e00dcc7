import screens


def play(stage):
    store = stage.host("kho-anh", 36, "00:11:32:10:20:36")
    phone = stage.phone()
    screens.minidlna(store, "Kho ảnh")
    stage.joined(store)
    phone.search("ssdp:all", "Android/14 UPnP/1.0")
    stage.hears(b"MediaServer", 2)
