"""`vonggac backup` and `restore`: a box's memory, keys and declared data in one file, and back into a box that has to go on where it was."""

from collector.copies.backup import write
from collector.copies.manifest import CopyError, Manifest
from collector.copies.restore import restore

__all__ = ["CopyError", "Manifest", "restore", "write"]
