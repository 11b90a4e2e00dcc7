"""The table [endpoints] of config.toml: where PCs reach the box, with which certificates, and which catalogue of questions they are asked from."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from collector.config.table import Bool, FilePath, Int, Table, Unfit, matching, written
from model.text import Text

_A_PREFIX = Text('đường dẫn bắt đầu và kết thúc bằng "/", như "/osquery/"', 'a path that begins and ends with "/", such as "/osquery/"')


class Endpoints(Table):
    """The server for PCs. Files may be left out for systemd credentials of the same name (`certificate`, `key`, `ca`, `catalogue`)."""

    enabled: Bool = False
    host: str = "0.0.0.0"  # noqa: S104 - PCs are on another machine; who may speak is decided by certificates
    port: Int = Field(default=8471, ge=0, le=65535)
    prefix: Annotated[str, matching(r"/([A-Za-z0-9._-]{1,32}/){0,4}", _A_PREFIX)] = "/osquery/"
    certificate_file: FilePath | None = None
    key_file: FilePath | None = None
    ca_file: FilePath | None = None
    catalogue_file: FilePath | None = None
    catalogue_keys: tuple[FilePath, ...] = ()
    mark_key: FilePath = written("state/mark.key")
    topics_at_once: Int = Field(default=8, ge=1, le=100)
    inbox_max_bytes: Int = Field(default=64 * 1024 * 1024, ge=1024 * 1024)

    @model_validator(mode="after")
    def _catalogue_is_signed(self) -> Endpoints:
        if self.enabled and not self.catalogue_keys:
            raise Unfit(
                whole=Text(
                    "[endpoints] cần catalogue_keys: khóa công khai của tỉnh, để không ai khác đặt được câu hỏi cho máy tính",
                    "[endpoints] needs catalogue_keys: the province's public keys, so that nobody else can put questions to the PCs",
                )
            )
        return self
