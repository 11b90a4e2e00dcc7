import sys

TALK = """
import socket, time
talker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
talker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
while True:
    talker.sendto(b"talk", ("192.168.10.255", 137))
    time.sleep(0.4)
"""


def play(stage):
    stage.happens()
    for last, mac in ((21, "10:b6:76:10:20:21"), (22, "10:b6:76:10:20:22"), (101, "6a:5f:2e:10:20:51")):
        stage.host(f"host-{last}", last, mac).popen([sys.executable, "-c", TALK])
    for vantage in ("mirror", "plain"):
        stage.sees("VG-NET-01", vantage)
