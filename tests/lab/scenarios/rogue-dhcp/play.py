import addresses


def play(stage):
    addresses.dnsmasq(stage.host("router", 1, "a4:f4:c2:10:20:01"), {})
    stage.happens()
    addresses.dnsmasq(stage.host("wifi-la", 66, "00:14:78:10:20:66"), {})
    addresses.udhcpc(stage.host("pc-1", None, "10:b6:76:10:20:31"), "PC-1")
    # Some clients ask for broadcast answers, which every port hears.
    addresses.udhcpc(stage.host("pc-2", None, "10:b6:76:10:20:32"), "PC-2", "-B")
