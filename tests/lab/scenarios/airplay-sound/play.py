import screens


def play(stage):
    speaker = stage.host("loa", 32, "2c:cf:67:10:20:32")
    screens.avahi(speaker)
    stage.happens()
    screens.shairport(speaker, "Loa hội trường")
    stage.sees("VG-NET-02", "plain")
