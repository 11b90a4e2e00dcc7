"""What the maker of the MAC address says: little. A maker of one kind of device says that kind, a maker of many leaves room for all of its own,
and none decides an operating system (a PC may run any, and a network card is often not made by the PC's maker).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import ANY, HINT, SOLID, WEAK, Rule

_PC = {"windows_pc": HINT, "linux_pc": HINT, "server": 0, ANY: 0}
_NETWORK = {"router": HINT, "access_point": HINT, "switch": HINT, "camera": 0, "iot": 0, "nas": 0, "voip_phone": 0, "server": 0}
_PHONE = {"phone_android": WEAK, "tablet": HINT, "screen": 0, "iot": 0, "router": 0, "speaker": 0, "windows_pc": 0, "camera": 0}
_HOME = "device of the home"

Row = tuple[str, Mapping[str, int], str, str, str]

_ROWS: Sequence[Row] = (
    # Apple: a Mac may run Windows, but then the two do not agree and nobody is sure.
    (r"^Apple(,| |$)", {"mac": HINT, "phone_iphone": HINT, "tablet": HINT, "screen": HINT, "speaker": HINT, "iot": 0, "router": 0, "access_point": 0, "linux_pc": 0},
     "Apple", "", "Apple, Inc."),
    # PCs and their network cards.
    (r"^(Intel\b|Dell\b|LCFC|Lenovo\b(?! Mobile| Image)|Micro-Star|Giga-Byte|ASRock|Elitegroup|Clevo|Pegatron|Quanta Computer|Compal|Wistron|Acer\b|Fujitsu|Liteon|AzureWave|"
     r"Cloud Network Tech|Chongqing Fugui|Hewlett|HP Inc|ASUSTek|Universal Global Sci|Toshiba\b(?! Tec)|Framework|Panasonic (Personal|Mobile)|Broadcom|Killer|Biostar|Rivet)",
     _PC, "maker of PCs", "", "Intel Corporate"),
    (r"^Hewlett[- ]Packard(?! Ent)|^HP Inc", {"printer": HINT, "scanner": 0, ANY: 0}, "maker of printers too", "", "Hewlett Packard"),
    (r"^Hewlett[- ]Packard Enterprise|^Aruba", {"switch": WEAK, "access_point": WEAK, "server": WEAK, "router": HINT, ANY: 0}, "maker of network devices and servers", "",
     "Hewlett Packard Enterprise"),
    (r"^Microsoft (Corp|Mobile)", {"windows_pc": HINT, "console": HINT, ANY: 0}, "maker of PCs and game consoles", "", "Microsoft Corporation"),
    (r"^Super ?Micro|^Inspur|^Oracle Corp|^IBM|^Lenovo Data|^XFusion|^Quanta Cloud|^Sugon", {"server": SOLID, "switch": 0, "nas": 0, "linux_pc": 0, "windows_pc": 0, "router": 0},
     "maker of servers", "", "Super Micro Computer, Inc."),
    # Phones.
    (r"^(Guangdong Oppo|vivo Mobile|Realme|OnePlus|HMD Global|Motorola (\(Wuhan\) )?Mobility|Honor Device|Tecno|Infinix|Itel Mobile|HTC Corp|TCT mobile|Meizu|"
     r"Lenovo Mobile|Wingtech|Huaqin|Longcheer|Fairphone|Nothing Tech|VSmart|Vinsmart|Bkav|Shenzhen TINNO|Transsion)", _PHONE, "maker of phones", "", "HMD Global Oy"),
    (r"^(Huawei Device|Xiaomi Comm)", _PHONE, "maker of phones and more", "", "Xiaomi Communications Co Ltd"),
    (r"^(Beijing Xiaomi|Xiaomi (Inc|Elec))", {**_PHONE, "phone_android": HINT, "iot": HINT, "screen": HINT, "router": HINT}, "maker of phones, screens, devices of the home", "",
     "Beijing Xiaomi Mobile Software Co., Ltd"),
    (r"^Samsung Electronics", {"phone_android": HINT, "tablet": HINT, "screen": HINT, "printer": 0, "speaker": 0, "windows_pc": 0, "linux_pc": 0, "iot": 0, "camera": 0},
     "maker of phones and screens", "", "Samsung Electronics Co.,Ltd"),
    (r"^(BlackBerry|Rim$|Research In Motion)", {"phone_android": HINT, "tablet": HINT, ANY: 0}, "maker of phones", "", "BlackBerry RTS"),
    # Screens, projectors, speakers.
    (r"^(LG Electronics|LG Innotek)", {"screen": HINT, "phone_android": HINT, "iot": HINT, "speaker": 0, "windows_pc": 0, "linux_pc": 0, "tablet": 0, "projector": 0, "printer": 0},
     "maker of screens and phones", "", "LG Electronics"),
    (r"^Sony (Corp|Home|Visual|Mobile|Group)", {"screen": HINT, "phone_android": HINT, "speaker": HINT, "camera": 0, "projector": HINT, "tablet": 0, "console": HINT, "windows_pc": 0},
     "maker of screens, phones, speakers", "", "Sony Corporation"),
    (r"^Google", {"screen": HINT, "speaker": HINT, "phone_android": HINT, "router": HINT, "iot": HINT, "camera": HINT, "tablet": 0, "access_point": 0, "linux_pc": 0},
     "maker of screens, speakers, phones", "", "Google, Inc."),
    (r"^Amazon Tech", {"screen": HINT, "speaker": HINT, "tablet": HINT, "camera": HINT, "iot": HINT}, "maker of screens, speakers, tablets", "", "Amazon Technologies Inc."),
    (r"^(Roku|Vizio|Guangzhou Shiyuan|Shenzhen Chuangwei|TCL King|TCL MOKA|Shenzhen TCL|Hisense (Electric|Visual)|Qingdao Hisense Elec|Barco (NV|Proj|Control)|Crestron|"
     r"Skyworth Disp|Shenzhen Skyworth Disp|Shenzhen KTC|TPV|MMD|BSkyB|Sky Uk|Amino|Humax|Kaon|Funshion|NEC Display|Sharp NEC|Philips Consumer Life|Apple TV|Vestel|"
     r"Promethean|Smart Technologies|EShare|Mersive|Shenzhen Geniatech)", {"screen": SOLID, "projector": HINT, "speaker": 0, "iot": 0, "router": 0, "linux_pc": 0},
     "maker of screens", "", "Roku, Inc"),
    (r"^(Shenzhen Skyworth Digital|Skyworth Digital|Zhejiang Tmall|Shenzhen SuperElectron|Unionman|SEI Robotics|Shenzhen Jiuzhou|SDMC|China Dragon)",
     {"screen": WEAK, "router": HINT, "iot": 0, "speaker": 0, "access_point": 0}, "maker of set-top boxes", "", "Shenzhen Skyworth Digital Technology CO., Ltd"),
    (r"^(Optoma|BenQ|Vivitek|Casio|Christie|Digital Projection|InFocus|Hitachi (Ltd|Consumer|Maxell)|Maxell|XGIMI|Panasonic Connect|Panasonic AVC)",
     {"projector": WEAK, "screen": HINT, ANY: 0}, "maker of projectors", "", "BenQ Corporation"),
    (r"^(Sonos|Bose|Harman|Denon|D&M Hold|Bang & Olufsen|Libratone|Yamaha|Onkyo|Marantz|Cirrus|Linkplay|Shenzhen Grandsun|Libre Wireless|Frontier Silicon)",
     {"speaker": SOLID, "screen": HINT, "iot": 0}, "maker of speakers", "", "Sonos, Inc."),
    (r"^(Nintendo|Sony (Interactive|Computer) Ent)", {"console": SOLID, "screen": 0}, "maker of game consoles", "", "Nintendo Co.,Ltd"),
    # Printers.
    (r"^(Brother Ind|Kyocera (Doc|Corp)|Lexmark|Ricoh|Konica|Oki (Data|Elec)|Xerox|Fuji ?(film|xerox)|Zhuhai Pantum|Zebra Tech|Toshiba Tec|Star Micro|Bixolon|Sindoh|Sato|TSC Auto|Lenovo Image)",
     {"printer": SOLID, "scanner": HINT, "projector": 0}, "maker of printers", "", "Brother Industries, LTD."),
    (r"^(Canon Inc|Seiko Epson)", {"printer": SOLID, "scanner": HINT, "projector": HINT, "camera": 0}, "maker of printers and projectors", "", "Canon Inc."),
    (r"^Sharp Corp", {"printer": HINT, "screen": HINT, "phone_android": HINT, "iot": HINT, "projector": 0}, "maker of printers and screens", "", "SHARP Corporation"),
    (r"^(Fujitsu (PFU|Imaging)|PFU|Plustek|Avision)", {"scanner": SOLID, "printer": 0}, "maker of scanners", "", "PFU Limited"),
    # Cameras, telephones.
    (r"^(Hangzhou Hikvision|Prama Hikvision|Hikvision|Zhejiang Dahua|Hangzhou Ezviz|Kbvision|Axis Comm|Vivotek|Zhejiang Uniview|Reolink|Hanwha (Vision|Techwin)|Mobotix|Avigilon|"
     r"Hangzhou Huacheng|Arlo|Tiandy|Foscam|Shenzhen Foscam|Verkada|Wyze|Ring LLC|Amcrest|Bosch Security|Pelco|Milesight|Geovision|ACTi|Shenzhen Reecam|Lorex|Swann|Questek|Vantech)",
     {"camera": SOLID, "iot": 0, "switch": 0, "server": 0}, "maker of cameras", "", "Hangzhou Hikvision Digital Technology Co.,Ltd."),
    (r"^(Grandstream|Yealink|Xiamen Yealink|snom|Polycom|Fanvil|Aastra|Mitel|Htek|Escene|Gigaset|Sipura|Alcatel-?Lucent Enterprise|Unify|Obihai)",
     {"voip_phone": SOLID, "router": 0, "access_point": 0, "camera": 0, "switch": 0}, "maker of telephones", "", "Grandstream Networks, Inc."),
    (r"^(Avaya)", {"voip_phone": WEAK, "switch": WEAK, "server": 0}, "maker of telephones and switches", "", "Avaya Inc"),
    # Storage, single-board computers, remote keyboards.
    (r"^(Synology|QNAP|Asustor|Thecus|Drobo|TerraMaster|UGREEN)", {"nas": SOLID, "router": 0, "camera": 0, "server": 0}, "maker of network storage", "", "Synology Incorporated"),
    (r"^(Western Digital|Seagate|Buffalo|LenovoEMC)", {"nas": WEAK, "router": HINT, "screen": 0}, "maker of storage", "", "Western Digital"),
    (r"^(Raspberry Pi|Shenzhen Xunlong|FriendlyElec|Radxa|Libre Computer)", {"single_board_computer": SOLID, ANY: 0}, "maker of single-board computers", "",
     "Raspberry Pi Trading Ltd"),
    (r"JetKVM|^(TinyPilot|Aten Int|Raritan|Avocent|Adder Tech|Emerson Network Power, Avocent|Rose Electronics|Guntermann)", {"kvm": SOLID, "server": 0},
     "maker of remote keyboards", "network §5.1", "BuildJet, Inc. (JetKVM)"),
    (r"^Shenzhen Sipeed", {"kvm": WEAK, "single_board_computer": WEAK, "iot": HINT}, "maker of remote keyboards and boards", "network §5.1",
     "Shenzhen Sipeed Technology Co., Ltd"),
    (r"^GL Tech", {"router": WEAK, "kvm": HINT, "access_point": HINT, "iot": 0}, "maker of small routers and remote keyboards", "network §5.1", "GL Technologies (Hong Kong) Limited"),
    # Networks.
    (r"^(Routerboard|Mikrotik|DrayTek|AVM|Sagemcom|Arcadyan|Askey|Vantiva|Technicolor|Commscope|ARRIS|Hitron|Sercomm|MitraStar|Gemtek|Ubee|Actiontec|2Wire|eero|Fiberhome|zte corp|"
     r"Nokia Shanghai|Shenzhen Gongjin|Taicang T&W|Viettel|Vnpt|Vietnam Post|Gsd Viet|ADB Broad|Freebox|Calix|Adtran|Cig Shang|Sichuan Tianyi|Shenzhen YOUHUA|Fortinet|Palo Alto|Cradlepoint|"
     r"Sophos|WatchGuard|Peplink|Teltonika|Cisco SPVTG|Zhone|Pirelli Broad|Thomson Tele|Sfr|Alcatel-Lucent Shanghai)",
     {"router": SOLID, "access_point": HINT, "screen": 0, "switch": 0, "phone_android": 0, "iot": 0, "voip_phone": 0}, "maker of routers", "", "Routerboard.com"),
    # Which of their many is for other signs to tell.
    (r"^(Tp-Link|Netgear|Cisco-?Linksys|(The )?Linksys|Tenda|Shen ?[Zz]hen Tenda|Zyxel|D-Link|Edimax|Shenzhen Mercury|Shenzhen Fast|Totolink|Zioncom|Sitecom|TRENDnet|Shenzhen Bilian|ASSMANN)",
     {**_NETWORK, "camera": HINT, "iot": HINT, "printer": 0}, "maker of routers, cameras, devices of the home", "", "Tp-Link Technologies Co.,Ltd."),
    (r"^ASUSTek", {"router": HINT, ANY: 0}, "maker of routers too", "", "ASUSTek COMPUTER INC."),
    (r"^Belkin", {"iot": WEAK, "router": WEAK, "access_point": HINT, "switch": 0, "camera": 0}, "maker of routers and plugs", "", "Belkin International Inc."),
    (r"^Huawei Tech", {"router": WEAK, "phone_android": HINT, "switch": HINT, "access_point": HINT, "tablet": 0, "server": 0, "screen": 0}, "maker of routers, switches, phones", "",
     "Huawei Technologies Co.,Ltd"),
    (r"^Cisco Sys", {"switch": WEAK, "router": WEAK, "access_point": HINT, "voip_phone": HINT, "server": HINT, "screen": 0, "camera": 0}, "maker of network devices", "", "Cisco Systems, Inc"),
    (r"^(Brocade|Arista|Edgecore)", {"switch": SOLID, "router": WEAK, "server": 0}, "maker of switches", "", "Arista Networks"),
    (r"^(Juniper|New H3C|Hangzhou H3C|Extreme Net|Alcatel-Lucent Ent|Allied Tel|Nortel|Raisecom|Maipu)",
     {"switch": WEAK, "router": WEAK, "access_point": HINT, "server": 0, "voip_phone": 0}, "maker of switches and routers", "", "Juniper Networks"),
    (r"^(Ruijie)", {"switch": WEAK, "access_point": WEAK, "router": HINT}, "maker of switches and access points", "", "Ruijie Networks Co.,LTD"),
    (r"^(Ruckus|Mist Sys|Aerohive|Xirrus)", {"access_point": SOLID, "switch": HINT, "router": 0}, "maker of access points", "", "Ruckus Wireless"),
    (r"^(Cambium|Cisco Meraki|Engenius|Senao|Ubiquiti|Shenzhen Sundray)",
     {"access_point": WEAK, "switch": WEAK, "router": WEAK, "camera": HINT, "voip_phone": 0, "nas": 0}, "maker of access points, switches, routers", "", "Ubiquiti Inc"),
    # Modules of small devices, and their makers.
    (r"^(Espressif|Tuya|Bouffalo|Telink|AltoBeam|Beken|GainSpan)", {"iot": SOLID, "camera": 0, "speaker": 0, "screen": 0, "printer": 0, "router": 0, "kvm": 0, "single_board_computer": 0},
     "maker of modules for small devices", "", "Espressif Inc."),
    (r"^(Texas Inst|Silicon Lab|Microchip|Nordic Semi|Renesas|STMicro|EM Micro|Hui Zhou Gaoshengda|Shenzhen iComm|Murata|Universal Electronics)", {"iot": HINT, ANY: 0},
     "maker of parts", "", "Texas Instruments"),
    (r"^(Withings|Fitbit|Osram|Ledvance|Philips (Light|Pers)|Signify|eQ-3|Netatmo|Allterco|Shelly|Itead|Broadlink|Hangzhou BroadLink|LIFX|Lumi United|Yeelink|Yeelight|SmartThings|Physical Graph|"
     r"Ecobee|Nest Labs|iRobot|Beijing Roborock|GD Midea|Qingdao Haier|Gree|Daikin|Nanoleaf|Tado|Sengled|Honeywell|Chipsea|Garmin|Lutron|Leviton|Wink|August Home|Smarter Appl|"
     r"Ingenico|Verifone|PAX Comp|ZKTeco|ZK Software|Suprema|Schneider|Siemens|Rockwell|Wago|Carrier|Johnson Con|Trane|Ecovacs|Dyson|Vorwerk|Miele|BSH|Samjin|Wistron NeWeb IoT|Sonoff)",
     {"iot": SOLID, "camera": 0, "switch": 0}, _HOME, "", "Withings"),
)  # fmt: skip


RULES: Sequence[Rule] = tuple(
    Rule(field="vendor", pattern=pattern, says=says, means=means, source=source or "the maker's own range", example=example)
    for pattern, says, means, source, example in _ROWS
)
