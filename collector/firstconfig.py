"""The first configuration of a box, from what a technician answers: config.toml and declared/site.toml as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from model.text import shown


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
        f"id = {_quoted(answers.box)}",
        f"name = {_quoted(answers.name)}",
    ]
    for leg in answers.legs:
        lines += ["", "[[legs]]", f"name = {_quoted(leg.name)}", f"interface = {_quoted(leg.interface)}"]
    if answers.soc:
        lines += ["", "[[sinks]]", 'type = "elasticsearch"', f"urls = [{_quoted(answers.soc)}]", f"namespace = {_quoted(answers.province or 'default')}"]
        lines += [
            "## Khóa API của hộp do SOC cấp; chmod 600 tệp này.",
            "## The box's API key, given by the SOC; chmod 600 the file.",
            'api_key_file = "secrets/es-api-key"',
        ]
    if answers.webhook:
        lines += ["", "[[sinks]]", 'type = "webhook"', f"url = {_quoted(answers.webhook)}"]
        lines += [
            "## Khóa ký whsec_... do SOC cấp; chmod 600 tệp này.",
            "## The signing secret whsec_..., given by the SOC; chmod 600 the file.",
            'secret_file = "secrets/webhook"',
        ]
    return "\n".join(lines) + "\n"


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
