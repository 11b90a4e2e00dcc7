import rogues


def play(stage):
    router, laptop = stage.host("router", 1, "a4:f4:c2:10:20:01"), stage.host("laptop", 77, "98:ee:cb:10:20:77")
    rogues.speaks(router)
    rogues.speaks(laptop)
    laptop.shell("ip address add 192.168.10.1/24 dev eth0")
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-08", vantage)
