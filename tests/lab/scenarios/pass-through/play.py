import between
import rogues


def play(stage):
    between.router(stage)
    pc = stage.host("pc", 21, "10:b6:76:10:20:21", gateway="192.168.10.1")
    phone = stage.host("phone", 101, "6a:5f:2e:10:20:51", on=1, gateway="192.168.20.1")
    rogues.talking(pc, "serve", "192.168.10.21", "8080")
    rogues.speaks(pc)
    stage.happens()
    for _ in range(3):
        rogues.talk(phone, "send", "192.168.10.21", "8080", "474554202f20485454502f312e300d0a0d0a")
    stage.sees("VG-NET-09")
