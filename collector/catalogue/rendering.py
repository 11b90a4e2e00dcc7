"""A province's edition of the catalogue: the declared government hosts are put in, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from collector.catalogue.lint import troubles
from collector.catalogue.lists import chromium, quoted, store_name, store_path
from collector.catalogue.shapes import Catalogue, CatalogueError, Province, Rendered, StoreTable
from collector.catalogue.source import digest

_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
# Every log-in under it is to the state, whoever declared what.
_ALWAYS: Final = "gov.vn"
_MAX_HOSTS: Final = 500


def render(catalogue: Catalogue, province: Province) -> Rendered:
    """The complete catalogue of a province, which passed the lint. Raises CatalogueError, which names every trouble."""
    hosts = tuple(sorted({_ALWAYS, *province.government}))
    wrong = [host for host in hosts if not _HOST.fullmatch(host)]
    if wrong or len(hosts) > _MAX_HOSTS or province.edition < 1:
        raise CatalogueError(f"hosts are lower-case names, international ones in their xn-- form, at most {_MAX_HOSTS}; not so: {', '.join(wrong[:5])}")
    tables = tuple(_table(row, account, hosts) for row in chromium() for account in (0, 1))
    rendered = Rendered(version=f"{catalogue.version}.{province.edition}", province=province.code, queries=catalogue.queries, tables=tables)
    found = troubles(rendered)
    if found:
        raise CatalogueError("; ".join(found))
    return rendered


def _table(row: Mapping[str, Any], account: int, hosts: tuple[str, ...]) -> StoreTable:
    sql, path = _counting(hosts), store_path(row, account)
    return StoreTable(name=store_name(row, account), query=sql, path=path, columns=("logins", "government"), digest=digest(f"{path}\n{sql}"))


def _counting(hosts: tuple[str, ...]) -> str:
    """Saved log-ins counted inside the browser's own file: all, and those for government hosts. Nothing of a row leaves it."""
    # A realm is scheme://host[:port]/realm; Android's is android://key@package, whose host is of no government.
    ours = " OR ".join(f"host = {quoted(host)} OR host LIKE {quoted('%.' + host)}" for host in hosts)
    return (
        f"SELECT count(*) AS logins, ifnull(sum({ours}), 0) AS government FROM ("
        "SELECT CASE instr(place, ':') WHEN 0 THEN place ELSE substr(place, 1, instr(place, ':') - 1) END AS host FROM ("
        "SELECT substr(rest, 1, instr(rest || '/', '/') - 1) AS place FROM ("
        "SELECT lower(substr(signon_realm, instr(signon_realm, '://') + 3)) AS rest FROM logins WHERE blacklisted_by_user = 0)))"
    )
