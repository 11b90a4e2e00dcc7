"""Rows signed as they are leased, for sinks whose receiver checks who wrote (docs/decisions/012-the-province.md)."""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec

from model.fleet.signed import signed_bytes
from model.ports import Signed


class Signing(msgspec.Struct, frozen=True):
    """For which sinks, and how: `sign` gives the signature over bytes, `key` names its public half."""

    sinks: frozenset[str]
    key: str
    sign: Callable[[bytes], bytes]


class Signer:
    """Signs the rows of a journal in the box's name; `epoch` rises when the journal is restored."""

    def __init__(self, box: str, epoch: int, signing: Signing | None) -> None:
        self.epoch = epoch
        self._box = box
        self._signing = signing

    def signed(self, sink: str, seq: int, row_id: str, doc: bytes) -> Signed | None:
        """The row's document as it is stored, under the box's signature; None for a sink whose rows are not signed."""
        if self._signing is None or sink not in self._signing.sinks:
            return None
        unsigned = Signed(payload=doc.decode(), signature="", key=self._signing.key, epoch=self.epoch, sequence=seq)
        signature = self._signing.sign(signed_bytes(self._box, row_id, unsigned))
        return msgspec.structs.replace(unsigned, signature=base64.urlsafe_b64encode(signature).decode())
