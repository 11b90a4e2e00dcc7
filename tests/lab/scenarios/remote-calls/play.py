import rogues


def play(stage):
    first = stage.host("pc-1", 21, "10:b6:76:10:20:21")
    second = stage.host("pc-2", 22, "10:b6:76:10:20:22")
    stage.happens()
    for _ in range(2):
        rogues.talk(first, "call", "239.255.102.18", "50001", "3e0000000000000001")
        # RendezvousMessage.peer_discovery with the command "ping".
        rogues.talk(second, "call", "192.168.10.255", "21119", "b201060a0470696e67")
