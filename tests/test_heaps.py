"""How many heaps the C library keeps, by its own account (malloc_info(3))."""

import subprocess
import sys

import pytest

EIGHT_THREADS = """
import ctypes, threading
from sandkasse import heaps
{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fdopen.restype = ctypes.c_void_p
together = threading.Barrier(8)
def take():
    libc.malloc(100_000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def heaps_kept(first: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", EIGHT_THREADS.format(first=first)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="the option is glibc's")
def test_threads_share_two_heaps() -> None:
    assert heaps_kept("") > 2
    assert heaps_kept("heaps.keep_few()") == 2
