"""Children that are killed.

A child is forked from a process that has loaded everything and opened nothing, so that it begins at
once. What it says on its pipe before it dies is what it acknowledged.
"""

import os
import random
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from typing import TypeAlias

#: Says a line to whoever forked the child, written whole.
Say: TypeAlias = Callable[[str], None]

READY = "ready"
_GIVE_UP = 60.0


def killed(work: Callable[[Say], None], delay: float, *, after_ready: bool) -> list[str]:
    """Do ``work`` in a child and kill it ``delay`` seconds after its beginning, or after it has
    said that it is ready. Returns the whole lines that it said; a torn last one says nothing.

    :raises RuntimeError: when the work failed before it was killed.
    """
    ours, theirs = os.pipe()
    with warnings.catch_warnings():
        # Newer Pythons warn of threads, of which the child gets none and needs none.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(ours)
        _work(work, theirs)
    os.close(theirs)
    try:
        said = _until_ready(ours) if after_ready else b""
        said += _heard(ours, delay)
        os.kill(child, signal.SIGKILL)
        while more := os.read(ours, 1 << 16):
            said += more
    finally:
        os.close(ours)
        _pid, status = os.waitpid(child, 0)
    lines = said.decode().split("\n")[:-1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("\n".join(lines[-30:]))
    return lines


def _work(work: Callable[[Say], None], pipe: int) -> None:
    try:
        work(lambda line: _say(pipe, line))
    except BaseException:  # noqa: BLE001 - a child never returns into the parent's code
        _say(pipe, traceback.format_exc())
        os._exit(1)
    os._exit(0)


def _say(pipe: int, line: str) -> None:
    os.write(pipe, line.encode() + b"\n")


def _until_ready(pipe: int) -> bytes:
    said, until = b"", time.monotonic() + _GIVE_UP
    while f"{READY}\n".encode() not in said and time.monotonic() < until:
        more = os.read(pipe, 1 << 16)
        if not more:
            break
        said += more
    return said


def _heard(pipe: int, seconds: float) -> bytes:
    """What is said within so many seconds: the pipe must not fill up."""
    said, until = b"", time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            more = os.read(pipe, 1 << 16)
            if not more:
                break
            said += more
    return said


def chances(seed: int) -> random.Random:
    """Random moments that are the same in each run."""
    return random.Random(seed)


def told(*words: object) -> None:
    """A line on the standard output."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()
