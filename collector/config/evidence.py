"""The table [evidence] of config.toml: for whom a takeover's evidence is sealed, where it is kept and for how long."""

from __future__ import annotations

from pydantic import Field

from collector.config.table import FilePath, Int, Table, written


class Evidence(Table):
    """Without a key nothing is kept."""

    soc_public_key_file: FilePath | None = None
    dir: FilePath = written("state/sealed")
    max_bytes: Int = Field(default=64 * 1024 * 1024, ge=8 * 1024 * 1024)
    keep_days: Int = Field(default=30, ge=1, le=365)
