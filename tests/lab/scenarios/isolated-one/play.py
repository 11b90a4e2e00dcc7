def play(stage):
    for box in stage.boxes:
        stage.switch("can-bo", box.vantage).isolate(box.legs[0])
    stage.happens()
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-01", vantage)
