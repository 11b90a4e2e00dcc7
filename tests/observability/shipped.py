"""Debian's Prometheus with the shipped configuration and rules, only faster: rules wait for nothing, boxes are scraped each second."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.observability.generators import ROOT
from tests.servers.call import call
from tests.servers.prometheus import Prometheus

DEPLOY = ROOT / "deploy" / "prometheus"


class Shipped(Prometheus):
    """`boxes`: address, province and commune of each, as a boxes file has them."""

    def __init__(self, boxes: list[tuple[str, str, str]]) -> None:
        super().__init__([])
        rules = re.sub(r"(?m)^( +for:) \w+$", r"\1 0s", (DEPLOY / "rules.yml").read_text())
        settings = re.sub(r"(?m)^(  \w+_(?:interval|timeout):) \w+$", r"\1 1s", (DEPLOY / "prometheus.yml").read_text())
        (self.folder / "rules.yml").write_text(rules)
        (self.folder / "prometheus.yml").write_text(settings)
        (self.folder / "boxes").mkdir()
        groups = [{"targets": [address], "labels": {"province": province, "commune": commune}} for address, province, commune in boxes]
        (self.folder / "boxes" / "boxes.yml").write_text(json.dumps(groups))

    def alerts(self) -> list[dict[str, Any]]:
        """What fires now, each with labels and annotations."""
        told = call("GET", f"{self.url}/api/v1/alerts").json()["data"]["alerts"]
        return [alert for alert in told if alert["state"] == "firing"]
