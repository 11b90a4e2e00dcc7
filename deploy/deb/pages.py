"""The man page, in Vietnamese and English, and the completions for bash, zsh and fish: all out of the command tree itself."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import typer

from collector.cli.app import program

HERE = Path(__file__).parent
ENGLISH: dict[str, str] = tomllib.loads((HERE / "en.toml").read_text())
_ABOUT = {
    "en": ("NAME", "vonggac - watches over the networks, PCs and portals of a commune's service centre", "SYNOPSIS", "COMMANDS", "FILES", "EXIT STATUS"),
    "vi": (
        "TÊN",
        "vonggac - canh gác mạng, máy tính và cổng thông tin của trung tâm phục vụ hành chính công cấp xã",
        "CÁCH DÙNG",
        "LỆNH",
        "TỆP",
        "MÃ KẾT THÚC",
    ),
}
_FILES = {
    "/etc/vonggac/config.toml": ("the configuration", "cấu hình"),
    "/etc/vonggac/declared/": ("declared data: site, zones, register, screens", "khai báo: điểm, vùng mạng, danh mục thiết bị, màn hình"),
    "/etc/vonggac/secrets/": ("secrets, root's alone", "bí mật, chỉ root đọc được"),
    "/var/lib/vonggac*/": ("the journal and what each service keeps", "nhật ký và những gì mỗi dịch vụ giữ"),
    "/run/vonggac/": ("core's sockets", "nơi các dịch vụ gặp lõi"),
}
_STATUS = (
    "0 ran, 1 ran and something is refused or broken, 2 usage.",
    "0: đã chạy; 1: đã chạy và có điều bị từ chối hoặc hỏng; 2: dùng sai.",
)

Tree = dict[tuple[str, ...], tuple[dict[str, str], list[str]]]


def tree() -> Tree:
    """Each command's path: the commands under it with what they do, and its options."""
    found: Tree = {}
    _walk(typer.main.get_command(program()), (), found)
    return found


def _walk(command: click.Command, path: tuple[str, ...], found: Tree) -> None:
    under = dict(sorted(getattr(command, "commands", {}).items()))
    options = sorted(option for each in command.params for option in (*each.opts, *each.secondary_opts) if option.startswith("--"))
    found[path] = {name: (each.help or "").strip().split("\n")[0] for name, each in under.items()}, [*options, "--help"]
    for name, each in under.items():
        _walk(each, (*path, name), found)


def man(commands: Tree, version: str, date: str, language: str) -> str:
    """The page, in roff."""
    name, about, synopsis, heading, files, status = _ABOUT[language]
    english = language == "en"
    lines = [
        f'.TH VONGGAC 1 "{date}" "vonggac {version}"',
        f".SH {name}",
        _roff(about),
        f".SH {synopsis}",
        r".B vonggac",
        r"\fICOMMAND\fR [\fIOPTION\fR]...",
        "",
    ]
    lines.append(f".SH {heading}")
    for path, (_, options) in sorted(commands.items()):
        if len(path) == 0:
            continue
        above = commands[path[:-1]][0][path[-1]]
        said = ENGLISH.get(path[0], above) if english and len(path) == 1 else "" if english else above
        lines += [".TP", rf"\fBvonggac {_roff(' '.join(path))}\fR {_roff(' '.join(f'[{option}]' for option in options))}", _roff(said)]
    lines.append(f".SH {files}")
    for place, words in _FILES.items():
        lines += [".TP", rf"\fI{_roff(place)}\fR", words[0 if english else 1]]
    lines += [f".SH {status}", _STATUS[0 if english else 1], ""]
    return "\n".join(line for line in lines if line) + "\n"


def _roff(text: str) -> str:
    escaped = text.replace("\\", r"\(rs").replace("-", r"\-")
    # A line that begins with one of these would be a request.
    return rf"\&{escaped}" if escaped[:1] in {".", "'"} else escaped


def bash(commands: Tree) -> str:
    """For bash-completion."""
    cases = "\n".join(f'    "{" ".join(path)}") echo "{" ".join([*under, *options])}" ;;' for path, (under, options) in sorted(commands.items()))
    return _BASH % cases


def zsh(commands: Tree) -> str:
    """For zsh, by its own reading of bash's."""
    return "#compdef vonggac\nautoload -U +X bashcompinit && bashcompinit\n" + bash(commands)


def fish(commands: Tree) -> str:
    """For fish: each command after those before it."""
    lines = ["complete -c vonggac -f"]
    for path, (under, options) in sorted(commands.items()):
        seen = "; and ".join(f"__fish_seen_subcommand_from {name}" for name in path) or "__fish_use_subcommand"
        fresh = f"; and not __fish_seen_subcommand_from {' '.join(under)}" if path and under else ""
        lines += [f"complete -c vonggac -n '{seen}{fresh}' -a {name} -d '{said.replace(chr(39), '’')}'" for name, said in under.items()]
        if path and not under:
            lines += [f"complete -c vonggac -n '{seen}' -l {option[2:]} -F" for option in options]
    return "\n".join(lines) + "\n"


_BASH = """\
# Completion of vonggac; made with the package out of the program's own commands.
_vonggac_words() {
  case $1 in
%s
    *) return 1 ;;
  esac
}
_vonggac() {
  local path="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    # An argument or an option's value is no command.
    if _vonggac_words "${path:+$path }${COMP_WORDS[index]}" >/dev/null; then path="${path:+$path }${COMP_WORDS[index]}"; fi
  done
  mapfile -t COMPREPLY < <(compgen -W "$(_vonggac_words "$path")" -- "${COMP_WORDS[COMP_CWORD]}")
  if [ ${#COMPREPLY[@]} -eq 0 ]; then compopt -o default 2>/dev/null; fi
}
complete -F _vonggac vonggac
"""
