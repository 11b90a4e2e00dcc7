import rogues


def play(stage):
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.igd(router, "113.160.1.9")
    stage.happens()
    pc.run(["upnpc", "-e", "camera", "-a", "192.168.10.21", "8080", "18080", "TCP"])
