import screens


def play(stage):
    printer = stage.host("may-in", 44, "00:1e:8f:10:20:44")
    screens.avahi(printer)
    screens.printer(printer, "Máy in một cửa")
    stage.hears(b"_ipp")
