"""Which flow decoders there are. Adding one = a module with `decode(head)`, and one row here."""

from __future__ import annotations

from collector.decode import pjlink
from collector.decode.flows.head import FlowDecoder

FLOWS: tuple[FlowDecoder, ...] = (FlowDecoder(name="pjlink_greeting", decode=pjlink.greeting, starts=(pjlink.GREETING_START,), limit=pjlink.MAX_LINE),)
