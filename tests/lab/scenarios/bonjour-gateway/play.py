import between
import cases
import screens


def play(stage):
    tv = stage.host("apple-tv", 41, "00:0a:95:10:20:41", on=1)
    between.reflector(stage)
    stage.happens()
    screens.advert(tv, "_airplay._tcp", "Apple TV phòng họp", 7000, cases.APPLE_TV)
    stage.hears(b"_airplay")
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-02", vantage)
