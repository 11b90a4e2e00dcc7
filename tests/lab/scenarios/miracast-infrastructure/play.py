import screens


def play(stage):
    pc = stage.host("pc-hop-truc-tuyen", 42, "00:10:dc:10:20:42")
    stage.happens()
    screens.advert(pc, "_display._tcp", "PC-HOPTRUCTUYEN", 7250, ["container_id={6B1D2C11-7A55-4E0C-9F5E-1D2A3B4C5D42}"])
