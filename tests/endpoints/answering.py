"""Three topics whose rows are one row of switches, for tests of the server: what rows become is the decoder's matter and tested there."""

from __future__ import annotations

from collector.decode.posture.envelope import Answers, Context, Envelope
from model.endpointfacts import PcAnswered
from model.posture.told import AutoLogon, Bluetooth, Firewall

COLUMNS = {"auto_logon": frozenset({"on", "stored"}), "bluetooth": frozenset({"on"}), "firewall": frozenset({"public", "private"})}
_KINDS = {"auto_logon": AutoLogon, "bluetooth": Bluetooth, "firewall": Firewall}


def decode(envelope: Envelope, context: Context) -> Answers:
    """One fact for each topic."""
    facts, dropped = [], 0
    for topic, result in envelope.results.items():
        told = trouble = None
        if result.status:
            trouble = "denied" if "denylisted" in result.message else "failed"
        elif not result.rows:
            trouble = "failed"
        else:
            dropped += len(result.rows[0].keys() - COLUMNS[topic])
            told = _KINDS[topic](**{name: str(value) == "1" for name, value in result.rows[0].items() if name in COLUMNS[topic]})
        facts.append(
            PcAnswered(
                at=context.at, pc=context.pc, site=context.site, topic=topic, answered=min(envelope.collected_at or context.at, context.at),
                told=told, trouble=trouble or "", catalogue=envelope.catalogue_version,
            )
        )  # fmt: skip
    return Answers(tuple(facts), dropped)
