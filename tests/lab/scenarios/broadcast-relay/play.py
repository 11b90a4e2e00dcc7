import between


def play(stage):
    between.forwarder(stage.net, stage.switch("can-bo"), stage.switch("nguoi-dan"), "--relay", "34997")
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-01", vantage)
