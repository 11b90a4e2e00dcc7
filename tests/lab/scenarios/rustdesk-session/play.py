import rogues

from tests.decode.remote import shapes

REGISTER, REQUEST_RELAY = 6, 18


def play(stage):
    router, pc = stage.host("router", 1, "a4:f4:c2:10:20:01"), stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.behind(pc, router)
    world = rogues.outside(router, "rustdesk.com")
    rogues.talking(router, "serve", world, "21117", "00" * 400)
    stage.happens()
    rogues.talk(pc, "call", world, "21116", shapes.rendezvous(REGISTER, bytes(20)).hex())
    asked = shapes.framed(shapes.rendezvous(REQUEST_RELAY, bytes(40)))
    rogues.talk(pc, "send", "rs-ny.rustdesk.com", "21117", (asked + bytes(600)).hex())
    stage.sees("VG-NET-07")
