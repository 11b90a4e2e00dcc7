"""The rows of the wire in depth that a view holds, by id; the names are the journal's kinds."""

from __future__ import annotations

from dataclasses import dataclass, field

from model.wire.activation import ActivationRow
from model.wire.claims import ClaimRow
from model.wire.exposure import ExposureRow
from model.wire.proof import ProofRow
from model.wire.pushes import ScreenRow
from model.wire.reads import ReadRow
from model.wire.remote import RemoteRow
from model.wire.servers import ServerRow

WireRow = ScreenRow | ReadRow | ClaimRow | RemoteRow | ActivationRow | ExposureRow | ProofRow | ServerRow


@dataclass(slots=True)
class Tables:
    """One table a kind. Each module bounds its own."""

    pushes: dict[str, ScreenRow] = field(default_factory=dict)
    reads: dict[str, ReadRow] = field(default_factory=dict)
    claim: dict[str, ClaimRow] = field(default_factory=dict)
    remote: dict[str, RemoteRow] = field(default_factory=dict)
    activation: dict[str, ActivationRow] = field(default_factory=dict)
    exposure: dict[str, ExposureRow] = field(default_factory=dict)
    proof: dict[str, ProofRow] = field(default_factory=dict)
    servers: dict[str, ServerRow] = field(default_factory=dict)
    # Where a station's claims are: made from the rows of `claim`, never written.
    claimed: dict[str, dict[str, None]] = field(default_factory=dict)
