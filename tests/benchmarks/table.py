"""Tables that a person reads: a measurement that misses its target has a ``!`` behind it."""

from collections.abc import Sequence


def show(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows under their headings: the first column to the left, numbers to the right."""
    cells = [headings, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    print(f"\n{title}")
    for row in cells:
        first, *others = zip(row, widths, strict=True)
        line = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        print("  " + "  ".join(line).rstrip(), flush=True)


def times(ratio: float, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """A ratio, marked when it misses its target."""
    missed = (at_most is not None and ratio > at_most) or (
        at_least is not None and ratio < at_least
    )
    return f"{ratio:.2f}{'!' if missed else ' '}"


def milliseconds(seconds: float) -> str:
    """A time that a screen takes."""
    return f"{seconds * 1000:.1f} ms"
