import signal

import rogues

HERE = "for i in $(seq 300); do ip address show dev eth0 | grep -q fe80::1/64 && exit 0; sleep 0.1; done; exit 1"


def play(stage):
    routers = [stage.host(f"router-{last}", last, f"a4:f4:c2:10:20:0{last}", ipv6=True) for last in (2, 3)]
    pc = stage.host("pc", 21, "10:b6:76:10:20:21", ipv6=True)
    pairs = [rogues.keepalived(router, "fe80::1/64", 100 + number) for number, router in enumerate(routers)]
    routers[1].shell(HERE)
    pc.run(["ping", "-c2", "-i0.2", "fe80::1%eth0"])
    pairs[1].stop(signal.SIGKILL)
    routers[1].shell("ip link set eth0 down")
    routers[0].shell(HERE)
    pc.run(["ping", "-c3", "-i0.5", "fe80::1%eth0"])
