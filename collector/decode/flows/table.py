"""Which flow decoders there are. Adding one = a module with `decode(head)`, and one row here."""

from __future__ import annotations

from collector.decode.flows.head import FlowDecoder

FLOWS: tuple[FlowDecoder, ...] = ()
