"""The app with a database that a test can put back: ``python -m tests.security.again FILE``.

At a SIGUSR1 the database becomes a copy of FILE again and all that is remembered is forgotten, as
after a restart, in a twentieth of its time; a file beside FILE called ``again`` says how often.
"""

import shutil
import signal
import sys
from pathlib import Path

from sandkasse import config, rates
from sandkasse.cli import main
from sandkasse.ui import store


def run(file: Path) -> None:
    """Serve the app until stopped."""
    times = 0

    def again(*_ignored: object) -> None:
        nonlocal times
        times += 1
        path = config.settings().database
        store.database().close()
        store.database.clear()
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        shutil.copyfile(file, path)
        rates.forget_all()
        store.database()
        said = file.with_name("again.part")
        said.write_text(str(times))
        said.rename(file.with_name("again"))

    signal.signal(signal.SIGUSR1, again)
    sys.argv = ["sandkasse", "run"]
    main()


if __name__ == "__main__":
    run(Path(sys.argv[1]))
