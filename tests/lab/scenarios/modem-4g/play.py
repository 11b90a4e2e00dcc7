import addresses
import rogues


def play(stage):
    stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.speaks(pc)
    stick = stage.net.host("usb-4g", stage.switch("lan"), "192.168.8.1/24", mac="0c:5b:8f:27:9a:64")
    stage.happens()
    addresses.dnsmasq(stick, {}, pool="100,120")
    rogues.igd(stick, "113.160.1.88")
    client = stage.host("pc-2", None, "10:b6:76:10:20:22")
    addresses.udhcpc(client, "PC-2", "-B")
    rogues.speaks(client)
