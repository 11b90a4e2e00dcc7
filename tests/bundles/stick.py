"""A stick that writes bundles as vg-facts.ps1 describes them: a peer from the same description (docs/bundles.md), for a Windows PC is not at hand."""

from __future__ import annotations

import base64
import gzip
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from collector.bundles.form import FORMAT, Bundle, signed_part

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
PSS = padding.PSS(padding.MGF1(hashes.SHA256()), 32)


def numbers(path: Path) -> dict[str, int]:
    return {each.tag: int.from_bytes(base64.b64decode(each.text), "big") for each in ElementTree.parse(path).getroot()}


class Stick:
    """The folder that `vonggac endpoints stick` made, in the hands of an inspector."""

    def __init__(self, folder: Path) -> None:
        n = numbers(folder / "stick.xml")
        public = rsa.RSAPublicNumbers(n["Exponent"], n["Modulus"])
        self.key = rsa.RSAPrivateNumbers(n["P"], n["Q"], n["D"], n["DP"], n["DQ"], n["InverseQ"], public).private_key()
        to = numbers(folder / "recipient.xml")
        self.recipient = rsa.RSAPublicNumbers(to["Exponent"], to["Modulus"]).public_key()
        settings = json.loads((folder / "stick.json").read_text())
        self.name, self.days = settings["stick"], settings["days"]

    def write(self, results: dict, *, number: int, made: int, machine: str = "m-1", inside: bytes | None = None, days: int | None = None) -> bytes:
        """One bundle. `made` in seconds; `inside` replaces what would be inflated."""
        answers = {"host": "", "collected_at": made, "tool": "vg-facts", "tool_version": "1", "catalogue_version": "", "results": results}
        plain = gzip.compress(json.dumps({"machine": machine, "answers": answers}).encode()) if inside is None else inside
        secret, iv = os.urandom(32), os.urandom(16)
        padder = PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES256(secret), modes.CBC(iv)).encryptor()
        body = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
        bundle = Bundle(
            format=FORMAT, stick=self.name, number=number, made=made, expires=made + 86_400 * (self.days if days is None else days),
            key=self.recipient.encrypt(secret, OAEP), iv=iv, body=body, signature=b"",
        )  # fmt: skip
        return self.sign(bundle)

    def sign(self, bundle: Bundle) -> bytes:
        signature = self.key.sign(signed_part(bundle), PSS, hashes.SHA256())
        return msgspec.json.encode(msgspec.structs.replace(bundle, signature=signature))
