import pytest
import viewing
from lab import LabError


def play(stage):
    served = stage.host("pc-1", 21, "10:b6:76:10:20:21")
    viewer = stage.host("pc-2", 22, "10:b6:76:10:20:22")
    viewing.xvnc(served, 1, guarded=True)
    with pytest.raises(LabError, match="Authentication failure"):
        viewing.dotool(viewer, "192.168.10.21", "sai-roi!")
    stage.happens()
    viewing.dotool(viewer, "192.168.10.21", viewing.PASSWORD.decode())
