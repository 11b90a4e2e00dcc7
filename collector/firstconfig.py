"""The first configuration of a box, from what a technician answers: config.toml and declared/site.toml as text. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Final

import msgspec

from model.text import shown

# Where the services of the package meet; a checkout keeps its sockets in its own folder.
INSTALLED: Final = "/run/vonggac"


class LegAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One interface to listen on: its name in documents, the interface, its address if it has one (for people who fill in the zones)."""

    name: str
    interface: str
    address: str = ""


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered; `soc` is the address of Elasticsearch, `webhook` that of the on-call, both may be empty."""

    site: str
    name: str = ""
    commune: str = ""
    province: str = ""
    box: str = "vonggac"
    legs: Sequence[LegAnswer] = ()
    soc: str = ""
    webhook: str = ""


def config_toml(answers: Answers) -> str:
    """config.toml with what was answered, and nothing else: every other option is documented in the sample that comes with the program."""
    lines = [
        "## Do vonggac init ghi. Mọi tùy chọn khác: xem config.toml mẫu đi kèm chương trình. Kiểm tra: vonggac config check",
        "## Written by vonggac init. All other options are in the sample that comes with the program. Check: vonggac config check",
        "",
        "[box]",
        *_box(answers),
        *_tables(answers, installed=False),
    ]
    return "\n".join(lines) + "\n"


def extended(base: str, answers: Answers) -> str | None:
    """The configuration that came with the package, every line of it kept, with what was answered; None where somebody has written into it already."""
    told = tomllib.loads(base)
    if told.get("box") or "legs" in told or "sinks" in told or base.count("\n[box]\n") != 1:
        return None
    head, _, tail = base.partition("\n[box]\n")
    # Arrays of tables may stand at the end, whatever came before.
    return "\n".join([head, "[box]", *_box(answers), tail.rstrip(), *_tables(answers, installed=is_installed(base)), ""])


def is_installed(base: str) -> bool:
    """Whether the configuration is that of the package, whose services run apart. Raises ValueError for what is no TOML."""
    sockets = tomllib.loads(base).get("sockets")
    return isinstance(sockets, dict) and sockets.get("dir") == INSTALLED


def _box(answers: Answers) -> list[str]:
    return [f"id = {_quoted(answers.box)}", f"name = {_quoted(answers.name)}"]


def _tables(answers: Answers, *, installed: bool) -> list[str]:
    """The legs and sinks. Where services are installed, the exporter is given its secrets by systemd."""
    lines: list[str] = []
    for leg in answers.legs:
        lines += ["", "[[legs]]", f"name = {_quoted(leg.name)}", f"interface = {_quoted(leg.interface)}"]
    if answers.soc:
        lines += ["", "[[sinks]]", 'type = "elasticsearch"', f"urls = [{_quoted(answers.soc)}]", f"namespace = {_quoted(answers.province or 'default')}"]
        lines += ["## Khóa API của hộp, do SOC cấp.", "## The box's API key, given by the SOC."]
        lines += _secret("api_key_file", "es-api-key", installed=installed)
    if answers.webhook:
        lines += ["", "[[sinks]]", 'type = "webhook"', f"url = {_quoted(answers.webhook)}"]
        lines += ["## Khóa ký whsec_..., do SOC cấp.", "## The signing secret whsec_..., given by the SOC."]
        lines += _secret("secret_file", "webhook", installed=installed)
    return lines


def _secret(option: str, name: str, *, installed: bool) -> list[str]:
    if installed:
        return [f"## /etc/vonggac/secrets/sinks/{name}, chmod 600", f'credential = "sinks_{name}"']
    return [f"## secrets/{name}, chmod 600", f'{option} = "secrets/{name}"']


def site_toml(answers: Answers) -> str:
    """declared/site.toml. Zones are proposed as comments: whom a network serves is for a person to say, the box never guesses it."""
    lines = [
        "## Do vonggac init ghi. README.md trong declared/ mẫu giải thích từng tệp.",
        "## Written by vonggac init.",
        f"site = {_quoted(answers.site)}",
        f"name = {_quoted(answers.name)}",
        f"commune = {_quoted(answers.commune)}",
        f"province = {_quoted(answers.province)}",
        "",
        "## Mỗi phân đoạn mạng phục vụ ai? Bỏ dấu # và ghi role: citizen (người dân), staff (cán bộ), display (trình chiếu), infrastructure (hạ tầng).",
        "## Chưa ghi thì mọi phân đoạn là “chưa phân loại”. Hộp không tự đoán.",
        "## Whom does each segment serve? Uncomment and say the role. The box never guesses it.",
    ]
    for leg in answers.legs:
        lines += ["# [[zones]]", f"# leg = {_quoted(leg.name)}", '# role = ""', f"# name = {_quoted(f'Mạng {leg.name}')}"]
        lines += [f"# prefixes = [{_quoted(leg.address)}]", ""] if leg.address else [""]
    return "\n".join(lines).rstrip() + "\n"


def _quoted(value: str) -> str:
    """A TOML basic string: JSON's escapes are a part of TOML's, and what cannot be printed is left out first."""
    return msgspec.json.encode(shown(value, 200)).decode()
