import addresses
from between import SILENT
from people import ANDROID, CAST_ASKS, WINDOWS

WALL = """
add table inet wall
add chain inet wall forward { type filter hook forward priority 0; policy drop; }
add rule inet wall forward oifname "line" accept
add rule inet wall forward ct state established,related accept
"""


def play(stage):
    world = stage.net.segment("world")
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    stage.switch("nguoi-dan").plug(router, "eth1", "a4:f4:c2:10:20:02")
    world.plug(router, "line")
    router.shell("ip address add 192.168.20.1/24 dev eth1; ip link set eth1 up; ip address add 113.160.1.9/24 dev line; ip link set line up")
    router.shell("echo 1 >/proc/sys/net/ipv4/ip_forward")
    (router.folder / "wall").write_text(WALL)
    router.run(["nft", "-f", router.folder / "wall"])
    site = stage.net.host("site", world, "113.160.1.77/24", gateway="113.160.1.9")
    addresses.dnsmasq(router, {})
    pc = stage.host("pc", 21, "10:b6:76:10:20:21", gateway="192.168.10.1")
    phone = stage.host("phone", 101, "6a:5f:2e:10:20:51", on=1, gateway="192.168.20.1")
    for device in (pc, phone):
        device.run(["ping", "-c2", "-i0.2", site.ip])
    stage.person(pc, WINDOWS).start_windows("UBND-XA")
    stage.person(phone, ANDROID).ask_mdns(CAST_ASKS)
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
