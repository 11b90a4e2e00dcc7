from between import SILENT
from people import IPHONE, IPHONE_ASKS

CONF = """
[server]
host-name=cau
use-ipv6=no
enable-dbus=no
allow-interfaces=eth0,eth1
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
[reflector]
enable-reflector=yes
"""


def play(stage):
    reflector = stage.host("cau", 7, "a4:f4:c2:10:20:07")
    stage.switch("nguoi-dan").plug(reflector, "eth1", "a4:f4:c2:10:20:08")
    reflector.shell("ip address add 192.168.20.7/24 dev eth1; ip link set eth1 up")
    (reflector.folder / "avahi.conf").write_text(CONF)
    daemon = reflector.popen(["avahi-daemon", "-f", reflector.folder / "avahi.conf", "--no-drop-root", "--no-rlimits", "--no-chroot"])
    daemon.wait_for("Server startup complete")
    iphone = stage.station("iPhone", 102, "5e:3c:1b:10:20:52", IPHONE, on=1)
    iphone.ask_mdns(IPHONE_ASKS)
    stage.hears(b"_companion-link")
    for vantage in ("mirror", "plain"):
        stage.says("VG-NET-01", "unknown", SILENT, vantage)
