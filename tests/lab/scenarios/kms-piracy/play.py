import rogues


def play(stage):
    router = stage.host("router", 1, "a4:f4:c2:10:20:01")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.behind(pc, router)
    rogues.talking(router, "serve", rogues.outside(router, "kms8.msguides.com"), "1688")
    stage.happens()
    rogues.talk(pc, "kms", "kms8.msguides.com")
