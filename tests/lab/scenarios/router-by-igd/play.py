import rogues


def play(stage):
    stage.host("router", 1, "a4:f4:c2:10:20:01")
    rogue = stage.host("hop", 66, "14:cc:20:10:20:66")
    stage.happens()
    rogues.igd(rogue, "113.160.1.66")
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-05", vantage)
