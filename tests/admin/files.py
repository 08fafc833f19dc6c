"""What lies in the files of a database."""

from pathlib import Path


def content_of(folder: Path) -> bytes:
    """The content of all files in a folder."""
    return b"".join(file.read_bytes() for file in files_of(folder))


def files_of(folder: Path) -> list[Path]:
    """The files in a folder."""
    return list(folder.iterdir())
