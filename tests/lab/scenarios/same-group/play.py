import addresses
from between import SILENT


def play(stage):
    for name in ("can-bo", "nguoi-dan"):
        router = stage.net.host(f"router-{name}", stage.switch(name), "192.168.1.1/24", mac="00:00:5e:00:01:07")
        addresses.dnsmasq(router, {})
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
