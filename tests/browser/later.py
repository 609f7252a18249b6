"""The app with a clock that a test can move on: ``python -m tests.browser.later FILE``.

The clock begins at noon today, so that no test passes midnight unasked. The file holds how many
days have been let pass since; without one none have.
"""

import sys
from datetime import datetime, timedelta
from pathlib import Path

from sandkasse import clock
from sandkasse.cli import main

NOON = timedelta(hours=12)


def run(file: Path) -> None:
    """Serve the app by the moved clock, until stopped."""
    began, as_noon = clock.now(), clock.start_of(clock.today()) + NOON
    machine = clock.now

    def now() -> datetime:
        passed = int(file.read_text()) if file.exists() else 0
        return as_noon + (machine() - began) + timedelta(days=passed)

    clock.now = now
    sys.argv = ["sandkasse", "run"]
    main()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
