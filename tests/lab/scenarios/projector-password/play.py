import pytest
import screens
import senders
from lab import LabError
from people import WINDOWS


def play(stage):
    projector = stage.host("may-chieu", 43, "38:1a:52:10:20:43")
    screens.peer(projector, "pjlink", projector.mac, "JBMIAProjectorLink")
    pc = stage.station("PC-KETOAN", 21, "00:06:5b:10:20:21", WINDOWS)
    phone = stage.phone()
    with pytest.raises(LabError, match="PJLinkPassword"):
        senders.command(phone, "pjlink", "192.168.10.43", "sai")
    stage.sees("VG-NET-02")
    stage.happens()
    senders.command(pc, "pjlink", "192.168.10.43", "JBMIAProjectorLink")
