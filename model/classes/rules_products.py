"""Product codes: the same words stand in a device's factory name, its TXT records, its UPnP texts and its DHCP class.

A code in what a device says about itself is its own word; in a host name it is the factory's, which people may copy or keep on another device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import DIRECT, STRONG, Rule

Code = tuple[str, str, str, str, Mapping[str, int]]

_CAMERA = {"iot": 0}
_SCREEN = {"speaker": 0, "projector": 0, "iot": 0, "phone_android": 0}
_PRINTER = {"scanner": 0}

# A code stands after a sign or an underscore (HP_LaserJet), never within a word; ONVIF scopes write a blank as %20.
_CODE_BEGINS = r"(?:(?<![a-z0-9])|(?<=%20))"

# Class, kind, pattern, example, what else it may be.
_CODES: Sequence[Code] = (
    ("camera", "",
     r"DCS-?\d{3,4}|IC-\d{4}\w*|DS-2(CD|DE|TD)\w+|IPC-?(HFW|HDW|HDBW|[A-Z]\d)|IP ?Cam(era)?\b|IPCamDesc|Network ?Camera|Tapo_?C\d{3}|C(100|110|200|210|310|"
     r"320WS)_|EZVIZ|Reolink|WyzeCam|Foscam|Netatmo.?(Presence|Welcome)|Arlo\b|KBVISION|Digital ?Security ?Camera|NetworkVideo(Transmitter|Storage)",
     "DCS-935L", _CAMERA),
    # What is sold in Viet Nam beside that: recorders and cameras by their model or their maker's word for itself.
    ("camera", "",
     r"DS-7\d{3}\w*|DHI?-(IPC|SD|NVR|XVR|HAC)|[NXD]VR\d{4}\w*|IMOU\b|HIKVISION\b|Dahua\b|(chuangmi|isa|mijia|mxiang|imilab)[-._]camera|"
     r"CS-(C|H|BC|LC|DB|CV)\d\w*|KX-[AC]\d{4}", "DHI-NVR4104HS", _CAMERA),
    ("iot", "plug",
     r"(HS1[01]\d|HS2[0-3]\d|KP1\d{2}|EP(10|25|40)|Tapo_?P1\d\d)(\(\w{2}\))?\b|SP-?[12]\d01W?\b|DSP-?[WC]\d{3}|shelly(1|plug|plus|2)|WeMo|wemo|Smartplug|"
     r"sonoff", "HS100(EU)", {"switch": 0}),
    ("iot", "light", r"Lightify|Philips[- ]hue|Hue[- ]?Bridge|ipbridge|LIFX|yeelink-light|WLED|Nanoleaf|(KL|LB)1\d{2}\b|magichome|Tradfri", "Lightify-7B5F6B",
     {}),
    ("iot", "hub", r"DCH-?G\d{3}|MAX!?[- ]?Cube|eQ-?3|HomeMatic|SmartThings|lumi-gateway|ednet\.?(gateway|living)|homebridge|wink-?hub|WeMo_?Link",
     "DCH-G020", {}),
    ("iot", "sensor", r"DCH-?[SZ]\d{3}|netatmo|ecobee|Nest-?(Thermostat|Protect)|tado\b|sensibo", "DCH-S150", {"camera": 0}),
    ("iot", "scale", r"Withings|Aria\b.*(scale|Fitbit)", "Withings00", {}),
    ("iot", "kitchen", "iKettle|SMARTER[- ]?(COFFEE|KETTLE)", "iKettle2", {}),
    ("iot", "robot", "roborock|rockrobo|Roomba|deebot|iRobot-", "roborock-vacuum-s5", {}),
    ("iot", "power supply", r"apc[0-9A-F]{6}\b|Smart-UPS|Back-UPS|CyberPower|SANTAK|NetBotz", "apcB2C3D4", {}),
    ("iot", "module", r"ESP[_-][0-9A-F]{6}\b|esp32-|GainSpan[0-9a-f]*|tasmota|espressif|tuya|BL6\d\d|lwip0?\b|WICED|hlk-|Broadlink|miio|HF-LPB", "ESP_07AEFB",
     {"camera": 0, "speaker": 0}),
    ("printer", "",
     r"NPI[0-9A-F]{6}\b|HP[0-9A-F]{6}\b|EPSON[0-9A-F]{6}\b|BR[NW][0-9A-F]{12}\b|Canon[0-9a-f]{6}\b|RNP[0-9A-F]{12}\b|XRX[0-9A-F]{12}\b|SEC[0-9A-F]{12}\b|"
     r"ET[0-9A-F]{12}\b|LaserJet|OfficeJet|DeskJet|imageRUNNER|imageCLASS|LBP\d{3,4}|MF\d{3}\w*|WorkForce|EcoTank|ECOSYS|TASKalfa|bizhub|MFC-|DCP-\w|"
     r"HL-L?\d{4}|Aficio|PIXMA|DocuPrint|WorkCentre|VersaLink|Pantum", "NPI8D3A1F", _PRINTER),
    ("printer", "", r"EPSON ?(L|M|WF-?|ET-?|XP-?)\d{3,5}\b|DocuCentre|Apeos", "EPSON L3150 Series", _PRINTER),
    ("scanner", "", r"ScanSnap|ScanJet|ImageScanner|fi-[678]\d{3}\w*|ADS-[1-4]\d{3}\w*", "ScanSnap iX1600", {"printer": 0}),
    ("voip_phone", "",
     r"SEP[0-9A-F]{12}\b|SIP-T\d{2}|GXP\d{4}|GRP\d{4}|HT[578]\d{2}\b|snom[- ]?\w?\d{3}|Polycom|VVX[- _]?\d{3}|Fanvil|Yealink|IP Phone \d{4}|ATA1[89]\d",
     "SEP001BD5A1B2C3", {}),
    ("screen", "", r"Chromecast|BRAVIA|webOS ?TV|LGwebOSTV|\[TV\]|Samsung ?(TV|QN|UN|UE)|Mi ?(TV|Box)|MIBOX|AFT[A-Z]{1,3}\b|Fire ?TV|Android ?TV|Apple-?TV\b|"
     r"SHIELD[- ]Android|Google ?TV|Roku|ClickShare|MAXHUB|ViewBoard|Smart-?TV\b|Nest-?Hub|Google-?Nest-?Hub|VIZIO|Viera", "Chromecast", _SCREEN),
    ("screen", "", r"X96\w*|H96\w*|MXQ\w*|Tanix|FPT ?Play|MyTV ?Net|TV360|VNPT ?Smart ?Box", "FPT Play Box", _SCREEN),
    ("speaker", "",
     r"Google Home( Mini|$)|Nest (Mini|Audio)\b|AudioAccessory\d|Sonos|ZonePlayer|HEOS|SoundTouch|Bose\b|ShairportSync|soundbar|Echo[- ]Dot|Amazon[- ]?Echo",
     "Google Home Mini", {"single_board_computer": 0, "linux_pc": 0, "screen": 0, "iot": 0}),
    ("projector", "", r"EPSON ?(EB|EH|Pro)|EB[- ]\w{0,2}\d{2,4}\b|VPL-|PT-(M|R|V|L|F)\w+\d{2}|Optoma|XGIMI|NEC ?(NP|PA|P\d)|PJLink|%\dACKN", "EB-FH52",
     {"screen": 0, "printer": 0}),
    ("router", "",
     r"DIR-\d{3}|Archer|TL-(WR|WDR|MR)\d+|RT-(AC|AX|N)\d+|WRT\d+|MiniUPnPd?.*(Tomato|DD-WRT|OpenWRT)|Tomato \d|OpenWRT|DD-WRT|RouterOS|Vigor\d|FRITZ!|"
     r"Keenetic|EPICENTRO|Livebox|ZXHN|HG8\d|MikroTik|ASUSWRT|Padavan", "OpenWRT", {"access_point": 0, "switch": 0}),
    ("access_point", "", r"UAP-|U6-(Lite|Pro|LR)|EAP\d{3}\b|DAP-\d{4}|TL-WA\d{3}|RE\d{3}\b|AIR-(L?AP|CAP)|Ruckus R\d{3}|UniFi ?AP", "EAP245", {"router": 0}),
    ("switch", "",
     r"TL-S[GFL]\d{3,4}|GS\d{3}[A-Z]|DGS-\d{4}|DES-\d{4}|Catalyst|WS-C\d{4}|SG\d{3}-|EX\d{4}-|DCS-7\d{3}|ProCurve|USW-|Nexus ?\d{4}|ICX\d{4}|SRW\d{4}",
     "TL-SG116E", {"camera": 0, "router": 0}),
    ("nas", "",
     r"DS\d{3,4}(\+|play|j)?\b|DiskStation|ReadyNAS|TS-\d{3}|MyCloud|WDMyCloud|Synology|QNAP|FreeNAS|TrueNAS|openmediavault|LinkStation|TeraStation",
     "DiskStation", {"router": 0, "server": 0}),
    ("kvm", "", "jetkvm|pikvm|nanokvm|tinypilot|KVM over IP|GL-?RM1|gl-kvm", "jetkvm", {"single_board_computer": 0}),
    ("server", "", r"iDRAC|iLO ?\d|ILO[A-Z0-9]{10}\b|VMware ESXi|Proxmox|Windows Server", "iDRAC-7XK2J13", {"windows_pc": 0}),
    ("console", "", r"Xbox\b|PlayStation ?\d|Nintendo (Switch|Wii)", "Xbox", {"screen": 0}),
)  # fmt: skip

# Fields where a device speaks of itself, and those where others may have chosen the words.
_OWN_WORDS = ("mdns.text", "ssdp.type", "ssdp.server", "ssdp.place", "wsd.scope", "lldp.text")
_GIVEN = ("name", "dhcp.class", "browser")


def _rules() -> list[Rule]:
    rules = []
    for name, kind, pattern, example, also in _CODES:
        for fields, weight in ((_OWN_WORDS, DIRECT), (_GIVEN, STRONG)):
            says = {**also, name: weight}
            means = f"product code: {kind or name}"
            rules += [
                Rule(field=f, pattern=_CODE_BEGINS + f"(?:{pattern})", says=says, means=means, source="makers' catalogues", example=example, kind=kind)
                for f in fields
            ]
    return rules


RULES: Sequence[Rule] = tuple(_rules())
