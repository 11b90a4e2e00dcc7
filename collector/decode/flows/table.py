"""Which flow decoders there are. Adding one = a module with `decode(head)`, and one row here."""

from __future__ import annotations

from collector.decode import pjlink
from collector.decode.flows import greetings, igd, jsonrpc, mice, openings, projector, requests, samsung, webos
from collector.decode.flows.head import FlowDecoder
from collector.decode.remote import table as remote

FLOWS: tuple[FlowDecoder, ...] = (
    FlowDecoder(name="pjlink_greeting", decode=pjlink.greeting, starts=(pjlink.GREETING_START,), limit=pjlink.MAX_LINE),
    FlowDecoder(
        name="requests",
        decode=requests.decode,
        starts=requests.STARTS,
        more=requests.MORE,
        answers=requests.ANSWERS,
        limit=requests.LIMIT,
        answer_limit=1024,
    ),
    FlowDecoder(
        name="igd", decode=igd.decode, starts=igd.STARTS, more=requests.MORE, answers=requests.ANSWERS, limit=requests.LIMIT, answer_limit=igd.ANSWER_LIMIT
    ),
    FlowDecoder(name="webos", decode=webos.decode, ports=(webos.PORT,), answers=requests.ANSWERS, limit=webos.LIMIT, answer_limit=512),
    FlowDecoder(
        name="kodi",
        decode=jsonrpc.kodi_line,
        ports=(jsonrpc.KODI_PORT,),
        starts=jsonrpc.KODI_STARTS,
        answers=jsonrpc.KODI_STARTS,
        limit=jsonrpc.KODI_LIMIT,
        answer_limit=512,
    ),
    FlowDecoder(name="samsung", decode=samsung.decode, ports=(samsung.PORT,), starts=(samsung.START,), limit=samsung.LIMIT),
    FlowDecoder(name="mice", decode=mice.decode, ports=(mice.PORT,), seconds=mice.SECONDS),
    FlowDecoder(name="pjlink", decode=projector.pjlink, ports=(pjlink.PORT,), limit=projector.LIMIT, answer_limit=projector.ANSWER_LIMIT, seconds=60),
    FlowDecoder(name="ntcontrol", decode=projector.ntcontrol, ports=(projector.NTCONTROL_PORT,), limit=projector.LIMIT, answer_limit=projector.ANSWER_LIMIT),
    FlowDecoder(name="ntcontrol_greeting", decode=greetings.ntcontrol, starts=(greetings.NTCONTROL_START,), limit=greetings.NTCONTROL_LIMIT),
    FlowDecoder(
        name="epson",
        decode=greetings.epson,
        ports=(greetings.EPSON_PORT,),
        starts=(greetings.EPSON_START,),
        answers=(greetings.EPSON_START,),
        limit=64,
        answer_limit=16,
    ),
    FlowDecoder(name="cast", decode=openings.cast, starts=(openings.HANDSHAKE,), limit=64),
    FlowDecoder(
        name="adb",
        decode=openings.adb,
        ports=(openings.ADB_PORT,),
        starts=(openings.ADB_START,),
        answers=openings.ADB_ANSWERS,
        answer_limit=64,
    ),
    *remote.FLOWS,
)
