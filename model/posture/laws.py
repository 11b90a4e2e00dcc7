"""Which law on personal data was in force on a day: findings cite that of their date, whatever the inspection's form still says."""

from __future__ import annotations

from typing import Final, NamedTuple

from model.text import Text
from model.times import day_of


class Law(NamedTuple):
    """In force from the day `since` on (`model.times.day_of`) until the next one is."""

    since: int
    name: Text


# By their own provisions on taking effect: the Decree of 2023 on 1 July 2023; the Law (26 June 2025) and its Decree (31 December 2025) on 1 January 2026.
LAWS: Final = (
    Law(19_539, Text("Nghị định 13/2023/NĐ-CP về bảo vệ dữ liệu cá nhân", "Decree 13/2023/NĐ-CP on personal data protection")),
    Law(
        20_454,
        Text(
            "Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 và Nghị định 356/2025/NĐ-CP",
            "the Personal Data Protection Law 91/2025/QH15 and Decree 356/2025/NĐ-CP",
        ),
    ),
)


def in_force(at: int) -> Law | None:
    """The law that held at this instant; None before there was one."""
    day = day_of(at)
    return max((law for law in LAWS if law.since <= day), key=lambda law: law.since, default=None)
