import between


def play(stage):
    between.forwarder(stage.net, stage.switch("can-bo"), stage.switch("nguoi-dan"), "--tag", "20")
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-01", vantage)
