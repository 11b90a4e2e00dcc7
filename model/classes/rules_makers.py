"""What the maker of the MAC address says: little.

A maker of one kind of device says that kind, a maker of many leaves room for all of its own, and none decides an operating system: a PC may
run any, and its network card is often not made by the PC's maker.
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
    ("^Apple(,| |$)",
     {"mac": HINT, "phone_iphone": HINT, "tablet": HINT, "screen": HINT, "speaker": HINT, "iot": 0, "router": 0, "access_point": 0, "linux_pc": 0}, "Apple",
     "", "Apple, Inc."),
    # PCs and their network cards.
    (r"^(Intel\b|Dell\b|LCFC|Lenovo\b(?! Mobile| Image)|Micro-Star|Giga-Byte|ASRock|Elitegroup|Clevo|Pegatron|Quanta Computer|Compal|Wistron|Acer\b|"
     r"Fujitsu|Liteon|AzureWave|Cloud Network Tech|Chongqing Fugui|Hewlett|HP Inc|ASUSTek|Universal Global Sci|Toshiba\b(?! Tec)|Framework|"
     r"Panasonic (Personal|Mobile)|Broadcom|Biostar|Rivet)", _PC, "maker of PCs", "", "Intel Corporate"),
    ("^Hewlett[- ]Packard(?! Ent)|^HP Inc", {"printer": HINT, "scanner": 0, ANY: 0}, "maker of printers too", "", "Hewlett Packard"),
    ("^Hewlett[- ]Packard Enterprise", {"switch": WEAK, "access_point": WEAK, "server": WEAK, "router": HINT, ANY: 0}, "maker of network devices and servers",
     "", "Hewlett Packard Enterprise"),
    ("^Microsoft (Corp|Mobile)", {"windows_pc": HINT, "console": HINT, ANY: 0}, "maker of PCs and game consoles", "", "Microsoft Corporation"),
    (r"^Super ?Micro|^Inspur|^Oracle Corp|^IBM\b|^Lenovo Data|^XFusion", {"server": WEAK, "switch": 0, "nas": 0, "linux_pc": 0, "windows_pc": 0, "router": 0},
     "maker of servers", "", "Super Micro Computer, Inc."),
    # Phones.
    (r"^(Guangdong Oppo|vivo Mobile|Realme|OnePlus|HMD Global|Motorola (\(Wuhan\) )?Mobility|Honor Device|Tecno|Infinix|Itel Mobile|HTC Corp|TCT mobile|"
     r"Meizu|Lenovo Mobile|Wingtech|Huaqin|Longcheer|Fairphone|Nothing Tech|Bkav|Shenzhen TINNO)", _PHONE, "maker of phones", "", "HMD Global Oy"),
    ("^(Huawei Device|Xiaomi Comm)", _PHONE, "maker of phones and more", "", "Xiaomi Communications Co Ltd"),
    ("^(Beijing Xiaomi|Xiaomi (Inc|Elec))", {**_PHONE, "phone_android": HINT, "iot": HINT, "screen": HINT, "router": HINT},
     "maker of phones, screens, devices of the home", "", "Beijing Xiaomi Mobile Software Co., Ltd"),
    ("^Samsung Electronics",
     {"phone_android": HINT, "tablet": HINT, "screen": HINT, "printer": 0, "speaker": 0, "windows_pc": 0, "linux_pc": 0, "iot": 0, "camera": 0},
     "maker of phones and screens", "", "Samsung Electronics Co.,Ltd"),
    ("^(BlackBerry|Rim$)", {"phone_android": HINT, "tablet": HINT, ANY: 0}, "maker of phones", "", "BlackBerry RTS"),
    # Screens, projectors, speakers.
    ("^(LG Electronics|LG Innotek)",
     {"screen": HINT, "phone_android": HINT, "iot": HINT, "speaker": 0, "windows_pc": 0, "linux_pc": 0, "tablet": 0, "projector": 0, "printer": 0},
     "maker of screens and phones", "", "LG Electronics"),
    ("^Sony (Corp|Home|Visual|Mobile|Group)",
     {"screen": HINT, "phone_android": HINT, "speaker": HINT, "camera": 0, "projector": HINT, "tablet": 0, "console": HINT, "windows_pc": 0},
     "maker of screens, phones, speakers", "", "Sony Corporation"),
    ("^Google", {"screen": HINT, "speaker": HINT, "phone_android": HINT, "router": HINT, "iot": HINT, "camera": HINT, "tablet": 0, "access_point": 0,
     "linux_pc": 0}, "maker of screens, speakers, phones", "", "Google, Inc."),
    ("^Amazon Tech", {"screen": HINT, "speaker": HINT, "tablet": HINT, "camera": HINT, "iot": HINT}, "maker of screens, speakers, tablets", "",
     "Amazon Technologies Inc."),
    ("^(Roku|Vizio|Guangzhou Shiyuan|Shenzhen Chuangwei|TCL King|TCL MOKA|Shenzhen TCL|Hisense (Electric|Visual)|Qingdao Hisense Elec|Barco (NV|Proj|"
     "Control)|Crestron|Shenzhen Skyworth Disp|Shenzhen KTC|TPV|Sky Uk|Amino|Humax|Kaon|Funshion|Vestel|Promethean|Smart Technologies|Shenzhen Geniatech)",
     {"screen": SOLID, "projector": HINT, "speaker": 0, "iot": 0, "router": 0, "linux_pc": 0}, "maker of screens", "", "Roku, Inc"),
    ("^(Shenzhen Skyworth Digital|Skyworth Digital|Zhejiang Tmall|Shenzhen SuperElectron|Unionman|Shenzhen Jiuzhou|China Dragon)",
     {"screen": WEAK, "router": HINT, "iot": 0, "speaker": 0, "access_point": 0}, "maker of set-top boxes", "",
     "Shenzhen Skyworth Digital Technology CO., Ltd"),
    ("^(BenQ|Casio|Christie|Digital Projection|InFocus|Hitachi (Ltd|Consumer|Maxell)|Panasonic Connect)", {"projector": WEAK, "screen": HINT, ANY: 0},
     "maker of projectors", "", "BenQ Corporation"),
    (r"^(Sonos|Bose\b|Harman|D&M Hold|Bang & Olufsen|Libratone|Yamaha|Onkyo|Cirrus|Linkplay|Shenzhen Grandsun|Libre Wireless|Frontier Silicon)",
     {"speaker": SOLID, "screen": HINT, "iot": 0}, "maker of speakers", "", "Sonos, Inc."),
    ("^(Nintendo|Sony (Interactive|Computer) Ent)", {"console": SOLID, "screen": 0}, "maker of game consoles", "", "Nintendo Co.,Ltd"),
    # Printers.
    ("^(Brother Ind|Kyocera (Doc|Corp)|Lexmark|Ricoh|Konica|Oki (Data|Elec)|Xerox|Fuji ?(film|xerox)|Zhuhai Pantum|Zebra Tech|Toshiba Tec|Star Micro|"
     "Bixolon|Sindoh|Sato Corp|Lenovo Image)", {"printer": SOLID, "scanner": HINT, "projector": 0}, "maker of printers", "", "Brother Industries, LTD."),
    ("^(Canon Inc|Seiko Epson)", {"printer": WEAK, "scanner": HINT, "projector": HINT, "camera": 0}, "maker of printers and projectors", "", "Canon Inc."),
    ("^Sharp Corp", {"printer": HINT, "screen": HINT, "phone_android": HINT, "iot": HINT, "projector": 0}, "maker of printers and screens", "",
     "SHARP Corporation"),
    ("^(PFU|Plustek|Avision)", {"scanner": SOLID, "printer": 0}, "maker of scanners", "", "Pfu Limited"),
    # Cameras, telephones.
    ("^(Hangzhou Hikvision|Prama Hikvision|Hikvision|Zhejiang Dahua|Hangzhou Ezviz|Kbvision|Axis Comm|Vivotek|Zhejiang Uniview|Reolink|Hanwha (Vision|"
     "Techwin)|Mobotix|Avigilon|Hangzhou Huacheng|Arlo Tech|Tiandy|Verkada|Wyze|Ring LLC|Amcrest|Bosch Security|Pelco|Milesight|Geovision|ACTi|"
     "Shenzhen Reecam|Lorex|Swann|Questek)", {"camera": SOLID, "iot": 0, "switch": 0, "server": 0}, "maker of cameras", "",
     "Hangzhou Hikvision Digital Technology Co.,Ltd."),
    ("^(Grandstream|Yealink|Xiamen Yealink|snom|Polycom|Fanvil|Aastra|Mitel|Gigaset|Alcatel-?Lucent Enterprise|Unify Soft|Obihai)",
     {"voip_phone": SOLID, "router": 0, "access_point": 0, "camera": 0, "switch": 0}, "maker of telephones", "", "Grandstream Networks, Inc."),
    ("^(Avaya)", {"voip_phone": WEAK, "switch": WEAK, "server": 0}, "maker of telephones and switches", "", "Avaya Inc"),
    ("^(American Power Conv|APC by Schneider|CyberPower)", {"iot": SOLID, "server": 0, "switch": 0}, "maker of power supplies", "",
     "American Power Conversion Corp"),
    # Storage, single-board computers, remote keyboards.
    ("^(Synology|QNAP|Asustor|Thecus|UGREEN)", {"nas": SOLID, "router": 0, "camera": 0, "server": 0}, "maker of network storage", "",
     "Synology Incorporated"),
    ("^(Western Digital|Seagate|Buffalo|LenovoEMC)", {"nas": WEAK, "router": HINT, "screen": 0}, "maker of storage", "", "Western Digital"),
    ("^(Raspberry Pi|Shenzhen Xunlong)", {"single_board_computer": SOLID, ANY: 0}, "maker of single-board computers", "", "Raspberry Pi Trading Ltd"),
    ("JetKVM|^(TinyPilot|Aten Int|Raritan|Adder Tech|Emerson Network Power, Avocent|Rose Electronics|Guntermann)", {"kvm": SOLID, "server": 0},
     "maker of remote keyboards", "network §5.1", "BuildJet, Inc. (JetKVM)"),
    ("^Shenzhen Sipeed", {"kvm": WEAK, "single_board_computer": WEAK, "iot": HINT}, "maker of remote keyboards and boards", "network §5.1",
     "Shenzhen Sipeed Technology Co., Ltd"),
    ("^GL Tech", {"router": WEAK, "kvm": HINT, "access_point": HINT, "iot": 0}, "maker of small routers and remote keyboards", "network §5.1",
     "GL Technologies (Hong Kong) Limited"),
    # Networks.
    ("^(Routerboard|DrayTek|AVM|Sagemcom|Arcadyan|Askey|Vantiva|Technicolor|Commscope|ARRIS|Hitron|Sercomm|MitraStar|Gemtek|Ubee|Actiontec|2Wire|eero|"
     "Fiberhome|zte corp|Nokia Shanghai|Shenzhen Gongjin|Taicang T&W|Viettel|Vnpt|Vietnam Post|Gsd Viet|ADB Broad|Freebox|Calix|Adtran|Cig Shang|"
     "Sichuan Tianyi|Shenzhen YOUHUA|Fortinet|Palo Alto|Cradlepoint|Sophos|WatchGuard|Peplink|Teltonika|Cisco SPVTG|Zhone|Thomson Tele|Sfr|"
     "Alcatel-Lucent Shanghai)", {"router": SOLID, "access_point": HINT, "screen": 0, "switch": 0, "phone_android": 0, "iot": 0, "voip_phone": 0},
     "maker of routers", "", "Routerboard.com"),
    # Which of their many is for other signs to tell.
    ("^(Tp-Link|Netgear|Cisco-?Linksys|(The )?Linksys|Tenda|Shen ?[Zz]hen Tenda|Zyxel|D-Link|Edimax|Shenzhen Mercury|Shenzhen Fast|Totolink|Zioncom|"
     "Sitecom|TRENDnet|Shenzhen Bilian|ASSMANN)", {**_NETWORK, "camera": HINT, "iot": HINT, "printer": 0}, "maker of routers, cameras, devices of the home",
     "", "Tp-Link Technologies Co.,Ltd."),
    ("^ASUSTek", {"router": HINT, ANY: 0}, "maker of routers too", "", "ASUSTek COMPUTER INC."),
    ("^Belkin", {"iot": WEAK, "router": WEAK, "access_point": HINT, "switch": 0, "camera": 0}, "maker of routers and plugs", "", "Belkin International Inc."),
    ("^Huawei Tech", {"router": WEAK, "phone_android": HINT, "switch": HINT, "access_point": HINT, "tablet": 0, "server": 0, "screen": 0},
     "maker of routers, switches, phones", "", "Huawei Technologies Co.,Ltd"),
    ("^Cisco Sys", {"switch": WEAK, "router": WEAK, "access_point": HINT, "voip_phone": HINT, "server": HINT, "screen": 0, "camera": 0},
     "maker of network devices", "", "Cisco Systems, Inc"),
    ("^(Brocade|Arista|Edgecore)", {"switch": SOLID, "router": WEAK, "server": 0}, "maker of switches", "", "Arista Networks"),
    ("^(Juniper|New H3C|Hangzhou H3C|Extreme Net|Alcatel-Lucent Ent|Allied Tel|Nortel|Raisecom|Maipu)",
     {"switch": WEAK, "router": WEAK, "access_point": HINT, "server": 0, "voip_phone": 0}, "maker of switches and routers", "", "Juniper Networks"),
    ("^(Ruijie)", {"switch": WEAK, "access_point": WEAK, "router": HINT}, "maker of switches and access points", "", "Ruijie Networks Co.,LTD"),
    ("^(Ruckus|Mist Sys|Xirrus)", {"access_point": SOLID, "switch": HINT, "router": 0}, "maker of access points", "", "Ruckus Wireless"),
    ("^(Cambium|Cisco Meraki|Engenius|Senao|Ubiquiti|Shenzhen Sundray)",
     {"access_point": WEAK, "switch": WEAK, "router": WEAK, "camera": HINT, "voip_phone": 0, "nas": 0}, "maker of access points, switches, routers", "",
     "Ubiquiti Inc"),
    # Modules of small devices, and their makers.
    ("^(Espressif|Tuya|Bouffalo|Telink|AltoBeam|Beken|GainSpan)",
     {"iot": SOLID, "camera": 0, "speaker": 0, "screen": 0, "printer": 0, "router": 0, "kvm": 0, "single_board_computer": 0},
     "maker of modules for small devices", "", "Espressif Inc."),
    ("^(Texas Inst|Silicon Lab|Microchip|Nordic Semi|Renesas|STMicro|EM Micro|Hui Zhou Gaoshengda|Shenzhen iComm|Murata|Universal Electronics|Honeywell|"
     "Siemens|Rockwell|Schneider|Wago|Carrier Corp|Johnson Con|Trane|Garmin)", {"iot": HINT, ANY: 0}, "maker of parts", "", "Texas Instruments"),
    ("^(Withings|Fitbit|Osram|Ledvance|Philips (Light|Pers)|Signify|eQ-3|Netatmo|Shelly|Broadlink|Hangzhou BroadLink|Lumi United|Yeelink|SmartThings|"
     "Physical Graph|Ecobee|Nest Labs|iRobot|Beijing Roborock|GD Midea|Qingdao Haier|Gree Elec|Daikin|Nanoleaf|Tado|Chipsea|Lutron|Leviton|Wink|"
     "August Home|Ingenico|Verifone|PAX Comp|ZKTeco|Suprema|Dyson|Miele|BSH|Samjin)", {"iot": SOLID, "camera": 0, "switch": 0}, _HOME, "", "Withings"),
)  # fmt: skip


RULES: Sequence[Rule] = tuple(
    Rule(field="vendor", pattern=pattern, says=says, means=means, source=source or "the maker's own range", example=example)
    for pattern, says, means, source, example in _ROWS
)
