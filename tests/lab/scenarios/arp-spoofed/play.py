import takeovers


def play(stage):
    stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    laptop = stage.host("laptop", 77, "98:ee:cb:10:20:77")
    pc.run(["ping", "-c2", "-i0.2", "192.168.10.1"])
    laptop.run(["ping", "-c1", "192.168.10.1"])
    stage.happens()
    takeovers.arpspoof(laptop, "-t", "192.168.10.21", "192.168.10.1")
    takeovers.arpspoof(laptop, "-t", "192.168.10.1", "192.168.10.21")
    stage.sees("VG-NET-08")
