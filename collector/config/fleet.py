"""The tables of province.toml, the one file of a province's declared data that is not a list."""

from __future__ import annotations

from typing import Annotated

from collector.config.table import Table, matching
from model.text import Text

_A_PROVINCE = Text("mã tỉnh 2 chữ số trong dấu nháy", "the province's two-digit code in quotes")


class ProvinceTable(Table):
    """All of province.toml."""

    province: Annotated[str, matching(r"\d{2}", _A_PROVINCE)]
    name: str = ""
