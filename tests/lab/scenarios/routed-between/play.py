import between


def play(stage):
    between.router(stage)
    for box in stage.boxes:
        between.goes_out(box)
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-09", vantage)
