import addresses
from lab import until


def play(stage):
    addresses.radvd(stage.host("router", 1, "a4:f4:c2:10:20:01", ipv6=True), "fd00:10::/64")
    pc, laptop = stage.host("pc", 21, "10:b6:76:10:20:21", ipv6=True), stage.host("laptop", 77, "98:ee:cb:10:20:77", ipv6=True)
    for host in (pc, laptop):
        until(lambda host=host: "default via fe80:" in host.run(["ip", "-6", "route"]), "a way out by IPv6")
    laptop.popen(["atk6-parasite6", "-l", "eth0"]).wait_for("Interceptor")
    pc.shell("ping -c3 -W1 2001:db8::9 >/dev/null || true; ip neigh flush dev eth0")
    stage.happens()
    pc.shell("ping -c3 -W1 2001:db8::9 >/dev/null || true")
    stage.sees("VG-NET-08")
