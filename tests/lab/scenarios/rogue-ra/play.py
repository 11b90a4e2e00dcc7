import addresses
from lab import until


def play(stage):
    router = stage.host("wifi-la", 66, "00:14:78:10:20:66", ipv6=True)
    pc = stage.host("pc", 23, "00:0d:61:10:20:23", ipv6=True)
    stage.happens()
    program = addresses.radvd(router, "fd00:66::/64")
    until(lambda: "fd00:66:" in pc.run(["ip", "-6", "address"]), "an address under the prefix")
    stage.sees("VG-NET-04", "plain")
    program.stop()
