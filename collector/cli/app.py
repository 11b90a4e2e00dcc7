"""All commands under one program."""

from __future__ import annotations

import sys

import typer

from collector.cli import config_commands, declared_commands, finding_commands, replay_command, serve_commands
from collector.cli.say import Refusal, complain, refusals

_HELP = """Vọng Gác: theo dõi mạng, máy tính và cổng thông tin của trung tâm phục vụ hành chính công cấp xã.

Ví dụ: vonggac run --config config.toml · vonggac replay ngay-15.pcapng --format json · vonggac findings list"""

commands = typer.Typer(name="vonggac", help=_HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
replay_command.register(commands)
serve_commands.register(commands)
finding_commands.register(commands)
config_commands.register(commands)
declared_commands.register(commands)


def app() -> int:
    """Runs one command; what people did wrong becomes one sentence on the error output, without a traceback."""
    try:
        commands(standalone_mode=True)
    except refusals() as error:
        complain(error)
        return 1
    except Refusal as refusal:
        complain(refusal)
        return refusal.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, grep -q) went away: nothing is wrong. Python would complain again at exit.
        sys.stdout = None
        return 0
    return 0
