import rogues

# The server's agreement to CredSSP ([MS-RDPBCGR] 2.2.1.2.1).
NLA = "030000130ed000001234000200080002000000"


def play(stage):
    served, viewer = stage.host("pc-1", 21, "10:b6:76:10:20:21"), stage.host("pc-2", 22, "10:b6:76:10:20:22")
    rogues.talking(served, "serve", "192.168.10.21", "3389", NLA)
    stage.happens()
    rogues.talk(viewer, "rdp", "192.168.10.21")
