import addresses
from lab import until


def play(stage):
    rogue = stage.host("wifi-la", 66, "00:14:78:10:20:66", ipv6=True)
    rogue.shell("ip address add fd00:66::1/64 dev eth0")
    pc = stage.host("pc", 23, "00:0d:61:10:20:23", ipv6=True)
    stage.happens()
    addresses.dnsmasq(rogue, {}, "--enable-ra", "--dhcp-range=fd00:66::100,fd00:66::1ff,64,1h")
    until(lambda: "default via fe80:" in pc.run(["ip", "-6", "route"]), "its advertisement")
    leases = pc.folder / "leases6"
    client = pc.popen(["dhclient", "-6", "-1", "-v", "-d", "-sf", "/bin/true", "-lf", leases, "-pf", pc.folder / "pid6", "eth0"])
    client.wait_for("Bound to lease", 30)
