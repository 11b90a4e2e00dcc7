import rogues


def play(stage):
    line = stage.net.segment("line")
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    line.plug(router, "eth1")
    router.shell("ip address add 113.160.1.9/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21", gateway="192.168.10.1")
    outside = stage.net.host("outside", line, "113.160.1.77/24", gateway="113.160.1.9")
    rogues.talking(pc, "serve", "192.168.10.21", "8080")
    pc.run(["ping", "-c2", "-i0.2", "192.168.10.1"])
    stage.happens()
    for _ in range(3):
        rogues.talk(outside, "send", "192.168.10.21", "8080", "474554202f20485454502f312e300d0a0d0a")
