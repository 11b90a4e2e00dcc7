"""Reads a secret from a file or a systemd credential, and refuses one that anybody may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from exporters.sink import OptionsError
from model.text import Text

# Keys and passwords are short; a longer file is some other file.
_MOST_BYTES = 64 * 1024
# Where the package keeps them: LoadCredential=sinks:/etc/vonggac/secrets/sinks names the file sinks/webhook sinks_webhook.
_KEPT = Path("/etc/vonggac/secrets")
_ANYBODY = stat.S_IROTH | stat.S_IWOTH


def read_secret(file: Path | None, credential: str = "", environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The lines of a secret's file, blank ones and `#` comments left out. Raises OptionsError; no message holds what the file says."""
    path = file if file is not None else _credential(credential, environ)
    lines = [line.strip() for line in _text(path).splitlines()]
    kept = tuple(line for line in lines if line and not line.startswith("#"))
    if not kept:
        raise OptionsError(Text(f"Tệp khóa {path} không có nội dung.", f"Secret file {path} is empty."))
    return kept


def _credential(name: str, environ: Mapping[str, str]) -> Path:
    file = Path(name).name
    if folder := environ.get("CREDENTIALS_DIRECTORY"):
        return Path(folder) / file
    # A command given by root, who may read what systemd hands to the services; isdir says no to anybody else, and where there is no package.
    if os.path.isdir(_KEPT):  # noqa: PTH112 - see above
        return _KEPT / file.replace("_", "/", 1)
    raise OptionsError(
        Text(
            f'Không có credential "{name}": chương trình không chạy từ systemd với LoadCredential (lệnh trên hộp cài bằng gói: gõ với sudo).',
            f'There is no credential "{name}": the program was not started by systemd with LoadCredential (commands on an installed box: use sudo).',
        )
    )


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            # Asked of the open file: what is at the path may be another one a moment later.
            if os.fstat(file.fileno()).st_mode & _ANYBODY:
                raise OptionsError(
                    Text(f"Tệp khóa {path} ai cũng đọc được: hãy chạy chmod 600 {path}.", f"Anybody may read secret file {path}: run chmod 600 {path}.")
                )
            return file.read(_MOST_BYTES).decode()
    except OSError as error:
        raise OptionsError(Text(f"Không đọc được tệp khóa {path}: {error.strerror}.", f"Secret file {path} cannot be read: {error.strerror}.")) from None
    except UnicodeDecodeError:
        raise OptionsError(Text(f"Tệp khóa {path} không phải văn bản.", f"Secret file {path} is no text.")) from None
