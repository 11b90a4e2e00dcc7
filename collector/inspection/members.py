"""Which sites a report over several is about: as somebody wrote them on the command line, or in a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from collector import csvtable
from collector.refusal import ConfigError, refused
from model.declared import Declared
from model.inspection.group import Member
from model.text import Text, shown

_COLUMNS: Final = {"site": ("điểm", "mã điểm"), "name": ("tên", "tên điểm", "tên xã"), "commune": ("xã", "mã xã")}
_ELSEWHERE: Final = Text("Hộp này không có điểm đó và chưa nhận báo cáo nào của điểm đó.", "This box has no such site, and no report of it was added.")

_NOBODY: Final = Text(
    "Nhóm không có điểm nào: ghi mã điểm, mã xã hoặc tên, cách nhau bằng dấu phẩy.", "The group names no site: give codes or names, parted by commas."
)


class Group(NamedTuple):
    """A series of reports over several sites: its code, what people call it, and the sites, those that nobody here knows too."""

    code: str
    name: str
    members: tuple[Member, ...]

    @property
    def sites(self) -> frozenset[str]:
        """Codes of the members."""
        return frozenset(member.site for member in self.members)


def everywhere(known: Iterable[Member], province: str) -> Group:
    """All sites that are known here. `province` is the code that they share, empty for several."""
    members = tuple(known)
    name = f"Tỉnh {province}" if province else "Các tỉnh"
    return Group(f"tinh-{province}" if province else "tinh", name, members)


def group(written: str, known: Sequence[Member]) -> Group:
    """The members named in a table, or in a list parted by commas or semicolons: by site code, commune code or name. Raises ConfigError."""
    path = Path(written)
    table = _table(path) if path.suffix.lower() == ".csv" else None
    wanted = [member for member in table or _listed(written) if any(_names(member))]
    members = {found.site: found for each in wanted for found in _found(each, known)}
    if not members:
        raise ConfigError(
            Text("Nhóm không có điểm nào: ghi mã điểm, mã xã hoặc tên, cách nhau bằng dấu phẩy.", "The group names no site: codes or names, with commas.")
        )
    if table is not None:
        return Group(f"nhom-{path.stem}"[:64], path.stem, tuple(members.values()))
    return Group("+".join(sorted(members))[:200], ", ".join(member.name or member.site for member in members.values()), tuple(members.values()))


def members_of(sites: Mapping[str, Declared]) -> list[Member]:
    """Declared sites as members."""
    return [Member(declared.site, declared.name, declared.commune) for declared in sites.values()]


def _listed(written: str) -> list[Member]:
    return [Member(word, word) for part in written.split(";") for word in (each.strip() for each in part.split(","))]


def _table(path: Path) -> list[Member]:
    rows = csvtable.read(path, _COLUMNS, ())
    if rows is None:
        raise refused(shown(str(path), 200), Text("không có tệp này", "there is no such file"))
    return [Member(row.text("site"), row.text("name"), row.text("commune")) for row in rows]


def _found(wanted: Member, known: Sequence[Member]) -> list[Member]:
    """The known sites that are meant; a commune may have several. Whom nobody knows is a member all the same, and unknown."""
    names = _names(wanted)
    meant = [member for member in known if not names.isdisjoint(_names(member))]
    return meant or [Member(wanted.site or wanted.commune or wanted.name, wanted.name, wanted.commune, _ELSEWHERE)]


def _names(member: Member) -> frozenset[str]:
    return frozenset(name for name in (_plain(member.site), _plain(member.name), _plain(member.commune)) if name)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
