"""The table [bundle] of config.toml: declared data as a bundle that the province signed, in place of files that people write on the box."""

from __future__ import annotations

from pydantic import model_validator

from collector.config.sinks import Url
from collector.config.table import Duration, FilePath, Table, Unfit, written
from model.text import Text


class Bundle(Table):
    """Off while there are no `keys`; with keys and no `url` bundles are taken by hand (`vonggac declared pull FILE`)."""

    url: Url | None = None
    keys: tuple[FilePath, ...] = ()
    token_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    period: Duration = written("15m")

    @model_validator(mode="after")
    def _whose_word_counts(self) -> Bundle:
        if self.url and not self.keys:
            raise Unfit(
                whole=Text(
                    "[bundle] cần keys: khóa công khai của tỉnh, để không ai khác sửa được khai báo của hộp",
                    "[bundle] needs keys: the province's public keys, so that nobody else can change what is declared for this box",
                )
            )
        if self.token_file and self.credential:
            raise Unfit(whole=Text("[bundle]: chỉ một trong token_file, credential", "[bundle]: one of token_file, credential"))
        return self
