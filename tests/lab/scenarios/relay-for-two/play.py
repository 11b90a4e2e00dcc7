import addresses
from between import SILENT, router

WALL = """
add table inet wall
add chain inet wall forward { type filter hook forward priority 0; policy drop; }
add rule inet wall forward ip daddr 10.0.0.5 accept
add rule inet wall forward ip saddr 10.0.0.5 accept
"""


def play(stage):
    relay, core = router(stage), stage.net.segment("core", flooding=False)
    core.plug(relay, "eth2", "a4:f4:c2:10:20:03")
    relay.shell("ip address add 10.0.0.1/24 dev eth2; ip link set eth2 up")
    (relay.folder / "wall").write_text(WALL)
    relay.run(["nft", "-f", relay.folder / "wall"])
    server = stage.net.host("dhcp", core, "10.0.0.5/24", mac="00:15:5d:10:20:05", gateway="10.0.0.1")
    addresses.dnsmasq(server, {}, "--dhcp-range=192.168.20.200,192.168.20.220,255.255.255.0,8h", net="192.168.10", gateway="192.168.10.1")
    addresses.relay(relay, server, "192.168.20.1")
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
