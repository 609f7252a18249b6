"""Copies a database file and its logs when told to. A program of its own, run by ``files``:

    python -I -S copier.py FILE TO LOG_ENDING...

It says ``ready``, waits for the line ``go``, copies what is there, says ``copied``, brings the
copies safely onto the disk and says ``kept``. Or it says ``failed NUMBER``, a number of ``errno``.
"""

import os
import shutil
import sys
from pathlib import Path


def _copy(source: str, target: str) -> None:
    # Made anew, and from its first byte on for its owner's eyes alone.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    shutil.copyfile(source, target)


def keep(path: str) -> None:
    """See to it that a file, or the names in a folder, outlasts a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _run(source: str, target: str, endings: list[str]) -> None:
    _say("ready")
    if sys.stdin.readline() != "go\n":
        return  # whoever asked has ended
    there = ["", *(ending for ending in endings if Path(source + ending).exists())]
    for ending in there:
        _copy(source + ending, target + ending)
    _say("copied")
    for ending in there:
        keep(target + ending)
    _say("kept")


if __name__ == "__main__":
    try:
        _run(sys.argv[1], sys.argv[2], sys.argv[3:])
    except OSError as error:
        _say(f"failed {error.errno}")
