import rogues


def play(stage):
    server = stage.host("kms", 5, "00:15:5d:10:20:05")
    presenter = stage.host("airmedia", 45, "00:10:7f:10:20:45")
    pc = stage.host("pc", 21, "10:b6:76:10:20:21")
    rogues.talking(server, "serve", "192.168.10.5", "1688")
    rogues.talking(presenter, "serve", "192.168.10.45", "1688")
    rogues.talk(pc, "kms", "192.168.10.5")
    rogues.talk(pc, "send", "192.168.10.45", "1688", "80600001" + "00" * 160)
