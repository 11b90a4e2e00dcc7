"""All commands under one program."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from collector.cli import helping
from collector.cli.say import Refusal, complain, refusals
from model.text import Text, shown

_HELP = """Vọng Gác: theo dõi mạng, máy tính và cổng thông tin của trung tâm phục vụ hành chính công cấp xã.

Ví dụ: vonggac run --config config.toml · vonggac replay ngay-15.pcapng --format json · vonggac findings list"""

# As the shell has it for Ctrl-C.
_STOPPED = 130

# Whose module has which command. Only the module of the command that is asked for is imported: the others cost more than a short replay.
MODULES = {
    "replay": "replay_command",
    **dict.fromkeys(("run", "demo", "core", "collect", "screens", "export", "web", "province"), "serve_commands"),
    **dict.fromkeys(("findings", "assets", "explain"), "finding_commands"),
    **dict.fromkeys(("config", "es"), "config_commands"),
    "declared": "declared_commands",
    "box": "box_commands",
    "watch": "watch_command",
    "portals": "portals_command",
    "judge-pages": "judge_command",
    **dict.fromkeys(("probe", "soc-echo"), "probe_commands"),
    "evidence": "evidence_commands",
    "dead-letters": "dead_letter_commands",
    **dict.fromkeys(("notify", "webhook"), "notify_commands"),
    "maintenance": "maintenance_commands",
    "endpoints": "endpoints_commands",
    "report": "report_command",
    "inspect": "inspect_command",
    "sim-osquery": "sim_command",
    "doctor": "doctor_command",
    **dict.fromkeys(("users", "audit"), "users_commands"),
    "init": "init_command",
    **dict.fromkeys(("backup", "restore"), "backup_commands"),
}


def program(asked: str = "") -> typer.Typer:
    """The program with the command `asked` alone, or with all for a word that is no command (help, a mistake)."""
    commands = typer.Typer(
        name="vonggac", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        cls=helping.Group, options_metavar=helping.OPTIONS, subcommand_metavar=helping.COMMAND, context_settings={"help_option_names": list(helping.NAMES)},
    )  # fmt: skip
    # Without this, typer would leave out the name of a command that is the only one.
    commands.callback()(_group)
    for module in [MODULES[asked]] if asked in MODULES else dict.fromkeys(MODULES.values()):
        import_module(f"collector.cli.{module}").register(commands)
    helping.dress(commands)
    return commands


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        print(f"vonggac {version('vonggac')}")
        raise typer.Exit


def _group(
    version: Annotated[bool, typer.Option("--version", help="In phiên bản rồi thoát.", is_eager=True, callback=_version)] = False,
) -> None:
    pass


def app() -> int:
    """Runs one command; what people did wrong becomes one sentence on the error output, without a traceback."""
    try:
        status: object = program(*sys.argv[1:2])(standalone_mode=False)
    except SystemExit:
        # Spelled out, for what comes below would load the modules of every refusal only to see that this is none.
        raise
    except (typer.TyperException, typer.Abort) as misuse:
        return _misused(misuse)
    except refusals() as error:
        complain(error)
        return 1
    except Refusal as refusal:
        complain(refusal)
        return refusal.status
    except KeyboardInterrupt:
        return _STOPPED
    except OSError as error:
        complain(_refused_by_the_system(error))
        return 1
    return status if isinstance(status, int) else 0


def _misused(misuse: Exception) -> int:
    """Nothing is said where typer has shown the help, or where somebody has stopped at a question."""
    if not isinstance(misuse, typer.TyperException):
        return _STOPPED
    if misuse.format_message():
        from collector.cli.misuse import refusal  # noqa: PLC0415 - only once something went wrong

        complain(refusal(misuse))
    return misuse.exit_code


def _refused_by_the_system(error: OSError) -> Refusal:
    """A disk that is full, an output that is closed: what no command could foresee."""
    why = shown(error.strerror or str(error), 200)
    if error.filename is None:
        return Refusal(Text(f"hệ điều hành không cho làm tiếp: {why}", f"the operating system refused to go on: {why}"))
    name = shown(str(error.filename), 200)
    return Refusal(Text(f"không đọc hoặc ghi được {name}: {why}", f"{name} cannot be read or written: {why}"))
