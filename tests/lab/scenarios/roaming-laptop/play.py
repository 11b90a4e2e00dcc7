from between import SILENT, roams


def play(stage):
    mac = "30:9c:23:10:20:77"
    roams(stage.host("laptop", 77, mac), stage.net.host("laptop-2", stage.switch("nguoi-dan"), "192.168.10.77/24", mac=mac))
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
