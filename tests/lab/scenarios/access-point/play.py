from people import ANDROID
from scapy.contrib import lldp
from scapy.layers.l2 import Ether

BRIDGE_AND_WLAN = {"wlan_access_point_available": 1, "wlan_access_point_enabled": 1, "mac_bridge_available": 1, "mac_bridge_enabled": 1}


def play(stage):
    for vantage in ("mirror", "plain"):
        stage.switch("lan", vantage).pass_lldp()
    point = stage.station("wifi-la", 67, "14:cc:20:10:20:67", ANDROID)
    words = [
        lldp.LLDPDUChassisID(subtype=4, id=point.mac),
        lldp.LLDPDUPortID(subtype=5, id="eth0"),
        lldp.LLDPDUTimeToLive(ttl=120),
        lldp.LLDPDUSystemName(system_name="AP-TANG-2"),
        lldp.LLDPDUSystemCapabilities(**BRIDGE_AND_WLAN),
    ]
    frame = Ether(src=point.mac, dst="01:80:c2:00:00:0e", type=0x88CC)
    for word in words:
        frame /= word
    stage.happens()
    point.send(frame / lldp.LLDPDUEndOfLLDPDU())
