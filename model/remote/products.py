"""The remote-control products that are known, each row with where it is from and of which day.

Only names that the product's makers own and use for it are listed: a suffix stands for itself and all below it. A name that serves other things too
(`zoho.com`, `goto.com`) is left out, or given by its longer form. Rows of LOLRMM are from its list of 2026-08-21 (magicsword-io/LOLRMM, Apache-2.0).
"""

from __future__ import annotations

from typing import Final

import msgspec

_LOLRMM: Final = "LOLRMM"
_MAKER: Final = "maker's documentation"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """One product. `names` are suffixes of its hosts; `pages` those that a browser opens, which prove no program.

    `direct`: its protocol joins the two computers themselves, so that who opens the connection controls and who accepts it is controlled.
    `groups`: multicast groups that only it joins. `as_of`: the day the row was last compared with its `source`.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    direct: bool = False
    source: str = _LOLRMM
    as_of: str = "2026-08-21"


ROWS: Final[tuple[Product, ...]] = (
    # Told by their own shapes on the wire too (collector.decode.remote).
    Product(id="teamviewer", name="TeamViewer", names=("teamviewer.com", "teamviewer.cn", "dyngate.com")),
    Product(id="anydesk", name="AnyDesk", names=("anydesk.com", "anydesk.com.cn"), groups=("239.255.102.18",)),
    Product(id="rustdesk", name="RustDesk", names=("rustdesk.com",)),
    Product(id="radmin", name="Radmin", names=("radmin.com",), direct=True),
    Product(id="vnc", name="VNC", direct=True, source="RFC 6143", as_of="2011-03-01"),
    Product(id="rdp", name="Remote Desktop (RDP)", direct=True, source="[MS-RDPBCGR] 59.0", as_of="2024-04-23"),
    # Told by their names alone. Of UltraViewer nothing else is published: its ports and shapes were not verified.
    Product(id="ultraviewer", name="UltraViewer", names=("ultraviewer.net",)),
    Product(id="chrome_remote_desktop", name="Chrome Remote Desktop", names=(
        "remotedesktop-pa.googleapis.com", "chromoting-host.talkgadget.google.com", "chromoting-client.talkgadget.google.com",
        "chromoting-oauth.talkgadget.google.com", "remotedesktop.google.com",
    ), pages=("remotedesktop.google.com",)),
    Product(id="quick_assist", name="Microsoft Quick Assist", names=(
        "remoteassistance.support.services.microsoft.com", "remoteassistanceprodacs.communication.azure.com",
    ), source=_MAKER, as_of="2025-06-01"),
    Product(id="splashtop", name="Splashtop", names=("splashtop.com", "splashtop.eu")),
    Product(id="realvnc", name="RealVNC Connect", names=("realvnc.com", "vnc.com"), source=_MAKER, as_of="2025-06-01"),
    Product(id="tightvnc", name="TightVNC", names=("tightvnc.com",)),
    Product(id="ultravnc", name="UltraVNC", names=("ultravnc.com", "uvnc.com")),
    Product(id="todesk", name="ToDesk", names=("todesk.com",)),
    Product(id="sunlogin", name="Sunlogin (Oray)", names=("sunlogin.oray.com", "client.oray.net", "slapi.oray.net")),
    Product(id="awesun", name="AweSun", names=("aweray.net", "aweray.com")),
    Product(id="hoptodesk", name="HopToDesk", names=("hoptodesk.com",)),
    Product(id="deskin", name="DeskIn", names=("deskin.io",), source=_MAKER, as_of="2025-06-01"),
    Product(id="rudesktop", name="RuDesktop", names=("rudesktop.ru",)),
    Product(id="anyviewer", name="AnyViewer", names=("anyviewer.com", "aomeisoftware.com")),
    Product(id="gotohttp", name="GotoHTTP", names=("gotohttp.com",)),
    Product(id="logmein", name="LogMeIn, GoTo Rescue", names=(
        "logmein.com", "logmein.eu", "logmein-gateway.com", "logmeinrescue.com", "logmeinrescue.eu", "logmein123.com",
    )),
    Product(id="gotomypc", name="GoToMyPC", names=("gotomypc.com",)),
    Product(id="gotoassist", name="GoTo Resolve, GoToAssist", names=("gotoassist.com", "gotoassist.me", "gotoassist.at", "fastsupport.com", "helpme.net")),
    Product(id="zoho_assist", name="Zoho Assist", names=("assist.zoho.com", "zohoassist.com", "zohoassist.com.cn", "zohoassist.jp"),
            pages=("assist.zoho.com",)),
    Product(id="screenconnect", name="ConnectWise ScreenConnect", names=("screenconnect.com", "control.connectwise.com")),
    Product(id="bomgar", name="BeyondTrust Remote Support", names=("bomgarcloud.com", "beyondtrustcloud.com")),
    Product(id="remotepc", name="RemotePC", names=("remotepc.com",)),
    Product(id="remoteview", name="RemoteView, RemoteCall", names=("rview.com", "remotecall.com", "startsupport.com")),
    Product(id="anysupport", name="AnySupport", names=("anysupport.net",)),
    Product(id="supremo", name="Supremo", names=("supremocontrol.com",)),
    Product(id="dwservice", name="DWService", names=("dwservice.net",)),
    Product(id="ammyy", name="Ammyy Admin", names=("ammyy.com",)),
    Product(id="aeroadmin", name="AeroAdmin", names=("aeroadmin.com",)),
    Product(id="getscreen", name="Getscreen.me", names=("getscreen.me",)),
    Product(id="iperius", name="Iperius Remote", names=("iperiusremote.com", "iperius-rs.com")),
    Product(id="isl", name="ISL Online", names=("islonline.com", "islonline.net")),
    Product(id="alpemix", name="Alpemix", names=("alpemix.com",)),
    Product(id="litemanager", name="LiteManager", names=("litemanager.com", "litemanager.ru")),
    Product(id="remote_utilities", name="Remote Utilities", names=("remoteutilities.com", "internetid.ru")),
    Product(id="distant_desktop", name="Distant Desktop", names=("distantdesktop.com", "signalserver.xyz")),
    Product(id="anyplace_control", name="Anyplace Control", names=("anyplace-control.com",)),
    Product(id="showmypc", name="ShowMyPC", names=("showmypc.com",)),
    Product(id="mikogo", name="Mikogo", names=("mikogo.com", "mikogo4.com")),
    Product(id="fixme_it", name="FixMe.IT", names=("fixme.it", "setme.net", "techinline.net")),
    Product(id="instant_housecall", name="Instant Housecall", names=("instanthousecall.com", "instanthousecall.net")),
    Product(id="jump_desktop", name="Jump Desktop", names=("jumpdesktop.com", "jumpto.me")),
    Product(id="parsec", name="Parsec", names=("parsec.app", "parsec.gg", "parsecusercontent.com")),
    Product(id="nomachine", name="NoMachine", names=("nomachine.com",)),
    Product(id="netsupport", name="NetSupport Manager", names=("netsupportsoftware.com", "netsupportmanager.com")),
    Product(id="dameware", name="DameWare", names=("dameware.com", "swi-dre.com")),
    Product(id="meshcentral", name="MeshCentral", names=("meshcentral.com",)),
    Product(id="simplehelp", name="SimpleHelp", names=("simple-help.com",)),
    # Management suites that can take over a screen.
    Product(id="atera", name="Atera", names=("atera.com", "atera.pubnubapi.com", "getalphacontrol.com")),
    Product(id="ninjaone", name="NinjaOne", names=("ninjaone.com", "ninjarmm.com", "ninjarmm.net", "rmmservice.eu", "rmmservice.ca", "rmmservice.com.au")),
    Product(id="action1", name="Action1", names=("action1.com",)),
    Product(id="kaseya", name="Kaseya VSA", names=("kaseya.com", "kaseya.net")),
    Product(id="level", name="Level", names=("level.io",)),
    Product(id="pulseway", name="Pulseway", names=("pulseway.com",)),
    Product(id="syncro", name="Syncro", names=("syncromsp.com", "syncroapi.com", "kabutoservices.com")),
    Product(id="fleetdeck", name="FleetDeck", names=("fleetdeck.io",)),
)  # fmt: skip

BY_ID: Final = {row.id: row for row in ROWS}
