"""What is read from an asset's rows, and what is left out because it is another's word."""

from __future__ import annotations

from model.classes.judge import classify
from model.classes.kinds import Sign
from model.classes.signs import signs_of
from model.rows import (
    Advertiser,
    Announcement,
    Asset,
    Dhcp6Profile,
    DhcpOffer,
    DhcpProfile,
    Held,
    Neighbour,
    Service,
    Sighting,
    Stamp,
    Upnp,
    WsdEndpoint,
    WsdTold,
)
from model.verdict import Grade

AT = 1_700_000_000_000_000_000
NOW = Stamp(0, AT, "capture:file", 1)


def service(kind: str, instance: str = "X", text: tuple[tuple[str, str], ...] = (), *, proxied: bool = False) -> Service:
    return Service(kind, instance, Sighting(AT, AT), Held(True, NOW), texts=[Held(text, NOW)] if text else [], proxied=proxied)


def texts(asset: Asset, field: str) -> list[str]:
    return [sign.text for sign in signs_of(asset) if sign.field == field]


def answer(asset: Asset) -> tuple[str, Grade | None]:
    known = classify(asset)
    return known.name, known.grade


def test_a_shared_queue_is_no_printer(made) -> None:
    asset = made("00:15:17:a3:d1:10")
    asset.services["q"] = service("_ipp._tcp.local.", "Canon @ pc", (("rp", "printers/Canon"), ("ty", "Canon LBP6230")))
    assert texts(asset, "mdns.type") == ["_ipp._tcp rp=printers/"]
    assert texts(asset, "mdns.text") == []
    assert answer(asset)[0] != "printer"


def test_a_printer_says_which_it_is(made) -> None:
    asset = made("00:1e:8f:10:20:44")
    asset.services["p"] = service("_ipp._tcp.local.", "Máy in một cửa", (("rp", "ipp/print"), ("ty", "Canon LBP6230")))
    assert answer(asset) == ("printer", Grade.CONFIRMED)


def test_what_a_proxy_says_for_others_is_not_about_itself(made) -> None:
    asset = made("00:15:17:a3:d1:10")
    asset.services["p"] = service("_googlecast._tcp.local.", "TV", (("md", "Chromecast"), ("ca", "5")), proxied=True)
    assert texts(asset, "mdns.text") == []
    assert answer(asset) == ("unknown", None)


def test_the_listing_of_a_type_offers_nothing(made) -> None:
    asset = made()
    asset.services["t"] = service("_ipp._tcp.local.", "")
    assert list(signs_of(asset)) == []


def test_names_that_people_type_are_names(made) -> None:
    asset = made()
    asset.services["c"] = service("_googlecast._tcp.local.", "Chromecast-1", (("fn", "TV của iPhone"), ("ca", "4")))
    assert "TV của iPhone" in texts(asset, "name")
    assert texts(asset, "mdns.text") == ["_googlecast._tcp ca=4", "_googlecast._tcp picture=no"]


def test_cast_tells_screens_from_speakers(made) -> None:
    for ca, name in (("463365", "screen"), ("199172", "speaker")):
        asset = made()
        asset.services["c"] = service("_googlecast._tcp.local.", "X", (("ca", ca),))
        assert answer(asset) == (name, Grade.CONFIRMED)


def test_a_number_of_another_script_is_no_number(made) -> None:
    asset = made()
    asset.services["c"] = service("_googlecast._tcp.local.", "X", (("ca", "٥" * 4000), ("md", "")))
    assert len(texts(asset, "mdns.text")) == 2


def test_roles(made) -> None:
    asset = made("a4:f4:c2:10:20:01")
    asset.ips["192.168.10.1"] = Sighting(AT, AT)
    asset.offer = Held(DhcpOffer("192.168.10.1", routers=("192.168.10.1",)), NOW)
    assert texts(asset, "role") == ["DHCP router=self"]
    asset.offer = Held(DhcpOffer("192.168.10.1", routers=("192.168.10.254",)), NOW)
    assert texts(asset, "role") == ["DHCP"]
    asset.offer = Held(DhcpOffer("10.0.0.1", routers=("192.168.10.1",), relay="192.168.10.1"), NOW)
    assert texts(asset, "role") == ["DHCP giaddr=self"]
    asset.router = Held(Advertiser(lifetime=0), NOW)
    assert "RA" not in texts(asset, "role")
    asset.router = Held(Advertiser(lifetime=1800), NOW)
    assert "RA" in texts(asset, "role")
    assert answer(asset)[0] == "router"


def test_client_identifiers_that_are_text(made) -> None:
    told = made(dhcp=DhcpProfile(client_id=(b"\0cisco-0013.7f58.4cc0-Vl1").hex(":")))
    assert texts(told, "dhcp.id") == ["cisco-0013.7f58.4cc0-Vl1"]
    assert answer(told) == ("switch", Grade.INFERRED)
    for raw in (b"\x01\x28\xcf\xda\xdc\x8d\x76", b"\0\xff\xfe\xfd", b"\0", b"", b"\0a\nb"):
        assert texts(made(dhcp=DhcpProfile(client_id=raw.hex(":"))), "dhcp.id") == []


def test_addresses_out_of_documents_have_no_maker(made) -> None:
    assert texts(made("00:00:01:01:00:00"), "vendor") == []
    assert texts(made("28:cf:da:dc:8d:76"), "vendor") == ["Apple, Inc."]
    assert texts(made("5e:3c:1b:10:20:52"), "address") == ["U/L=1"]


def test_hostile_locations_are_borne(made) -> None:
    asset = made()
    for place in ("http://[/", "", "http://10.0.0.1:80/IPCamDesc.xml", "\0" * 50):
        asset.upnp[place] = Upnp("uuid:1", "upnp:rootdevice", Sighting(AT, AT), Held(True, NOW), location=place)
    assert "/IPCamDesc.xml" in texts(asset, "ssdp.place")
    assert answer(asset) == ("camera", Grade.CONFIRMED)


def test_the_lesser_protocols(made) -> None:
    asset = made()
    asset.signs.dhcp6 = Held(Dhcp6Profile(enterprise=311, vendor_class="MSFT 5.0"), NOW)
    asset.signs.browser["host"] = Held(Announcement("PC-01", version="6.1", server_type=0x11003), NOW)
    asset.signs.netbios["PC-01<20>"] = Held(True, NOW)
    asset.signs.groups["239.255.102.18"] = Held(True, NOW)
    asset.signs.wsd["urn:uuid:1"] = WsdEndpoint(Held(True, NOW), Held(WsdTold(("pub:Computer",), ("onvif://x",)), NOW))
    asset.signs.wsd["urn:uuid:2"] = WsdEndpoint(Held(False, NOW))
    assert Sign("dhcp6.class", "311 MSFT 5.0", "dhcp", AT) in list(signs_of(asset))
    assert texts(asset, "browser") == ["types=00011003 version=6.1"]
    assert texts(asset, "wsd.type") == ["pub:Computer"]
    assert answer(asset) == ("windows_pc", Grade.LIKELY)


def test_a_box_names_itself_on_the_cable(made) -> None:
    for able, name in ((("bridge",), "switch"), (("bridge", "wlan"), "access_point"), (("phone", "bridge"), "voip_phone"), (("router",), "router")):
        asset = made()
        asset.signs.neighbour["lldp"] = Held(Neighbour("lldp", "c", "p", capabilities=able), NOW)
        assert answer(asset) == (name, Grade.CONFIRMED)


def test_a_camera_by_onvif(made) -> None:
    asset = made("44:19:b6:00:00:01")
    asset.signs.wsd["urn:uuid:1"] = WsdEndpoint(Held(True, NOW), Held(WsdTold(("dn:NetworkVideoTransmitter",)), NOW))
    assert answer(asset) == ("camera", Grade.CONFIRMED)


def test_a_mac_that_shares_files_is_a_mac_and_a_server_that_mimics_one_is_not(made) -> None:
    mac = made("28:cf:da:dc:8d:76")
    mac.services["d"] = service("_device-info._tcp.local.", "Mac", (("model", "MacBookPro14,2"),))
    mac.services["s"] = service("_smb._tcp.local.", "Mac")
    assert answer(mac) == ("mac", Grade.CONFIRMED)
    mimic = made("00:11:32:10:20:36")
    mimic.services["d"] = service("_device-info._tcp.local.", "NAS", (("model", "RackMac"),))
    mimic.services["s"] = service("_adisk._tcp.local.", "NAS")
    assert answer(mimic) == ("nas", Grade.LIKELY)
