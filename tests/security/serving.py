"""A server with the world of secrets in it, which each module starts once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser import serving
from tests.browser.serving import Server


@contextmanager
def furnished_server(folder: Path, furnished: Path, **how: Any) -> Iterator[Server]:
    """Serve a copy of the world; ``how`` as in :func:`tests.browser.serving.server`."""
    shutil.copyfile(furnished, folder / "browser.duckdb")
    with serving.server(folder, ideas=0, **how) as running:
        yield running


def addresses(ids: dict[str, int]) -> list[tuple[str, dict[str, object]]]:
    """Every page with every view and every thing of the world that it can be about."""
    kinds = (
        "cohort", "snapshot", "activity", "waiting", "times", "ages", "flow", "forecast", "trend",
        "paths",
    )  # fmt: skip
    return [
        ("", {}),
        ("home", {}),
        ("idea_bank", {}),
        ("idea_bank", {"search": "ice", "sort": "title"}),
        ("submit", {}),
        ("board", {}),
        *(("funnel", {"kind": kind}) for kind in kinds),
        *(("agencies", {"view": view}) for view in ("directory", "waiting", "matters", "barriers")),
        *(
            ("recruitment", {"view": view})
            for view in ("open", "kept", "board", "applications", "seats")
        ),
        ("meetings", {}),
        ("meetings", {"view": "subprojects"}),
        *(
            ("meetings", {"meeting": ids["meeting"], "view": view})
            for view in ("agenda", "figures", "results", "people", "papers")
        ),
        ("people", {}),
        ("privacy", {}),
        ("audit", {}),
        ("accessibility", {}),
        ("exchange", {}),
        *(("idea", {"idea": ids[name]}) for name in ("quiet", "tax", "open")),
        *(("touchpoint", {"touchpoint": ids[name]}) for name in ("matter", "other_matter")),
        *(
            ("position", {"position": ids[name]})
            for name in ("position", "other_position", "draft")
        ),
        *(
            ("application", {"application": ids[name]})
            for name in ("application", "other_application")
        ),
    ]
