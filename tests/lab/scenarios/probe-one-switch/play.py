def play(stage):
    stage.happens()
    stage.sees("VG-NET-01", "plain")
