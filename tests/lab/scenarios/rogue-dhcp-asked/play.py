import addresses


def play(stage):
    addresses.dnsmasq(stage.host("router", 1, "a4:f4:c2:10:20:01"), {})
    stage.happens()
    addresses.dnsmasq(stage.host("wifi-la", 66, "00:14:78:10:20:66"), {})
    stage.sees("VG-NET-04", "plain")
