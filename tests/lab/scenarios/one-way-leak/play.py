import between


def play(stage):
    between.forwarder(stage.net, stage.switch("nguoi-dan"), stage.switch("can-bo"))
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-01", vantage)
