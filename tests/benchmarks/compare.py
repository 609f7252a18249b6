"""How long each page takes against another checkout of the app: what a change costs.

``python -m tests.benchmarks.compare CHECKOUT [IDEAS [RERUNS]]``: the other checkout has a .venv of
its own, and makes its own bank of as many synthetic ideas with the same seed. Both servers and an
empty page take turns.
"""

import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks import pages, table
from tests.benchmarks.banks import bank
from tests.benchmarks.serving import EMPTY, Server, Visitor, interpreter, serving

SLOWER_LIMIT = 1.1
_IDEAS, _RERUNS = 10_000, 200
_BANK = "import sys; from tests.benchmarks.banks import bank; print(bank(int(sys.argv[1])))"


def show(other: Path, ideas: int, reruns: int) -> None:
    """Measure every page that both have, warm, and print how they compare."""
    both = [one for one in pages.PAGES if (other / "pages" / f"{one.address}.py").exists()]
    with ExitStack() as stack:
        empty = stack.enter_context(serving(EMPTY))
        now = pages.open_bank(stack, bank(ideas))
        before = _opened_there(stack, other, ideas)
        rows = [_row(page, *_turns(page, empty, before, now, reruns)) for page in both]
    table.show(
        f"A rerun with {ideas:,} ideas, {reruns} times in turns, median; × before: ≤ "
        f"{SLOWER_LIMIT}",
        ["", "empty", "before", "now", "× before"],
        rows,
    )


def _opened_there(stack: ExitStack, other: Path, ideas: int) -> pages.Bank:
    made = subprocess.run(
        [interpreter(other), "-c", _BANK, str(ideas)],
        cwd=other, check=True, capture_output=True, text=True,
    )  # fmt: skip
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    # To look into a file is to bring its tables up to date, which the other would refuse.
    served, looked = (
        shutil.copy(Path(made.stdout.split()[-1]), folder / name) for name in ("served", "looked")
    )
    people, idea, day = pages.looked_into(looked)
    server = stack.enter_context(serving(other / "app.py", served, checkout=other))
    return pages.Bank(server, people, idea, day)


def _turns(
    page: pages.Page, empty: Server, before: pages.Bank, now: pages.Bank, reruns: int
) -> tuple[float, float, float]:
    with ExitStack() as stack:
        visitors = [
            stack.enter_context(Visitor.at(empty)),
            *(pages.visitor(stack, opened, page) for opened in (before, now)),
        ]
        times = [[visitor.rerun() for visitor in visitors] for _turn in range(reruns)]
    bare, then, here = (median(column) for column in zip(*times, strict=True))
    return bare, then, here


def _row(page: pages.Page, bare: float, then: float, here: float) -> list[str]:
    return [
        page.name,
        *(table.milliseconds(one) for one in (bare, then, here)),
        table.times(here / then, at_most=SLOWER_LIMIT),
    ]


if __name__ == "__main__":
    checkout, *numbers = sys.argv[1:]
    ideas, reruns = (*map(int, numbers), *(_IDEAS, _RERUNS)[len(numbers) :])
    show(Path(checkout).resolve(), ideas, reruns)
