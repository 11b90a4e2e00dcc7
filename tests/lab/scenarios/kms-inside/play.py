import rogues


def play(stage):
    server, pc = stage.host("kms-la", 9, "00:15:5d:10:20:09"), stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.talking(server, "serve", "192.168.10.9", "1688")
    stage.happens()
    rogues.talk(pc, "kms", "192.168.10.9")
