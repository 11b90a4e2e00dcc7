import addresses

SERVE = ["dnsmasq", "-k", "--no-resolv", "--no-hosts", "--port=0", "--no-ping", "--user=root", "--conf-file=/dev/null", "--pid-file=", "--log-facility=-"]


def play(stage):
    core = stage.net.segment("core")
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    core.plug(router, "eth1")
    router.shell("ip address add 10.0.0.1/24 dev eth1; ip link set eth1 up; echo 1 >/proc/sys/net/ipv4/ip_forward")
    server = stage.net.host("server", core, "10.0.0.5/24", gateway="10.0.0.1")
    served = ["--dhcp-range=192.168.10.200,192.168.10.220,255.255.255.0,1h", "--dhcp-option=3,192.168.10.1"]
    server.popen([*SERVE, f"--dhcp-leasefile={server.folder}/leases", *served]).wait_for("started")
    router.popen([*SERVE, f"--dhcp-leasefile={router.folder}/leases", "--dhcp-relay=192.168.10.1,10.0.0.5"]).wait_for("started")
    for last in range(2):
        addresses.udhcpc(stage.host(f"pc-{last}", None, f"10:b6:76:10:20:3{last}"), f"PC-{last}")
