"""How commands show their help: typer's own headings and sentences in Vietnamese, as all the rest of it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    import typer
    from typer._click import Context, HelpFormatter
    from typer.core import TyperOption

    # Mixed into either kind, whose common ancestor typer keeps to itself.
    _Base = TyperCommand
else:
    _Base = object

# What every command takes for help.
NAMES: Final = ("-h", "--help")
OPTIONS: Final = "[TÙY CHỌN]"
COMMAND: Final = "LỆNH [ĐỐI SỐ]..."

_USAGE: Final = "Cách dùng: "
_HELP: Final = "In trợ giúp này rồi thoát."


class _Vietnamese(_Base):
    """What a command and a group of them have in common."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The whole page."""
        _translate()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Its first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The option that asks for it."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option


class Command(_Vietnamese, TyperCommand):
    """A command."""


class Group(_Vietnamese, TyperGroup):
    """A group of commands, or the program itself."""


def dress(commands: typer.Typer) -> None:
    """Has all that is registered in `commands`, and in the groups under it, show its help this way."""
    for command in commands.registered_commands:
        command.cls, command.options_metavar = Command, OPTIONS
    for group in commands.registered_groups:
        group.cls, group.options_metavar, group.subcommand_metavar = Group, OPTIONS, COMMAND
        if group.typer_instance is not None:
            dress(group.typer_instance)


def _translate() -> None:
    """The words that typer keeps for its users to change; the module that holds them loads rich, which only help is worth."""
    from typer import rich_utils as words  # noqa: PLC0415 - see above

    words.ARGUMENTS_PANEL_TITLE, words.OPTIONS_PANEL_TITLE, words.COMMANDS_PANEL_TITLE = "Đối số", "Tùy chọn", "Lệnh"
    words.DEFAULT_STRING, words.REQUIRED_LONG_STRING = "[mặc định: {}]", "[bắt buộc]"
