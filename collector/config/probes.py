"""How probes are paced, and where the SOC's echo is. Which leg sends what stands with the leg."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from collector.config.sinks import Url
from collector.config.table import Bool, Duration, FilePath, Int, Table, Unfit, lasting, written
from model.text import Text

# What a leg may name; "line" asks the SOC's echo and sends no raw frame.
ProbeName = Literal["nonce", "routed", "dhcp", "gateway", "line"]


class Probes(Table):
    """`period` of each leg's rounds, `first` wait after a start (ns), `jitter` in per cent, times each nonce is sent, the SOC's echo and its token."""

    period: Annotated[Duration, lasting("30m", "1d")] = written("4h")
    first: Duration = written("90s")
    jitter: Int = Field(default=10, ge=0, le=50)
    repeats: Int = Field(default=3, ge=1, le=5)
    echo: Url | Literal[""] = ""
    echo_token_file: FilePath | None = None
    echo_ca_file: FilePath | None = None
    knock: Bool = False

    @model_validator(mode="after")
    def _token(self) -> Probes:
        if self.echo and self.echo_token_file is None:
            raise Unfit(whole=Text("[probes] echo cần echo_token_file: máy chủ ở SOC chỉ trả lời điểm đã đăng ký", "[probes] echo needs echo_token_file"))
        return self
