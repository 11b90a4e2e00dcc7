"""Why a probe could not be made, in plain words."""

from __future__ import annotations

from model.text import Text, shown

NOBODY = Text("chương trình thăm dò không chạy", "the probe program does not run")
ALONE = Text("hộp chỉ có một chân mạng ở điểm này", "the box has a single leg at this site")
NO_GATEWAY = Text("chưa biết địa chỉ cổng ra của chân này", "the address of the leg's gateway is not known yet")
FAULT = Text("lỗi không ngờ khi thăm dò", "unexpected fault while probing")

_WHYS = {
    "nobody": NOBODY,
    "rate": Text("đã tới giới hạn số khung được gửi", "the ceiling on frames sent is reached"),
    "gateway": Text("chưa biết địa chỉ của bộ định tuyến chân này", "the address of the leg's router is not known"),
    "address": Text("chân này chưa có địa chỉ IP", "the leg has no IP address"),
}


def no_address(leg: str) -> Text:
    """A probe that needs the other leg's address."""
    said = shown(leg, 32)
    return Text(f"chân “{said}” chưa có địa chỉ IP", f"the leg “{said}” has no IP address")


def why(word: str, interface: str) -> Text:
    """The program's word for what went wrong, as a sentence's end."""
    name = shown(interface, 20)
    if word == "down":
        return Text(f"{name} đang tắt hoặc chưa cắm cáp", f"{name} is down or has no cable")
    if word == "missing":
        return Text(f"không có giao diện {name}", f"there is no interface {name}")
    said = shown(word, 60)
    return _WHYS.get(word, Text(f"không gửi được ({said})", f"it could not be sent ({said})"))
