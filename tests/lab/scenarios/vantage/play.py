import sys

import screens

# Unicast between two pairs proves a mirror; group frames of several stations without any prove a plain port.
TALK = """
import socket, sys, time
talker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
talker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
while True:
    talker.sendto(b"talk", (sys.argv[1], 9999))
    talker.sendto(b"talk", ("192.168.10.255", 9999))
    time.sleep(0.1)
"""


def play(stage):
    pcs = [stage.host(f"pc-{last}", last, f"10:b6:76:10:20:{last}") for last in (21, 22, 23)]
    for pc, other in zip(pcs, [*pcs[1:], pcs[0]], strict=True):
        pc.popen([sys.executable, "-c", TALK, other.ip])
    stage.vantages()
    stage.happens()
    screens.gmediarender(stage.host("tv-sanh", 34, "1c:a4:10:10:20:34"), "TV-Sảnh")
