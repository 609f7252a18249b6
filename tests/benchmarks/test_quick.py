"""The benchmarks run: what they measure is for people to read, and no test waits for it."""

import subprocess
import sys

import pytest

from sandkasse.config import PROJECT_FOLDER


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "title"),
    [
        ("pages", "Rerun of a page on the server"),
        ("funnel", "The cohort funnel of 1,000 ideas with 5,000 ledger rows"),
        ("recruitment", "4 positions, 60 seats, 1,000 applications"),
        ("submissions", "Submissions, 1 times"),
        ("commands", "Commands, once each"),
        ("flow", "Flow figures of 1,000 ideas with 5,000 ledger rows"),
        ("forecasts", "Forecasts kept, 2 simulated banks of each way to arrive"),
    ],
)
def test_a_part_of_the_benchmarks_prints_its_table_when_run_with_small_sizes(
    part: str, title: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--quick", part],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    assert title in done.stdout


@pytest.mark.slow
def test_a_checkout_is_compared_with_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.benchmarks import compare, pages

    monkeypatch.setattr(pages, "PAGES", pages.PAGES[:2])
    compare.show(PROJECT_FOLDER, 20, reruns=1)
    told = capsys.readouterr().out
    assert "My page, mentor" in told
    assert "× before" in told


def test_the_two_funnels_agree_when_ideas_went_back_left_and_were_corrected() -> None:
    from tests.benchmarks import funnel

    funnel.show(300, runs=1)


def test_the_standing_of_the_measured_applications_is_what_their_events_tell(db) -> None:
    from sandkasse import integrity
    from tests.benchmarks import recruitment

    recruitment.fill(db, positions=2, applications=300)
    assert db.value("SELECT count(DISTINCT state) FROM application") > 3
    assert not [one for one in integrity.check(db) if "pplication" in str(one)]
