import rogues


def play(stage):
    line = stage.net.segment("line")
    router = stage.host("router", 1, "a4:f4:c2:10:20:01", ipv6=True)
    line.plug(router, "eth1")
    router.shell("ip link set eth1 up; ip address add 2001:db8:10::1/64 dev eth0; ip address add 2001:db8:99::1/64 dev eth1")
    router.shell("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21", ipv6=True)
    pc.shell("ip address add 2001:db8:10::21/64 dev eth0; ip -6 route add default via 2001:db8:10::1")
    outside = stage.net.host("outside", line, "113.160.1.77/24", ipv6=True)
    outside.shell("ip address add 2001:db8:99::77/64 dev eth0; ip -6 route add default via 2001:db8:99::1")
    rogues.talking(pc, "serve", "2001:db8:10::21", "8080")
    pc.run(["ping", "-c2", "-i0.2", "2001:db8:10::1"])
    stage.happens()
    for _ in range(3):
        rogues.talk(outside, "send", "2001:db8:10::21", "8080", "474554202f20485454502f312e300d0a0d0a")
