"""How the C library keeps memory for the app's threads."""

import ctypes
import sys

#: The option's number in glibc's malloc.h.
_M_ARENA_MAX = -8
_HEAPS = 2


def keep_few() -> None:
    """Have glibc keep two heaps, where by default threads soon have one each.

    What one thread has given back is of no use to another's heap, and each visitor's run is a
    thread. Call it before there are threads. Without effect where the C library is another.
    See mallopt(3), M_ARENA_MAX.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _HEAPS)
