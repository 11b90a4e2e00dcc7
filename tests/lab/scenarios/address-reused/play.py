import addresses


def play(stage):
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    server = addresses.dnsmasq(router, {"10:b6:76:10:20:31": "192.168.10.50"})
    first = stage.host("pc-1", None, "10:b6:76:10:20:31")
    addresses.udhcpc(first, "PC-1")
    first.run(["ping", "-c2", "-i0.2", "192.168.10.1"])
    first.shell("ip link set eth0 down")
    server.stop()
    (router.folder / "leases").unlink()
    addresses.dnsmasq(router, {"10:b6:76:10:20:32": "192.168.10.50"})
    second = stage.host("pc-2", None, "10:b6:76:10:20:32")
    addresses.udhcpc(second, "PC-2")
    second.run(["ping", "-c2", "-i0.2", "192.168.10.1"])
