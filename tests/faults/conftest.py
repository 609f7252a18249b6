"""Disks that are soon full."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def disk(megabytes: int) -> Iterator[Path]:
    """The folder of a disk of so many megabytes, until the end of the block.

    It is not among pytest's own folders: a run that is killed leaves its disk mounted, and the
    clearing of old folders in later runs would stumble over it.
    """
    folder = Path(tempfile.mkdtemp(prefix="sandkasse-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 20 MB."""
    with disk(20) as folder:
        yield folder
