from between import SILENT


def play(stage):
    for box in stage.boxes:
        stage.switch("can-bo", box.vantage).isolate(*box.legs)
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
