from between import SILENT


def play(stage):
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
