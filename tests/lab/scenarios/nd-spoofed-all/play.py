import addresses
from lab import until


def play(stage):
    addresses.radvd(stage.host("router", 1, "a4:f4:c2:10:20:01", ipv6=True), "fd00:10::/64")
    laptop = stage.host("laptop", 77, "98:ee:cb:10:20:77", ipv6=True)
    until(lambda: "default via fe80:" in laptop.run(["ip", "-6", "route"]), "a way out by IPv6")
    router = laptop.run(["ip", "-6", "route", "show", "default"]).split()[2]
    stage.happens()
    laptop.popen(["atk6-fake_advertise6", "-r", "-w", "2", "eth0", router])
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-08", vantage)
