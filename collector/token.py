"""A token in a file of its own, which nobody else may read."""

from __future__ import annotations

from pathlib import Path

from collector.refusal import ConfigError
from model.text import Text, shown

_SHORTEST = 16


def read_token(path: Path) -> str:
    """The token. Raises ConfigError for a file that cannot be read, that others may read, or that holds too little; no message holds what it says."""
    name = shown(str(path), 200)
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(
                Text(f"Tệp mã {name} để người khác đọc được: chạy chmod 600 {name}.", f"Others may read token file {name}: run chmod 600 {name}.")
            )
        token = path.read_text("ascii").strip()
    except OSError as error:
        raise ConfigError(Text(f"Không đọc được tệp mã {name}: {error.strerror}.", f"Token file {name} cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError:
        raise ConfigError(Text(f"Tệp mã {name} chỉ gồm chữ cái và số thường.", f"Token file {name} must be plain ASCII.")) from None
    if len(token) < _SHORTEST or any(character.isspace() for character in token):
        raise ConfigError(Text(f"Mã trong {name} phải dài ít nhất {_SHORTEST} ký tự.", f"The token in {name} must have at least {_SHORTEST} characters."))
    return token
