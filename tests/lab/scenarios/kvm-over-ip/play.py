import addresses


def play(stage):
    addresses.dnsmasq(stage.host("router", 1, "a4:f4:c2:10:20:01"), {})
    kvm = stage.host("kvm", None, "30:52:53:10:20:55")
    stage.happens()
    addresses.udhcpc(kvm, "jetkvm-1020")
    kvm.run(["ping", "-c2", "-i0.2", "192.168.10.1"])
