import struct

import rogues
import screens


def ready(name):
    """SOURCE_READY: friendly name, RTSP port, source id."""
    parts = [(0, name.encode("utf-16-le")), (2, struct.pack(">H", 7236)), (3, bytes(range(16)))]
    body = b"".join(struct.pack(">BH", kind, len(value)) + value for kind, value in parts)
    return struct.pack(">HBB", 4 + len(body), 1, 1) + body


def play(stage):
    sink = stage.host("pc-hop-truc-tuyen", 42, "00:10:dc:10:20:42")
    laptop = stage.host("laptop", 77, "98:ee:cb:10:20:77")
    screens.advert(sink, "_display._tcp", "PC-HOPTRUCTUYEN", 7250, ["container_id={6B1D2C11-7A55-4E0C-9F5E-1D2A3B4C5D42}"])
    rogues.talking(sink, "serve", "192.168.10.42", "7250")
    stage.sees("VG-NET-02", "plain")
    stage.happens()
    rogues.talk(laptop, "send", "192.168.10.42", "7250", ready("LAPTOP-LA").hex())
