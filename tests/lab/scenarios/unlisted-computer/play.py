import rogues
from people import ANDROID, WINDOWS


def play(stage):
    stage.station("PC-21", 21, "10:b6:76:10:20:21", WINDOWS).start_windows("UBND-XA")
    laptop = stage.host("laptop", 77, "98:ee:cb:10:20:77")
    # A citizen's phone with a random address is no equipment, and is not listed one by one.
    stage.station("phone", 101, "6a:5f:2e:10:20:51", ANDROID).ask_mdns(["_googlecast._tcp.local"])
    stage.happens()
    stage.station("PC-LA", 78, "00:0d:61:10:20:78", WINDOWS).start_windows("WORKGROUP")
    rogues.samba(laptop, "MAY-LA")
    rogues.wsdd(laptop, "MAY-LA")
    stage.sees("VG-NET-06", "plain")
