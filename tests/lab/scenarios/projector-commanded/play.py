import screens
import senders


def play(stage):
    projector = stage.host("may-chieu", 43, "38:1a:52:10:20:43")
    screens.peer(projector, "pjlink", projector.mac)
    phone = stage.phone()
    stage.happens()
    senders.command(phone, "pjlink", "192.168.10.43")
