import rogues

from tests.decode.remote import shapes


def play(stage):
    router, pc = stage.host("router", 1, "a4:f4:c2:10:20:01"), stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.behind(pc, router)
    router.shell("ip address add 203.0.113.9/32 dev lo")
    hello = shapes.hello("remotedesktop-pa.googleapis.com")
    stage.happens()
    for number in range(2):
        rogues.talk(pc, "call", "203.0.113.9", "443", shapes.initial(shapes.crypto(0, hello), number=number).hex())
    stage.sees("VG-NET-07")
