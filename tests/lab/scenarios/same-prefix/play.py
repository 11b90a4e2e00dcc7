import addresses
from between import SILENT


def play(stage):
    for number, name in enumerate(("can-bo", "nguoi-dan"), 1):
        router = stage.net.host(f"router-{name}", stage.switch(name), "192.168.1.1/24", mac=f"a4:f4:c2:10:20:0{number}")
        addresses.dnsmasq(router, {})
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
