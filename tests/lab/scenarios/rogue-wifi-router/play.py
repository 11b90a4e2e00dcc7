import addresses
import rogues

NAT = "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; }; add rule ip nat out oifname eth0 masquerade"


def play(stage):
    stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    wifi = stage.net.segment("wifi")
    rogue = stage.host("wifi-la", 66, "14:cc:20:10:20:66")
    stage.happens()
    addresses.dnsmasq(rogue, {})
    rogues.igd(rogue, "113.160.1.66")
    wifi.plug(rogue, "inner")
    rogue.shell("ip address add 192.168.0.1/24 dev inner; ip link set inner up")
    rogue.run(["nft", NAT])
    phone = stage.net.host("phone", wifi, "192.168.0.101/24", mac="6a:5f:2e:10:20:51", gateway="192.168.0.1")
    phone.run(["ping", "-c3", "-i0.2", "192.168.10.21"])
    addresses.udhcpc(stage.host("pc-2", None, "10:b6:76:10:20:22"), "PC-2", "-B")
    pc.run(["ping", "-c1", "192.168.10.66"])
