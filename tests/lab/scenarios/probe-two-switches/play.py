def play(stage):
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", "khung thử lớp 2", vantage)
