import rogues


def play(stage):
    served = stage.host("pc-1", 21, "10:b6:76:10:20:21")
    viewer = stage.host("pc-2", 22, "10:b6:76:10:20:22")
    rogues.xvnc(served)
    stage.happens()
    rogues.talk(viewer, "view", "192.168.10.21")
