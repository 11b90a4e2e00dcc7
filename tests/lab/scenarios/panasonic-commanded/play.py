import screens
import senders


def play(stage):
    projector = stage.host("may-chieu", 47, "00:80:45:10:20:47")
    screens.television(projector, "panasonic")
    phone = stage.phone()
    stage.happens()
    senders.command(phone, "panasonic", "192.168.10.47")
