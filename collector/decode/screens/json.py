"""Screens that answer in JSON: Cast's `eureka_info`, Samsung's `/api/v2/`, Kodi's JSON-RPC."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

from collector.decode.screens.told import Told, short

T = TypeVar("T")

MAX_BYTES: Final = 65_536


class _Eureka(msgspec.Struct):
    name: str
    cast_build_revision: str | None = None
    build_version: str | None = None
    model_name: str | None = None


class _Samsung(msgspec.Struct):
    device: dict[str, Any]


class _Rpc(msgspec.Struct):
    jsonrpc: str
    result: list[dict[str, Any]]


def read(body: bytes, shape: type[T]) -> T | None:
    """The JSON as that shape, other members ignored; None for what is not."""
    if len(body) > MAX_BYTES:
        return None
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, RecursionError, ValueError):
        # ValueError: an integer of thousands of digits where any value will do.
        return None


def eureka(status: int, body: bytes) -> Told | None:
    """`setup/eureka_info` of Google Cast: present, switched on, its name; Cast has no password to tell of."""
    told = read(body, _Eureka) if status == 200 else None
    if told is None or not (told.cast_build_revision or told.build_version):
        return None
    return Told(name=short(told.name), model=short(told.model_name or ""))


def samsung(status: int, body: bytes) -> Told | None:
    """`/api/v2/`: `TokenAuthSupport` tells whether commands need a token that is given after a question on the screen (2017 on)."""
    told = read(body, _Samsung) if status == 200 else None
    if told is None or not told.device:
        return None
    word = str(told.device.get("TokenAuthSupport", "")).lower()
    guarded = {"true": True, "false": False}.get(word)
    return Told(
        protected=guarded,
        guard="approval" if guarded else "",
        name=short(told.device.get("name")),
        model=short(told.device.get("modelName") or told.device.get("model")),
        picture=True,
    )


def kodi(status: int, body: bytes) -> Told | None:
    """`Player.GetActivePlayers`: an answer without a password means that anybody may command; 401 that one is asked for."""
    if status == 401:
        return Told(protected=True, guard="password", picture=True)
    told = read(body, _Rpc) if status == 200 else None
    if told is None:
        return None
    players = [short(player.get("type")) for player in told.result]
    return Told(protected=False, playing=bool(players), what=", ".join(kind for kind in players if kind)[:100], picture=True)
