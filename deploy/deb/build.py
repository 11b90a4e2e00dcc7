"""Builds vonggac_VERSION_ARCH.deb from this checkout and a folder of wheels, without network: python deploy/deb/build.py --wheels FOLDER --out FOLDER.

The same checkout and wheels give the same bytes (SOURCE_DATE_EPOCH; the last commit's time unless told).
"""

from __future__ import annotations

import argparse
import compileall
import gzip
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The manual tells the commands of this very checkout, whichever one the environment was made for.
sys.path.insert(0, str(ROOT))

import pages  # noqa: E402 - see above
import sbom  # noqa: E402 - same

HERE = ROOT / "deploy" / "deb"
HOME = Path("opt/vonggac")
SITE = HOME / "lib/python3.11/site-packages"
# What differs between an installed box and a checkout: services apart, each with a folder of its own. Each line is that of config.toml with its default.
INSTALLED: Mapping[str, str] = {
    '# dir = "state/sockets"': 'dir = "/run/vonggac"',
    '# evidence_dir = "state/evidence"': 'evidence_dir = "/var/lib/vonggac-evidence"',
    '# dir = "state/sealed"': 'dir = "/var/lib/vonggac-collect/sealed"',
    '# mark_key = "state/mark.key"': 'mark_key = "secrets/mark.key"',
    '# users_file = "state/users.json"': 'users_file = "/var/lib/vonggac-web/users.json"',
    '# dir = "state/reports"': 'dir = "/var/lib/vonggac-reports"',
}
_SCRIPT = """\
#!/opt/vonggac/bin/python3 -I
import sys

from collector.cli import main

sys.exit(main())
"""


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description="Builds the Debian package.")
    parser.add_argument("--wheels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--level", type=int, default=3, help="how hard xz is to work, 0 to 9: what is inside is the same")
    given = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        print("deb: Python 3.11 is needed, the one of Debian 12 that the package is for", file=sys.stderr)
        return 1
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vonggac-deb-") as work:
        print(build(given.wheels.resolve(), given.out.resolve(), Path(work), given.level))
    return 0


def build(wheels: Path, out: Path, work: Path, level: int) -> Path:
    """The package's file."""
    epoch = epoch_of()
    os.environ.update(SOURCE_DATE_EPOCH=str(epoch), PYTHONHASHSEED="0")
    os.umask(0o022)
    version, tree = version_of(), work / "tree"
    ours = wheel_of_ours(work / "wheel")
    libraries(tree, wheels, ours)
    parts = sbom.parts_of([*wheels.glob("*.whl"), ours])
    documents(tree, version, epoch, parts)
    configuration(tree)
    compiled(tree)
    control(tree, version)
    for path in (tree, *tree.rglob("*")):
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    package = out / f"vonggac_{version}_{architecture()}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zxz", f"-z{level}", "--build", str(tree), str(package))
    return package


def epoch_of() -> int:
    """The time that everything in the package bears, in seconds."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(asked.stdout) if asked.returncode == 0 else int((ROOT / "pyproject.toml").stat().st_mtime)


def version_of() -> str:
    """The program's version."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def architecture() -> str:
    """Debian's word for this machine."""
    return run("dpkg", "--print-architecture").strip()


def wheel_of_ours(folder: Path) -> Path:
    """The program itself as a wheel, built without network."""
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT))
    return next(folder.glob("vonggac-*.whl"))


def libraries(tree: Path, wheels: Path, ours: Path) -> None:
    """The virtual environment of Debian's own Python: locked libraries with their hashes, then the program."""
    site = tree / SITE
    site.mkdir(parents=True)
    install = ("install", "--no-index", "--no-deps", "--no-compile", "--find-links", str(wheels), "--target", str(site))
    locks = [f"--requirement={ROOT / 'requirements' / name}" for name in ("run.txt", "probe.txt")]
    pip(*install, "--require-hashes", *locks)
    pip(*install, str(ours))
    shutil.rmtree(site / "bin", ignore_errors=True)
    # Notes of this very installation (where a wheel lay, what was written when): dpkg knows better, and they differ from build to build.
    for note in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json"):
        for path in site.glob(f"*.dist-info/{note}"):
            path.unlink()
    for path in site.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    bin_ = tree / HOME / "bin"
    bin_.mkdir()
    (bin_ / "python3").symlink_to("/usr/bin/python3.11")
    write(tree / HOME / "pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n")
    write(bin_ / "vonggac", _SCRIPT, 0o755)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/vonggac").symlink_to("/opt/vonggac/bin/vonggac")


def documents(tree: Path, version: str, epoch: int, parts: list[sbom.Part]) -> None:
    """Manual, completions, licences, bill of materials, changes."""
    share, day = tree / "usr/share", datetime.fromtimestamp(epoch, UTC)
    commands = pages.tree()
    for language, place in (("en", "man/man1"), ("vi", "man/vi/man1")):
        write(share / place / "vonggac.1.gz", squeezed(pages.man(commands, version, day.strftime("%Y-%m-%d"), language).encode()))
    write(share / "bash-completion/completions/vonggac", pages.bash(commands))
    write(share / "zsh/vendor-completions/_vonggac", pages.zsh(commands))
    write(share / "fish/vendor_completions.d/vonggac.fish", pages.fish(commands))
    doc = share / "doc/vonggac"
    write(doc / "copyright", sbom.copyright_file(parts))
    write(doc / "sbom.cdx.json", sbom.bill(parts, version, epoch))
    write(doc / "NOTICE", (ROOT / "NOTICE").read_bytes())
    changes = (
        f"vonggac ({version}) bookworm; urgency=medium\n\n  * See CHANGELOG.md.gz beside this file.\n\n -- Vọng Gác maintainers <maintainers@vonggac.invalid>  "
    )
    write(doc / "changelog.gz", squeezed(f"{changes}{day.strftime('%a, %d %b %Y %H:%M:%S +0000')}\n".encode()))
    write(doc / "CHANGELOG.md.gz", squeezed((ROOT / "CHANGELOG.md").read_bytes()))
    copied(ROOT / "declared/examples", doc / "examples/declared")
    write(doc / "examples/province.toml", (HERE / "province.toml").read_bytes())
    write(share / "lintian/overrides/vonggac", (HERE / "lintian-overrides").read_bytes())


def configuration(tree: Path) -> None:
    """What a person edits, and what systemd reads."""
    etc, lib = tree / "etc/vonggac", tree / "usr/lib"
    write(etc / "config.toml", installed_config())
    for name in ("site.toml", "README.md"):
        write(etc / "declared" / name, (ROOT / "declared" / name).read_bytes())
    # The configuration's "state" is the box's own folder, wherever config.toml does not say otherwise.
    (etc / "state").symlink_to("/var/lib/vonggac")
    copied(ROOT / "deploy/systemd", lib / "systemd/system")
    write(lib / "sysusers.d/vonggac.conf", (HERE / "sysusers.conf").read_bytes())
    write(lib / "tmpfiles.d/vonggac.conf", (HERE / "tmpfiles.conf").read_bytes())


def installed_config() -> str:
    """config.toml with what an installed box has otherwise."""
    text = (ROOT / "config.toml").read_text()
    for default, ours in INSTALLED.items():
        if text.count(f"\n{default}\n") != 1:
            raise ValueError(f"config.toml has no single line {default}")
        text = text.replace(f"\n{default}\n", f"\n{ours}\n")
    return text


def compiled(tree: Path) -> None:
    """Bytecode that is never compared with its source: no service may write beside the program, and nobody edits it."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(tree / HOME / "lib", quiet=2, stripdir=str(tree), prependdir="/", invalidation_mode=mode, workers=1)


def control(tree: Path, version: str) -> None:
    """DEBIAN/: who we are, what a person may have edited, what is done when."""
    size = sum(path.lstat().st_size for path in tree.rglob("*") if path.is_file()) // 1024
    text = (HERE / "control.in").read_text()
    for word, value in (("VERSION", version), ("ARCH", architecture()), ("SIZE", str(size))):
        text = text.replace(f"@{word}@", value)
    write(tree / "DEBIAN/control", text)
    edited = sorted(f"/{path.relative_to(tree)}" for path in (tree / "etc").rglob("*") if path.is_file() and not path.is_symlink())
    write(tree / "DEBIAN/conffiles", "\n".join(edited) + "\n")
    for script in ("postinst", "prerm", "postrm"):
        write(tree / "DEBIAN" / script, (HERE / script).read_bytes(), 0o755)


def copied(source: Path, target: Path) -> None:
    """A folder's files with plain modes."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            write(target / path.relative_to(source), path.read_bytes())


def write(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """A file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)


def squeezed(content: bytes) -> bytes:
    """Gzip without a name or a time in it."""
    return gzip.compress(content, 9, mtime=0)


def pip(*arguments: str) -> None:
    """What pip of this very Python does, without a word unless it fails."""
    run(sys.executable, "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", *arguments)


def run(*argv: str) -> str:
    """A program to its end; its output. Raises CalledProcessError, its words on our error output."""
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
