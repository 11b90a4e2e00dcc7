"""What a device offers by DNS-SD, SSDP and WS-Discovery, and what only some systems ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import ANY, DIRECT, HINT, SOLID, STRONG, WEAK, Rule

_APPLE = {"mac": HINT, "phone_iphone": HINT, "tablet": HINT, "screen": HINT, "speaker": HINT, "iot": 0}
_SCREEN = {"screen": DIRECT, "projector": WEAK, "speaker": 0}
_CAST = {"screen": STRONG, "speaker": STRONG, "projector": HINT}
# Any computer can run the software that offers these.
_PC = {"linux_pc": 0, "windows_pc": 0, "mac": 0, "single_board_computer": 0, "server": 0, "console": 0, "nas": 0, "router": 0}
_PRINTER = {"printer": STRONG, "scanner": 0}
_SHARES = {"nas": SOLID, "mac": WEAK, "linux_pc": HINT, "server": HINT, "single_board_computer": 0, "router": 0, "windows_pc": 0, "printer": 0}

Row = tuple[str, str, Mapping[str, int], str, str, str, str]

_MDNS: Sequence[Row] = (
    ("mdns.text", "^_(airplay|raop)._tcp (model|am)=AppleTV", {"screen": DIRECT}, "Apple TV, or software that says so", "airplay-spec",
     "_airplay._tcp model=AppleTV14,1", ""),
    ("mdns.text", "^_(airplay|raop)._tcp (model|am)=AirPort", {"access_point": DIRECT, "router": WEAK, "speaker": 0}, "AirPort", "airplay-spec",
     "_raop._tcp am=AirPort10,115", ""),
    ("mdns.text", r" (r?model|rpmd|am)=(MacBook|iMac|Macmini|MacPro|Mac\d)", {"mac": DIRECT}, "Mac", "Apple model identifiers",
     "_device-info._tcp model=MacBookPro14,2", ""),
    ("mdns.text", r" (r?model|rpmd)=iPhone\d", {"phone_iphone": DIRECT}, "iPhone", "Apple model identifiers", "_companion-link._tcp rpmd=iPhone14,2", ""),
    ("mdns.text", r" (r?model|rpmd)=iPad\d", {"tablet": DIRECT}, "iPad", "Apple model identifiers", "_companion-link._tcp rpmd=iPad8,1", ""),
    ("mdns.text", "^_companion-link._tcp rpmd=AppleTV", {"screen": DIRECT}, "Apple TV", "Apple model identifiers", "_companion-link._tcp rpmd=AppleTV11,1",
     ""),
    # netatalk and Samba let a server say which Mac it wants to look like.
    ("mdns.text", "^_device-info._tcp model=(MacSamba|RackMac|Xserve|TimeCapsule)", _SHARES, "looks like a Mac server to Finder",
     "Samba vfs_fruit, netatalk mimic model", "_device-info._tcp model=RackMac", ""),
    ("mdns.text", "^_(airplay|raop)._tcp picture=yes", {"screen": STRONG, "projector": HINT, "speaker": 0, **_PC}, "AirPlay with picture",
     "airplay-spec features", "_airplay._tcp picture=yes", ""),
    ("mdns.text", "^_(airplay|raop)._tcp picture=no", {"speaker": STRONG, "screen": 0, "iot": 0, "access_point": 0, **_PC}, "AirPlay, sound only",
     "airplay-spec features", "_airplay._tcp picture=no", ""),
    ("mdns.type", "^_raop._tcp$", {"speaker": WEAK, "screen": WEAK, "access_point": 0, "projector": 0, **_PC}, "AirPlay sound", "airplay-spec", "_raop._tcp",
     ""),
    ("mdns.text", "^_googlecast._tcp picture=yes", {"screen": DIRECT, "projector": WEAK}, "Cast with picture", "network §2.2", "_googlecast._tcp picture=yes",
     ""),
    ("mdns.text", "^_googlecast._tcp picture=no", {"speaker": DIRECT, "iot": 0}, "Cast, sound only", "network §2.2", "_googlecast._tcp picture=no", ""),
    ("mdns.type", "^_(googlecast|googlezone)._tcp$", _CAST, "Cast", "network §2.2", "_googlecast._tcp", ""),
    ("mdns.type", r"^_(androidtvremote2?|amzn-wplay|viziocast|roku-rcp|sonybravia|lg-?smart-?tv|webos|samsungmsf|philipstv\w*)._tcp$", _SCREEN, "television",
     "makers' remote controls", "_androidtvremote2._tcp", ""),
    ("mdns.type", "^_display._tcp$", {"screen": STRONG, "windows_pc": SOLID, "projector": 0}, "Miracast over the network", "[MS-MICE] §1.3", "_display._tcp",
     ""),
    ("mdns.type", "^_(sonos|heos-audio|soundtouch|bose|musc|linkplay|stereo|amzn-alexa)._(tcp|udp)$", {"speaker": DIRECT, "screen": 0}, "speaker",
     "makers' services", "_sonos._tcp", ""),
    ("mdns.type", "^_spotify-connect._tcp$", {"speaker": WEAK, "screen": HINT, **_PC, "iot": 0}, "plays Spotify", "Spotify Connect", "_spotify-connect._tcp",
     ""),
    ("mdns.text", "^_(ipp|ipps|printer|pdl-datastream)._tcp (ty|usb_mdl|product|usb_mfg)=.", {"printer": DIRECT, "scanner": 0}, "says which printer it is",
     "Bonjour Printing 1.2.1 §9.2", "_ipp._tcp ty=Canon LBP6230", ""),
    ("mdns.type", "^_(ipp|ipps|printer|pdl-datastream|fax-ipp|privet)._tcp$", _PRINTER, "printing", "Bonjour Printing 1.2.1", "_ipp._tcp", ""),
    ("mdns.type", "^_(ipp|ipps|printer)._tcp rp=printers/", {"linux_pc": WEAK, "mac": WEAK, "server": WEAK, ANY: 0}, "shares a printer", "CUPS",
     "_ipp._tcp rp=printers/", ""),
    ("mdns.type", "^_(scanner|uscan|uscans)._tcp$", {"printer": SOLID, "scanner": SOLID}, "scanning", "eSCL", "_uscan._tcp", ""),
    ("mdns.type", "^_(axis-video|onvif|psia|nvt|rtsp|ipcamera|camera)._tcp$", {"camera": STRONG}, "camera", "makers' services", "_axis-video._tcp", ""),
    ("mdns.text", "^_hap._(tcp|udp) ci=(17|18)$", {"camera": DIRECT, "iot": 0}, "HomeKit camera", "HomeKit accessory categories", "_hap._tcp ci=17", ""),
    ("mdns.text", "^_hap._(tcp|udp) ci=(2|3|4|5|6|7|8|9|1[0-69]|2[0-35789]|30)$", {"iot": DIRECT}, "HomeKit device", "HomeKit accessory categories",
     "_hap._tcp ci=5", ""),
    ("mdns.text", "^_hap._(tcp|udp) ci=(24|31|35|36)$", {"screen": DIRECT}, "HomeKit television", "HomeKit accessory categories", "_hap._tcp ci=31", ""),
    ("mdns.text", "^_hap._(tcp|udp) ci=33$", {"router": DIRECT, "access_point": HINT}, "HomeKit router", "HomeKit accessory categories", "_hap._tcp ci=33",
     ""),
    ("mdns.type",
     r"^_(hue|shelly|esphomelib|elg|nanoleafapi|miio|matter|matterc|wemo|ewelink|tuya|leap|bond|ecobee|coap|easylink|meshcop|ihap|lutron|wled|tplink|"
     r"zigbee\w*|arduino|octoprint|smartmeter)._(tcp|udp)$", {"iot": DIRECT, "camera": 0, "speaker": 0, "screen": 0}, "device of the home",
     "makers' services", "_hue._tcp", ""),
    ("mdns.type", "^_(dhnap|dcp)._tcp$", {"camera": WEAK, "iot": WEAK, "router": HINT}, "D-Link", "D-Link HNAP", "_dhnap._tcp", ""),
    ("mdns.type", "^_(adisk|qdiscover|qmobile|readynas)._tcp$", _SHARES, "keeps backups", "Bonjour, makers' services", "_adisk._tcp", ""),
    ("mdns.type", "^_(afpovertcp|smb|nfs)._tcp$", {**_SHARES, "nas": WEAK}, "shares files", "Bonjour", "_smb._tcp", ""),
    ("mdns.type", "^_(workstation|udisks-ssh|distcc|pulse-server|pulse-sink)._tcp$",
     {"linux_pc": SOLID, "single_board_computer": HINT, "server": HINT, "nas": HINT, "kvm": 0, "speaker": 0, "router": 0}, "avahi",
     "avahi-daemon publish-workstation", "_workstation._tcp", ""),
    ("mdns.type", "^_(apple-mobdev2?|apple-pairable)._tcp$", {"phone_iphone": STRONG, "tablet": SOLID, "screen": 0}, "syncs with iTunes over Wi-Fi", "Apple",
     "_apple-mobdev2._tcp", ""),
    ("mdns.type", "^_(companion-link|rdlink|homekit|sleep-proxy|airport|asquic|continuity)._(tcp|udp)$", _APPLE, "Apple", "Apple", "_companion-link._tcp",
     ""),
    ("mdns.type", "^_(eppc|net-assistant|odisk|presence|daap|home-sharing|afpovertcp)._(tcp|udp)$", {"mac": WEAK, "windows_pc": HINT, "nas": HINT, ANY: 0},
     "macOS sharing, iTunes", "Apple", "_eppc._tcp", ""),
    ("mdns.type", "^_(microsoft_mcc|dosvc|nvstream|nvstream_dbd)._tcp$", {"windows_pc": STRONG, "linux_pc": 0, "server": 0}, "Windows",
     "Windows Delivery Optimization, GameStream", "_nvstream._tcp", ""),
    ("mdns.type", "^_(sip|sips|sip-?phone)._(udp|tcp)$", {"voip_phone": WEAK, "server": 0, "router": 0, ANY: 0}, "telephony", "RFC 3263", "_sip._udp", ""),
    ("mdns.type", "^_(jetkvm|pikvm|nanokvm)._tcp$", {"kvm": DIRECT}, "remote keyboard", "makers' services", "_pikvm._tcp", ""),
    ("mdns.ask", "^_(microsoft_mcc|dosvc)._tcp", {"windows_pc": STRONG, "server": 0}, "Windows asks for a peer", "Windows Delivery Optimization",
     "_microsoft_mcc._tcp.local.", ""),
    ("mdns.ask", "^_(companion-link|homekit|rdlink|sleep-proxy|apple-mobdev2?|apple-pairable|asquic)._(tcp|udp)", {**_APPLE, ANY: 0},
     "asks as Apple's systems do", "Apple", "_companion-link._tcp.local.", ""),
    ("mdns.ask", "^_(nvstream_dbd|pgpkey-hkp|udisks-ssh)._tcp", {"linux_pc": HINT, ANY: 0}, "asks as Linux desktops do", "GNOME, Moonlight",
     "_pgpkey-hkp._tcp.local.", ""),
)  # fmt: skip

_SSDP: Sequence[Row] = (
    ("ssdp.type", "device:InternetGatewayDevice:|service:WAN(IP|PPP)Connection:|^hnap:Gateway", {"router": DIRECT, "access_point": 0, "switch": 0},
     "Internet gateway", "UPnP IGD 1.0", "urn:schemas-upnp-org:device:InternetGatewayDevice:1", ""),
    ("ssdp.type", "device:WLANAccessPointDevice:|^hnap:.*AccessPoint", {"access_point": DIRECT, "router": 0}, "access point",
     "UPnP WLANAccessPointDevice 1.0", "urn:schemas-upnp-org:device:WLANAccessPointDevice:1", ""),
    ("ssdp.type", "wifialliance-org:device:WFADevice", {"router": WEAK, "access_point": WEAK, ANY: 0}, "Wi-Fi Protected Setup",
     "Wi-Fi Simple Configuration §10", "urn:schemas-wifialliance-org:device:WFADevice:1", ""),
    ("ssdp.type", "device:MediaRenderer:", {"screen": STRONG, "speaker": SOLID, "projector": HINT, **_PC, "phone_android": 0, "tablet": 0, "iot": 0},
     "plays media", "UPnP AV", "urn:schemas-upnp-org:device:MediaRenderer:1", ""),
    ("ssdp.type", "device:MediaServer:", {"nas": WEAK, "server": HINT, "linux_pc": HINT, ANY: 0}, "serves media", "UPnP AV",
     "urn:schemas-upnp-org:device:MediaServer:1", ""),
    ("ssdp.type", "dial-multiscreen-org:(service|device):dial", {"screen": STRONG, "console": WEAK, "speaker": 0, "projector": 0, **_PC}, "DIAL", "DIAL 2.2",
     "urn:dial-multiscreen-org:service:dial:1", ""),
    ("ssdp.type",
     "^roku:|samsung.com:(device:(RemoteControl|MainTV|IPControl)|service:(MainTV|MultiScreen))|lge[-.]com:(device|service)|sony-com:service:IRCC|"
     "nds-com:device|panasonic-com:device:p00RemoteC", _SCREEN, "television", "makers' UPnP types", "urn:samsung.com:device:RemoteControlReceiver:1", ""),
    ("ssdp.type", "schemas-sony-com:service:ScalarWebAPI", {"screen": SOLID, "speaker": WEAK, "camera": WEAK, "projector": HINT}, "Sony", "Sony ScalarWebAPI",
     "urn:schemas-sony-com:service:ScalarWebAPI:1", ""),
    ("ssdp.type", "device:(ZonePlayer|SoundTouch|AiosDevice|ACT-Denon)", {"speaker": DIRECT}, "speaker", "makers' UPnP types",
     "urn:schemas-upnp-org:device:ZonePlayer:1", ""),
    ("ssdp.type", "device:(Printer|MFP)|service:Print(Basic|Enhanced)", {"printer": DIRECT, "scanner": 0}, "printer", "UPnP Printer 1.0",
     "urn:schemas-upnp-org:device:Printer:1", ""),
    ("ssdp.type", "device:Scan(ner)?:|service:Scan:", {"scanner": SOLID, "printer": SOLID}, "scanner", "UPnP Scanner 1.0",
     "urn:schemas-upnp-org:device:Scanner:1", ""),
    ("ssdp.type", "device:(DigitalSecurityCamera|NetworkCamera|IPCamera)|^hnap:NetworkCamera", {"camera": DIRECT}, "camera",
     "UPnP DigitalSecurityCamera, HNAP", "hnap:NetworkCamera", ""),
    ("ssdp.type", "^urn:Belkin:device:", {"iot": DIRECT}, "WeMo", "Belkin WeMo", "urn:Belkin:device:controllee:1", "plug"),
    ("ssdp.type", "device:(BinaryLight|DimmableLight|HVAC_|SolarProtection|SensorManagement|HomeAutomation)", {"iot": DIRECT}, "device of the home",
     "UPnP home automation", "urn:schemas-upnp-org:device:BinaryLight:1", ""),
    ("ssdp.header", "^hue-bridgeid:", {"iot": DIRECT}, "Hue bridge", "Philips Hue", "hue-bridgeid: 001788FFFE094180", "light"),
    ("ssdp.header", r"^(dlnadevicename\.lge|x-av-(server|physical-unit)-info|device-group\.roku|wakeup)",
     {"screen": SOLID, "speaker": HINT, "projector": 0, "console": 0}, "television", "makers' SSDP headers", "x-av-server-info: av=5.0; cn=\"Sony\"", ""),
    ("ssdp.header", "^x-rincon-household", {"speaker": DIRECT}, "Sonos", "Sonos", "x-rincon-household: Sonos_asdf", ""),
    ("ssdp.server", "Microsoft-Windows", {"windows_pc": STRONG, "server": HINT, "screen": 0, "router": 0}, "Windows", "Windows UPnP device host",
     "Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0", ""),
    ("ssdp.server", r"MiniUPnPd|POSIX, UPnP/1\.0 UPnP Stack", {"router": WEAK, "access_point": HINT, ANY: 0}, "a router's UPnP", "miniupnpd, Broadcom",
     "UPnP/Tomato 1.28 MiniUPnPd/1.6", ""),
    ("ssdp.server", r"\bDarwin/|Mac OS X|macOS", {"mac": SOLID, "screen": 0, "phone_iphone": HINT}, "macOS", "UPnP stacks name their system",
     "Darwin/19.0 UPnP/1.0", ""),
    ("ssdp.server", r"\bUbuntu/|\bDebian\b|\bFedora/",
     {"linux_pc": WEAK, "server": WEAK, "nas": HINT, "single_board_computer": HINT, "screen": 0, "iot": 0, ANY: 0}, "Linux", "UPnP stacks name their system",
     "Debian DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0", ""),
    ("ssdp.ask", "^urn:schemas-upnp-org:device:(Printer|Scanner):", {"windows_pc": HINT, ANY: 0}, "asks as Windows does", "Windows",
     "urn:schemas-upnp-org:device:Printer:1", ""),
)  # fmt: skip

_WSD: Sequence[Row] = (
    ("wsd.type", r"(^|:|\})Computer$", {"windows_pc": STRONG, "server": WEAK, "nas": HINT, "linux_pc": HINT}, "computer", "[MS-PBSD] §2.2", "pub:Computer",
     ""),
    ("wsd.type", r"(^|:|\})PrintDeviceType$|(^|:|\})PrinterServiceType$", {"printer": DIRECT, "scanner": 0}, "printer", "WS-Print 1.1",
     "wprt:PrintDeviceType", ""),
    ("wsd.type", r"(^|:|\})ScanDeviceType$|(^|:|\})ScannerServiceType$", {"printer": STRONG, "scanner": STRONG}, "scanner", "WS-Scan 1.0",
     "wscn:ScanDeviceType", ""),
    ("wsd.type", "NetworkVideo(Transmitter|Storage|Display|Analytics)$", {"camera": DIRECT}, "ONVIF", "ONVIF Core §7.3.2", "dn:NetworkVideoTransmitter", ""),
    # Recorders count as cameras; the same makers' locks and door phones answer these searches too.
    ("wsd.type", r"^sadp:DS-?[279]|^dhip:(IPC|SD|PTZ|NVR|XVR|HCVR|DVR|IVSS)\b", {"camera": DIRECT}, "camera or recorder", "the makers' model codes",
     "sadp:DS-2CD2042WD-I", ""),
    ("wsd.type", "^(sadp|dhip):", {"camera": STRONG, "iot": HINT}, "answers a camera maker's search", "SADP, DHIP", "dhip:VTO VTO2202F", ""),
    ("wsd.type", r"(^|:|\})(Projector|ProjectorDeviceType|AiCUDevice)", {"projector": DIRECT, "screen": 0}, "projector", "Windows network projector",
     "prj:Projector", ""),
    ("wsd.scope", r"onvif://www\.onvif\.org/(type/(video_encoder|ptz|Network_Video)|hardware/)", {"camera": STRONG}, "ONVIF", "ONVIF Core §7.3.3",
     "onvif://www.onvif.org/hardware/DS-2CD2042", ""),
)  # fmt: skip

RULES: Sequence[Rule] = tuple(
    Rule(field=field, pattern=pattern, says=says, means=means, source=source, example=example, kind=kind)
    for field, pattern, says, means, source, example, kind in (*_MDNS, *_SSDP, *_WSD)
)
