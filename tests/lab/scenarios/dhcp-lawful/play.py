import addresses
import rogues


def play(stage):
    addresses.dnsmasq(stage.host("router", 1, "a4:f4:c2:10:20:01"), {})
    addresses.udhcpc(stage.host("pc-1", None, "10:b6:76:10:20:31"), "PC-1")
    rogues.dhclient(stage.host("pc-2", None, "10:b6:76:10:20:32"))
    rogues.dhcpcd(stage.host("pc-3", None, "10:b6:76:10:20:33"))
