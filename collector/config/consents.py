"""The SOC's file of sites that `vonggac soc-echo` answers, and what each agreed to in writing."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, IPvAnyAddress, model_validator

from collector.config.load import read_toml
from collector.config.table import FilePath, Int, Table, Unfit, checked, matching, some
from model.text import Text

MOST_PORTS = 64
_A_SITE = Text("mã điểm như trong site.toml", "the site's code as in site.toml")
_FEW_PORTS = Text(f"không quá {MOST_PORTS} cổng", f"at most {MOST_PORTS} ports")


def _few(ports: tuple[int, ...]) -> tuple[int, ...]:
    if len(ports) > MOST_PORTS:
        raise Unfit(_FEW_PORTS)
    return tuple(sorted(set(ports)))


class Consent(Table):
    """One site: its token, and the addresses of its own at which `ports` may be tried until the end of the day `until`, as `signed_by` agreed."""

    site: Annotated[str, matching(r"[a-z0-9][a-z0-9.-]{0,63}", _A_SITE)]
    token_file: FilePath
    addresses: tuple[IPvAnyAddress, ...] | Literal["any"] = ()
    ports: Annotated[tuple[Annotated[Int, Field(ge=1, le=65535)], ...], AfterValidator(_few)] = ()
    signed_by: str = ""
    until: datetime.date | None = None

    @model_validator(mode="after")
    def _in_writing(self) -> Consent:
        if self.ports and not (self.signed_by.strip() and self.until and self.addresses):
            raise Unfit(
                whole=Text(
                    f'điểm "{self.site}": gõ thử cổng cần addresses, signed_by (người ký) và until (ngày hết hạn)',
                    f'site "{self.site}": trying ports needs addresses, signed_by and until',
                )
            )
        return self

    def allows(self, address: str, today: datetime.date) -> tuple[int, ...]:
        """The ports that may be tried at this address today."""
        known = self.addresses == "any" or any(str(own) == address for own in self.addresses)
        return self.ports if known and self.until is not None and today <= self.until else ()


class Consents(Table):
    """All of the file."""

    sites: Annotated[tuple[Consent, ...], AfterValidator(some)]


def load_consents(path: Path) -> tuple[Consent, ...]:
    """The sites of a file. Raises ConfigError."""
    return checked(Consents, read_toml(path), path.name, path.parent.resolve()).sites
