"""All rules, by the field they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.classes import rules_adverts, rules_boxes, rules_dhcp, rules_makers, rules_names, rules_products
from model.classes.kinds import Rule

ALL: Sequence[Rule] = (
    *rules_makers.RULES,
    *rules_dhcp.RULES,
    *rules_names.RULES,
    *rules_products.RULES,
    *rules_adverts.RULES,
    *rules_boxes.RULES,
)


def _by_field() -> Mapping[str, Sequence[Rule]]:
    table: dict[str, list[Rule]] = {}
    for rule in ALL:
        table.setdefault(rule.field, []).append(rule)
    return {field: tuple(rules) for field, rules in table.items()}


RULES: Mapping[str, Sequence[Rule]] = _by_field()
