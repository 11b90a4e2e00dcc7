"""What the package is made of: a CycloneDX 1.6 bill of materials and the licences, both out of the wheels that are really in it."""

from __future__ import annotations

import email
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

# What older metadata calls a licence, in the words of SPDX.
_SPDX = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense", "ISC License (ISCL)": "ISC", "Apache License": "Apache-2.0", "LGPL-2.1+": "LGPL-2.1-or-later", "PSFL": "PSF-2.0",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One library: its name, version, licence in SPDX's words, and the SHA-256 of its wheel."""

    name: str
    version: str
    licence: str
    sha256: str

    @property
    def purl(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{self.name.lower().replace('_', '-')}@{self.version}"


def parts_of(wheels: Iterable[Path]) -> list[Part]:
    """The wheels' own word for what they are."""
    return sorted((_part(wheel) for wheel in wheels), key=lambda part: part.purl)


def _part(wheel: Path) -> Part:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
        told = email.message_from_bytes(archive.read(name))
    return Part(str(told["Name"]), str(told["Version"]), _licence(told), hashlib.sha256(wheel.read_bytes()).hexdigest())


def _licence(told: Message) -> str:
    if told["License-Expression"]:
        return str(told["License-Expression"])
    short = str(told["License"] or "").strip()
    if short and "\n" not in short and len(short) < 60:
        return _SPDX.get(short, short)
    named = [str(line).rpartition("::")[2].strip() for line in told.get_all("Classifier") or () if str(line).startswith("License ::")]
    return " AND ".join(_SPDX.get(each, each) for each in named if each != "OSI Approved") or "NOASSERTION"


def bill(parts: Sequence[Part], version: str, epoch: int) -> bytes:
    """The bill in JSON, the same for the same parts."""
    components = [
        {
            "type": "library", "bom-ref": part.purl, "name": part.name, "version": part.version, "purl": part.purl,
            "licenses": [{"expression": part.licence}] if _expression(part.licence) else [{"license": {"name": part.licence}}],
            "hashes": [{"alg": "SHA-256", "content": part.sha256}],
        }
        for part in parts
    ]  # fmt: skip
    named = json.dumps(components, sort_keys=True)
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named + version)}",
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": f"pkg:deb/vonggac@{version}", "name": "vonggac", "version": version,
                          "licenses": [{"expression": "Apache-2.0 AND GPL-2.0-only"}]},
        },
        "components": components,
        "dependencies": [{"ref": f"pkg:deb/vonggac@{version}", "dependsOn": [part.purl for part in parts]}],
    }  # fmt: skip
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _expression(licence: str) -> bool:
    words = licence.replace("(", " ").replace(")", " ").split()
    return bool(words) and all(
        word in {"AND", "OR", "WITH"} or (word[0].isupper() and "-" in word) or word in {"MIT", "ISC", "Unlicense", "Zlib"} for word in words
    )


def copyright_file(parts: Sequence[Part]) -> str:
    """The licences of all that is in the package, in Debian's machine-readable form."""
    stanzas = [_COPYRIGHT_HEAD]
    stanzas += [
        f"Files: opt/vonggac/lib/*/{part.name}*\nCopyright: its authors, named in its own metadata beside it\nLicense: {part.licence}\n"
        f"Comment: {part.name} {part.version}, {part.purl}\n"
        for part in parts
        if part.name != "vonggac"
    ]
    return "\n".join(stanzas)


_COPYRIGHT_HEAD = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: vonggac
Comment:
 Two programs are in this package, side by side. Vọng Gác itself is under the
 Apache License 2.0 and imports nothing under the GPL. The program that sends
 probes (collector/probe, started as "vonggac probe" in a process of its own)
 is under the GPL version 2 only, because it is built on scapy, which is; it
 imports nothing of the first. They exchange lines of JSON over a Unix socket.
 Whoever passes the package on owes the source of the second (it is Python and
 in the package) under the GPL, and nothing of that kind for the first. Without
 scapy's folder everything but probes runs: it may be removed.

Files: *
Copyright: 2026 the Vọng Gác contributors
License: Apache-2.0
 On Debian systems the full text is in /usr/share/common-licenses/Apache-2.0.

Files: opt/vonggac/lib/*/collector/probe/*
Copyright: 2026 the Vọng Gác contributors
License: GPL-2.0-only
 On Debian systems the full text is in /usr/share/common-licenses/GPL-2.
"""
