import rogues


def play(stage):
    server = stage.host("may-chu", 77, "98:ee:cb:10:20:77")
    rogues.samba(server, "MAY-CHU")
    rogues.wsdd(server, "MAY-CHU")
    stage.hears(b"wsd", 2)
