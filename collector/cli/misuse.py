"""A command line that typer does not understand, as one sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from collector.cli.say import Refusal
from model.text import Text, shown

if TYPE_CHECKING:
    import typer

_LONGEST: Final = 300

# What typer says, whole, and the same for people.
_SAID: Final = (
    (r"No such command '(.*)'\. Did you mean (.*)\?", "không có lệnh “{0}”, gần nhất là {1}"),
    (r"No such command '(.*)'\.", "không có lệnh “{0}”"),
    (r"Missing command\.", "thiếu tên lệnh con"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", "không có tùy chọn {0}, gần nhất là {1}"),
    (r"No such option: (\S+)", "không có tùy chọn {0}"),
    (r"Missing argument '([^']*)'.*", "thiếu {0}"),
    (r"Missing option '([^']*)'.*", "thiếu tùy chọn {0}"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "thừa trên dòng lệnh: {0}"),
    (r"Option '([^']*)' requires an argument\.", "tùy chọn {0} cần một giá trị"),
    (r"Option '([^']*)' does not take a value\.", "tùy chọn {0} không nhận giá trị"),
    (r"Invalid value for '(.+?)': '(.*)' is not one of (.+)\.", "{0} phải là một trong {2}, nhận được “{1}”"),
    (r"Invalid value for '(.+?)': (\S+) is not in the range (.+)\.", "{0} phải trong khoảng {2}, nhận được {1}"),
    (r"Invalid value for '(.+?)': '(.*)' is not a valid int(?:eger)?(?: range)?\.", "{0} phải là số nguyên, nhận được “{1}”"),
    (r"Invalid value for '(.+?)': '(.*)': ([^']*)", "{0}: không mở được {1}: {2}"),
    (r"Invalid value for '(.+?)': '(.*)' is not a valid float(?: range)?\.", "{0} phải là số, nhận được “{1}”"),
)


def refusal(misuse: typer.TyperException) -> Refusal:
    """The sentence for what typer raised, with where to read how it goes; in typer's own words where they are not known here."""
    said = " ".join(misuse.format_message().split())
    context = getattr(misuse, "ctx", None)
    help_vi, help_en = (f"; xem {context.command_path} --help", f"; see {context.command_path} --help") if context else ("", "")
    return Refusal(Text(shown(_vietnamese(said), _LONGEST) + help_vi, shown(said, _LONGEST).rstrip(".") + help_en), misuse.exit_code)


def _vietnamese(said: str) -> str:
    for pattern, sentence in _SAID:
        if found := re.fullmatch(pattern, said):
            return sentence.format(*found.groups())
    return said.rstrip(".")
