"""What a host name or a friendly name says. Names that a system or a factory makes say much; words that people choose are a hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes.kinds import ANY, HINT, SOLID, STRONG, WEAK, Rule

_WINDOWS = {"windows_pc": STRONG, "server": 0}

Row = tuple[str, Mapping[str, int], str, str, str]

_ROWS: Sequence[Row] = (
    # Made by systems.
    ("^(DESKTOP|LAPTOP)-[A-Z0-9]{7}$", _WINDOWS, "name made by Windows", "Windows set-up", "DESKTOP-V1FA0UQ"),
    ("^WIN-[A-Z0-9]{11}$", {"server": STRONG, "windows_pc": SOLID}, "name made by Windows Server", "Windows set-up", "WIN-7U2QK4VN3PL"),
    ("^MINWINPC$", {"iot": SOLID, "single_board_computer": SOLID}, "name made by Windows IoT", "Windows IoT Core", "minwinpc"),
    (r"^iPhone(-\d+)?$", {"phone_iphone": STRONG}, "name made by iOS", "iOS 16 and later give no other", "iPhone"),
    (r"^iPad(-\d+)?$", {"tablet": STRONG}, "name made by iPadOS", "iPadOS 16 and later give no other", "iPad"),
    ("^android-[0-9a-f]{12,16}$", {"phone_android": STRONG, "tablet": WEAK, "screen": WEAK, ANY: 0}, "name made by Android", "Android until 9",
     "android-6d1c2f3a4b5c6d7e"),
    ("^(raspberrypi|pikvm)$", {"single_board_computer": SOLID, "kvm": 0, "linux_pc": 0, "speaker": 0, "screen": 0, "iot": 0, "server": 0},
     "name made by Raspberry Pi OS", "Raspberry Pi OS", "raspberrypi"),
    (r"^(orange-?pi|banana-?pi|nano-?pi|rock-?pi|odroid|beaglebone|jetson|armbian|libre-?elec|visionfive)[\w-]*$",
     {"single_board_computer": SOLID, "kvm": 0, "linux_pc": 0, "screen": 0, "iot": 0, "server": 0}, "name made by a board's system",
     "Armbian and makers' images: the board's name", "orangepizero2"),
    ("^(pop-os|ubuntu|debian|fedora|kali|archlinux|manjaro|linuxmint|localhost-live|opensuse)$",
     {"linux_pc": SOLID, "server": HINT, "single_board_computer": 0}, "name made by a Linux set-up", "distributions' installers", "pop-os"),
    ("^(OpenWrt|DD-WRT|Tomato|RouterOS|MikroTik|tplinkwifi|fritz-?box|livebox|vnpt|viettel-?(router|gpon)|igate)",
     {"router": STRONG, "access_point": HINT, "switch": 0}, "name made by a router", "makers' defaults", "OpenWrt"),
    ("apple-?watch|^watch$|galaxy-?watch", {"iot": STRONG}, "name of a watch's model", "watchOS's default", "Apple-Watch"),
    # Chosen by people, in both languages.
    ("iphone", {"phone_iphone": STRONG, ANY: 0}, "named a phone", "people's habit", "iPhone của Lan"),
    ("ipad|galaxy.?tab|kindle|máy tính bảng", {"tablet": STRONG, "phone_android": 0}, "named a tablet", "people's habit", "iPad-cua-Lan"),
    ("(mac-?book|i-?mac|mac-?mini|mac-?pro|mac-?studio|(^|[-_ ])mbp([-_ ]|$))", {"mac": WEAK}, "named a Mac", "people's habit", "Lucas-iMac"),
    (r"^mac(book)?(air|pro)?(-\d+)?$", {"mac": WEAK}, "named a Mac", "macOS's default", "MacBookPro"),
    (r"(galaxy-?(a|s|m|note|z)|redmi|poco-|^mi-?(\d|note|max)|oppo|realme|vivo-?[0-9xyv]|pixel-?\d|oneplus|huawei-?(p|mate|nova|y)|honor-?\d|nokia-?\d|"
     r"xperia|moto-?[eg])", {"phone_android": STRONG, "tablet": 0, "windows_pc": 0}, "name of a phone's model", "Android's default: its model",
     "Galaxy-A54-5G"),
    (r"[-_](PC|HP|THINK|VAIO|LAPTOP|Dell|Acer|Asus|Lenovo|Toshiba)$|^(?!may[-_ ]?(in|chieu|quet|fax|chu))(PC|MAY|MT|LAPTOP|DESKTOP|WS|KETOAN|VANTHU|"
     r"MAYTINH|MÁY TÍNH|WORKSTATION)([-_ ]|\d|$)", {"windows_pc": WEAK, "linux_pc": HINT, "mac": 0, "screen": 0}, "named a PC",
     "Windows until 8 and offices' habit", "PC-KETOAN"),
    (r"^(SRV|SERVER|MAYCHU|DC\d|AD\d|FILE-?SERVER|SQL|BACKUP)[-_]?\w*|[-_](SRV|SERVER|DC\d?)$|máy chủ",
     {"server": WEAK, "nas": HINT, "windows_pc": HINT, "linux_pc": HINT}, "named a server", "offices' habit", "SRV-FILE"),
    ("(^|[-_ ])(tv|tivi|smart-?tv|television|màn hình|man-?hinh|monitor|display)([-_ ]|$)", {"screen": WEAK, "projector": HINT, ANY: 0}, "named a screen",
     "people's habit", "TV-Sanh"),
    (r"(máy in|may-?in([-_ ]|$)|printer|^in-(\w+)$)", {"printer": WEAK, ANY: 0}, "named a printer", "people's habit", "may-in"),
    ("(^|[-_ ])(loa|speaker|soundbar)([-_ ]|$)", {"speaker": WEAK, ANY: 0}, "named a speaker", "people's habit", "loa"),
    ("(máy chiếu|may-?chieu|projector)", {"projector": WEAK, "screen": HINT, ANY: 0}, "named a projector", "people's habit", "Máy chiếu hội trường"),
    (r"(^|[-_ ])(cam|camera|ipcam|cctv|webcam|localcam|iotcam)\d*([-_ ]|$)|ip-?camera|netcam", {"camera": WEAK, ANY: 0}, "named a camera",
     "makers' and people's habit", "localcam"),
    (r"^(router|gateway|modem|gw)([-_.\d]|$)", {"router": WEAK, ANY: 0}, "named a router", "offices' habit", "router-tang2"),
    (r"(^|[-_ ])(nas|diskstation|readynas|mycloud)([-_ ]|\d|$)", {"nas": SOLID, "server": HINT}, "named a network storage", "makers' defaults",
     "DiskStation"),
    (r"^(switch|sw\d*|core-?sw)([-_ ]|\d|$)", {"switch": WEAK, "console": 0, "router": 0}, "named a switch", "offices' habit", "sw-tang1"),
    (r"^(ap|unifi|uap|wap)[-_ ]?\d|access-?point", {"access_point": WEAK, ANY: 0}, "named an access point", "offices' habit", "AP-01"),
    (r"^(pi|rpi)[-_]?\d*([.-]|$)|raspberry", {"single_board_computer": WEAK, ANY: 0}, "named a Raspberry Pi", "people's habit", "pi3.ntop.org"),
    ("(ubuntu|debian|fedora|centos|linux)", {"linux_pc": WEAK, "server": HINT, ANY: 0}, "named after Linux", "people's habit", "linux-vp01"),
    ("(homepod|echo-|google-?home|nest-?(mini|audio))", {"speaker": STRONG}, "name of a speaker's model", "makers' defaults", "HomePod"),
    ("^(xbox|playstation|ps[345]([-_ ]|$)|nintendo)", {"console": STRONG}, "name of a game console", "makers' defaults", "PS4-123"),
)  # fmt: skip

RULES: Sequence[Rule] = tuple(
    Rule(field="name", pattern=pattern, says=says, means=means, source=source, example=example) for pattern, says, means, source, example in _ROWS
)
