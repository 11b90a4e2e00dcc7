"""Keys of bundles: one pair of the province, which alone opens them, and one pair a stick, which signs them. RSA 3072, in PEM here, in .NET's XML on sticks."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collector.onboarding.kit import file, new_folder
from collector.refusal import ConfigError
from model.text import Text, shown

PRIVATE: Final = "bundle.key"
STICKS: Final = "sticks"
# Read by the script on a stick.
STICK_KEY, RECIPIENT, SETTINGS = "stick.xml", "recipient.xml", "stick.json"
_SIZE: Final = 3072
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class Keys(NamedTuple):
    """What opens bundles, and whose signatures count."""

    private: rsa.RSAPrivateKey
    sticks: dict[str, rsa.RSAPublicKey]


def make(folder: Path) -> None:
    """The province's pair, in a folder that is not there yet. Raises ConfigError."""
    new_folder(folder)
    new_folder(folder / STICKS)
    file(folder / PRIVATE, _pem(_new()), 0o600)


def make_stick(folder: Path, name: str, out: Path, days: int) -> None:
    """A stick's files in `out`, which is not there yet; its public half stays in `folder`. `days`: how long its bundles hold. Raises ConfigError."""
    if not _NAME.fullmatch(name):
        raise ConfigError(
            Text(f'Tên USB "{shown(name, 40)}" chỉ gồm chữ thường không dấu, số, gạch nối.', f'The stick "{shown(name, 40)}" has letters, digits, hyphens.')
        )
    recipient, stick = keys(folder).private, _new()
    file(folder / STICKS / f"{name}.pem", stick.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    new_folder(out)
    file(out / STICK_KEY, _private_xml(stick), 0o600)
    file(out / RECIPIENT, _public_xml(recipient.public_key()))
    file(out / SETTINGS, json.dumps({"stick": name, "days": days}).encode())


def keys(folder: Path) -> Keys:
    """The province's key and the sticks that hold. Raises ConfigError."""
    path = folder / PRIVATE
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(
                Text(f"Khóa {shown(str(path), 200)} để người khác đọc được: chạy chmod 600.", f"Key {shown(str(path), 200)} is readable by others: chmod 600.")
            )
        private = serialization.load_pem_private_key(path.read_bytes(), None)
        sticks = {each.stem: serialization.load_pem_public_key(each.read_bytes()) for each in sorted((folder / STICKS).glob("*.pem"))}
    except OSError as error:
        name = shown(str(error.filename), 200)
        raise ConfigError(Text(f"Không đọc được {name}: {error.strerror}.", f"{name} cannot be read: {error.strerror}.")) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _no_key(folder) from None
    if not isinstance(private, rsa.RSAPrivateKey):
        raise _no_key(folder)
    return Keys(private, {name: key for name, key in sticks.items() if isinstance(key, rsa.RSAPublicKey)})


def _no_key(folder: Path) -> ConfigError:
    name = shown(str(folder), 200)
    return ConfigError(Text(f"Thư mục {name} có tệp không phải khóa do vonggac endpoints bundle-keys làm ra.", f"Folder {name} holds a file that is no key."))


def _new() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, _SIZE)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _public_xml(key: rsa.RSAPublicKey) -> bytes:
    numbers = key.public_numbers()
    return _xml({"Modulus": (numbers.n, _SIZE // 8), "Exponent": (numbers.e, 3)})


def _private_xml(key: rsa.RSAPrivateKey) -> bytes:
    """As RSA.FromXmlString of .NET Framework wants it: every number of its full length."""
    numbers, half = key.private_numbers(), _SIZE // 16
    return _xml(
        {
            "Modulus": (numbers.public_numbers.n, _SIZE // 8),
            "Exponent": (numbers.public_numbers.e, 3),
            "P": (numbers.p, half),
            "Q": (numbers.q, half),
            "DP": (numbers.dmp1, half),
            "DQ": (numbers.dmq1, half),
            "InverseQ": (numbers.iqmp, half),
            "D": (numbers.d, _SIZE // 8),
        }
    )


def _xml(numbers: dict[str, tuple[int, int]]) -> bytes:
    fields = "".join(f"<{name}>{base64.b64encode(value.to_bytes(size, 'big')).decode()}</{name}>" for name, (value, size) in numbers.items())
    return f"<RSAKeyValue>{fields}</RSAKeyValue>".encode()
