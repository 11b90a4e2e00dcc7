import rogues

from tests.decode.remote import shapes

# Who it is, then data of a session (collector/decode/remote/teamviewer.py).
WORDS = (10, 91, 92, 91)


def play(stage):
    router, pc = stage.host("router", 1, "a4:f4:c2:10:20:01"), stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.behind(pc, router)
    world = rogues.outside(router, "teamviewer.com")
    rogues.talking(router, "serve", world, "5938", "00" * 64)
    stage.happens()
    for word in WORDS:
        rogues.talk(pc, "send", "router7.teamviewer.com", "5938", shapes.teamviewer(word).hex())
    stage.sees("VG-NET-07")
