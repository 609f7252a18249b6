"""Databases of synthetic ideas, made once and kept in the temporary folder."""

import hashlib
import tempfile
import time
from pathlib import Path

from sandkasse import config, start
from sandkasse.config import PROJECT_FOLDER

_SEED = 1


def bank(ideas: int) -> Path:
    """A database of this many synthetic ideas; made anew when what makes it has changed."""
    path = _folder() / f"{ideas}.duckdb"
    if not path.exists():
        make(path, ideas)
    return path


def make(path: Path, ideas: int) -> float:
    """Fill a new database at ``path``; the seconds that ``sandkasse demo`` takes."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    settings = config.Settings(database=unfinished, secrets=path.parent / "no-secrets.toml")
    began = time.perf_counter()
    start.fill(settings, ideas=ideas, seed=_SEED, journey_id=None)
    took = time.perf_counter() - began
    unfinished.rename(path)
    return took


def _folder() -> Path:
    package = PROJECT_FOLDER / "sandkasse"
    makers = [*package.glob("demo/**/*"), *package.glob("migrations/*.sql")]
    makers += [*(PROJECT_FOLDER / "data").glob("**/*.toml")]
    digest = hashlib.sha256()
    for maker in sorted(file for file in makers if file.suffix in (".py", ".sql", ".toml")):
        digest.update(maker.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"sandkasse-bench-{digest.hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
