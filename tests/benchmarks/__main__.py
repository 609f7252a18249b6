"""``python -m tests.benchmarks [--quick] [PART …]``: measure, and print the tables."""

import argparse

from tests.benchmarks import commands, coverage, flow, funnel, pages, recruitment, submissions

PARTS = ("pages", "commands", "flow", "funnel", "recruitment", "submissions", "forecasts")


def main() -> None:
    """Measure the parts that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: only to see it work")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    wanted = given.parts or PARTS
    quick = given.quick
    print("Ratios of what is measured in turns; ! marks what misses its target.")
    if "pages" in wanted:
        pages.show((20, 40) if quick else (100, 10_000, 100_000), reruns=2 if quick else 30)
    # Commands and flow before the funnel: a new process begins with its parent's peak memory.
    if "commands" in wanted:
        commands.show(rows=500 if quick else 250_000, ideas=20 if quick else 100_000)
    if "flow" in wanted:
        flow.show(20 if quick else 100_000, 1_000 if quick else 1_000_000, runs=1 if quick else 5)
    if "funnel" in wanted:
        funnel.show(1_000 if quick else 1_000_000, runs=1 if quick else 5)
    if "recruitment" in wanted:
        recruitment.show(*((4, 1_000) if quick else (200, 100_000)), runs=1 if quick else 10)
    if "submissions" in wanted:
        submissions.show(rounds=1 if quick else 20)
    if "forecasts" in wanted:
        coverage.show(banks=2 if quick else 100)


if __name__ == "__main__":
    main()
