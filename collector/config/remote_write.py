"""The table [remote_write] of config.toml: figures pushed to a Prometheus that cannot reach this box."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, model_validator

from collector.config.sinks import Url
from collector.config.table import Duration, FilePath, Table, Unfit, written
from model.text import Text

_LABELS = Text("các nhãn dạng tên = giá trị, tên gồm chữ, số, gạch dưới", "labels as name = value, names of letters, digits and underscores")


def _labels(value: dict[str, str]) -> dict[str, str]:
    # `__name__` and its like are the receiver's own.
    if any(not name.isidentifier() or not name.isascii() or name.startswith("__") for name in value):
        raise Unfit(_LABELS)
    return value


class RemoteWrite(Table):
    """Off while `url` is empty."""

    url: Url | None = None
    interval: Duration = written("30s")
    keep: Duration = written("6h")
    labels: Annotated[dict[str, str], AfterValidator(_labels)] = written({})
    username: str = ""
    password_file: FilePath | None = None
    token_file: FilePath | None = None
    credential: str = ""
    ca_file: FilePath | None = None
    timeout: Duration = written("30s")

    @model_validator(mode="after")
    def _one_login(self) -> RemoteWrite:
        ways = [bool(self.password_file), bool(self.token_file), bool(self.credential)]
        if sum(ways) > 1:
            raise Unfit(
                whole=Text(
                    "[remote_write]: chỉ một trong password_file, token_file, credential", "[remote_write]: one of password_file, token_file, credential"
                )
            )
        if bool(self.username) and not (self.password_file or self.credential):
            raise Unfit(whole=Text("[remote_write]: username cần password_file hoặc credential", "[remote_write]: username needs password_file or credential"))
        if self.password_file and not self.username:
            raise Unfit(whole=Text("[remote_write]: password_file cần username", "[remote_write]: password_file needs username"))
        return self
