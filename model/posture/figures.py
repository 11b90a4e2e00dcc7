"""What the server of the PCs counts: the closed sets of words that become labels. The counts travel as `endpointfacts.EndpointsCounted`."""

from __future__ import annotations

from typing import Final, Literal, get_args

# Why a request was refused.
Refusal = Literal[
    "path", "method", "carve", "size", "slow", "malformed", "foreign", "expired", "revoked", "key_unknown", "key_stolen", "key_differs", "enrolments",
    "store", "fault",
]  # fmt: skip
# Why a TLS handshake failed: before a word was said.
Handshake = Literal["expired", "foreign", "no_certificate", "protocol", "crowded"]
# Why a line that came was not taken as an answer.
Left = Literal["repeated", "quarantined", "unknown", "changes"]

# The count that is a time: when the certificate that PCs are shown runs out, seconds since the epoch.
CERTIFICATE: Final = "certificate_until"

REFUSALS: Final[tuple[str, ...]] = get_args(Refusal)
HANDSHAKES: Final[tuple[str, ...]] = get_args(Handshake)
LEFT: Final[tuple[str, ...]] = get_args(Left)
