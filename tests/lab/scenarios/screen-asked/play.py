import cases
import screens


def play(stage):
    screens.gmediarender(stage.host("tv-sanh", 34, "1c:a4:10:10:20:34"), "TV-Sảnh")
    phone = stage.phone()
    for vantage in ("mirror", "plain"):
        stage.subscribed("1c:a4:10:10:20:34", vantage)
    stage.happens()
    cases.push_sound(phone, "http://192.168.10.34:49494/description.xml")
