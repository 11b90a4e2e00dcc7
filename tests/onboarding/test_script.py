"""vg-facts.ps1 read by a real PowerShell grammar (tree-sitter): it keeps the contract with the catalogue, and can do no more than it says.

No Windows PowerShell was at hand: that it runs there is for docs/field-test.md.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from collector.onboarding import lists

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "collector/onboarding/templates"
SCRIPT = TEMPLATES / "vg-facts.ps1"
# What may write, and where; everything else on the PC is only read.
WRITERS = {
    "Remove-Item": "-Path $key",
    "New-Item": "-Path $key",
    "New-ItemProperty": "-Path $key",
    "Set-Content": "-Path $counter",
}
READERS = {
    "Get-Content", "ConvertFrom-Json", "Get-ItemProperty", "Get-ChildItem", "Where-Object", "ForEach-Object", "Test-Path", "Get-LocalUser", "Get-CimInstance",
    "Sort-Object", "Select-Object", "Measure-Object", "Select-String", "Join-Path", "Split-Path", "Get-WindowsCapability", "Get-NetTCPConnection", "New-Object",
    "Out-Null", "Write-Output", "Write-Verbose", "ConvertTo-Json", "Set-StrictMode",
}  # fmt: skip


def tree(path: Path) -> Node:
    return Parser(Language(tree_sitter_powershell.language())).parse(path.read_bytes()).root_node


def nodes(root: Node, kind: str) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == kind:
            yield node
        waiting += node.children


def text(node: Node) -> str:
    return node.text.decode()


@pytest.fixture(scope="module")
def script() -> Node:
    return tree(SCRIPT)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.ps1")), ids=lambda path: path.name)
def test_the_grammar_knows_every_line(path):
    assert not [text(node)[:80] for node in nodes(tree(path), "ERROR")]
    assert not tree(path).has_error


def test_only_reading_commands_are_called_and_writing_ones_only_where_the_output_goes(script):
    own = {text(node) for node in nodes(script, "function_name")}
    seen = set()
    for command in nodes(script, "command"):
        name = text(command).split()[0]
        if name in WRITERS:
            assert WRITERS[name] in text(command), text(command)
        elif name not in READERS | own and name != "&":
            seen.add(name)
    assert not seen


def test_nothing_is_sent_started_or_loaded():
    code = "\n".join(line for line in SCRIPT.read_text("utf-8").splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"(?i)invoke-|iex\b|net\.webclient|http[s]?://|start-process|add-type|reflection|sockets|-encodedcommand|\bcmd\b", code)


def test_the_values_it_writes_are_those_of_the_contract_and_all_of_them():
    contract = tomllib.loads((ROOT / "collector/catalogue/facts.toml").read_text("utf-8"))["values"]
    code = SCRIPT.read_text("utf-8")
    written = set(re.findall(r"\$facts\['([a-z_.]+)'\]", code))
    for product in ("windows", "office"):
        written |= {f"{product}.{name}" for name in re.findall(r'\$facts\["\$product\.(\w+)"\]', code)}
    written |= {f"BROWSER.{name}" for name in re.findall(r'\$facts\["\$\(\$browser\.Name\)\.(\w+)"\]', code)}
    assert written == set(contract)


def columns() -> dict[str, set[str]]:
    found = {}
    for path in (ROOT / "collector/catalogue/queries").glob("*.toml"):
        for query in tomllib.loads(path.read_text("utf-8"))["query"]:
            found[query["topic"]] = set(query["columns"])
    return found


def test_a_bundles_topics_are_those_of_the_catalogue(script):
    (results,) = [node for node in nodes(script, "function_statement") if "Get-Results" in text(node).split("{")[0]]
    topics = set(re.findall(r"(\w+) = Get-Topic", text(results)))
    assert len(topics) > 10
    assert topics <= set(columns())


ROWS = {
    "Get-Machine": "machine", "Get-Cards": "interfaces", "Get-Antivirus": "antivirus", "Get-Winlogon": "auto_logon", "Get-RemoteDesktop": "remote_desktop",
    "Get-UpdateControl": "update_control", "Get-Control": "peripheral_control", "Get-Patches": "updates",
}  # fmt: skip


@pytest.mark.parametrize(("function", "topic"), ROWS.items())
def test_a_row_has_the_columns_of_the_query(script, function, topic):
    (body,) = [node for node in nodes(script, "function_statement") if text(node).startswith(f"function {function} ")]
    keys = [set(re.findall(r"(?:^|[;{\n])\s*(\w+) = ", text(row)[1:])) for row in nodes(body, "hash_literal_expression")]
    rows = [each for each in keys if each & columns()[topic]]
    assert rows
    assert all(each == columns()[topic] for each in rows)


def test_the_lists_it_reads_are_those_it_is_given():
    given = json.loads(lists.written("2026.11.22.1", ("dichvucong.gov.vn",), ("ninhbinh.gov.vn",)))
    assert set(re.findall(r"\$lists\.(\w+)", SCRIPT.read_text("utf-8"))) == set(given)
    assert given["government"] == ["dichvucong.gov.vn"]
    assert given["browsers"]["coccoc"].startswith("AppData\\Local\\CocCoc")
