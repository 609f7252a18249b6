"""The command line, run as its own process on its own file: output, errors and exit codes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import typer
from docx import Document
from typer.testing import CliRunner

from sandkasse import clock, config, figures, people, registry
from sandkasse.cli import given
from sandkasse.cli.program import program
from sandkasse.commands import COMMANDS
from sandkasse.database import Database
from sandkasse.figures import Choice, waiting
from sandkasse.figures.waiting import WaitingChoice
from sandkasse.local_socket import serve_socket
from sandkasse.registry import Client
from tests.builders import JOURNEY, Cast, called, submitted
from tests.registry.register import FOUND, register

Run: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]


def running(folder: Path) -> Run:
    """Run ``sandkasse`` with these arguments on the database in the folder, in English."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from sandkasse.cli import main; main()", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env={
                **os.environ,
                "SANDKASSE_DATABASE": str(folder / "sandkasse.duckdb"),
                "SANDKASSE_SECRETS": str(folder / "secrets.toml"),
                "LC_ALL": "C.UTF-8",
                **environment,
            },
        )

    return run


@pytest.fixture
def sandkasse(tmp_path: Path) -> Run:
    """Run ``sandkasse`` with these arguments on the test's own database, in English."""
    return running(tmp_path)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a demonstration that the command line made."""
    folder = tmp_path_factory.mktemp("demonstration")
    made = running(folder)("demo", "--ideas", "60", "--seed", "7")
    assert made.returncode == 0, made.stderr
    return folder / "sandkasse.duckdb"


@pytest.fixture
def filled(tmp_path: Path, demonstration: Path, sandkasse: Run) -> Run:
    """The same, on a database with a demonstration."""
    shutil.copyfile(demonstration, tmp_path / "sandkasse.duckdb")
    return sandkasse


@pytest.fixture
def while_running(db: Database, cast: Cast, sandkasse: Run) -> Iterator[Run]:
    """The same, while this process is the running app."""
    submitted(db, cast.student)
    server = serve_socket(db)
    yield sandkasse
    server.stop()


def assert_refused(done: "subprocess.CompletedProcess[str]", said: str, code: int = 1) -> None:
    """It failed in words: nothing on the standard output, and no traceback."""
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_the_version_is_printed(sandkasse: Run) -> None:
    assert sandkasse("version").stdout.startswith("sandkasse 0.")


def test_every_command_has_help() -> None:
    said = CliRunner().invoke(program, ["--help"]).stdout
    for command in (
        "run",
        "funnel",
        "waiting",
        "import",
        "export",
        "check",
        "backup",
        "backups",
        "restore",
        "demo",
        "journeys",
        "minutes",
        "version",
    ):
        assert f"  {command} " in said
        assert CliRunner().invoke(program, [command, "--help"]).exit_code == 0


def test_demo_says_what_it_made_and_check_finds_it_sound(filled: Run) -> None:
    done = filled("check")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing wrong: 60 ideas, ")


def test_demo_on_a_database_with_ideas_is_refused(filled: Run) -> None:
    assert_refused(filled("demo", "--ideas", "5"), "holds ideas already")


def test_journeys_are_listed_by_id(filled: Run) -> None:
    said = filled("journeys").stdout
    assert "student-startup" in said
    assert "one-office" in said


def test_json_is_all_that_json_prints(filled: Run) -> None:
    done = filled("funnel", "--journey", JOURNEY, "--json")
    figure = json.loads(done.stdout)
    assert list(figure) == ["journey", "kind", "as_of", "known_at", "n", "stages"]
    assert list(figure["stages"][0]) == [
        "stage", "reached", "advanced", "left", "open", "share_of_first", "share_of_previous",
        "interval", "median_days_to_advance",
    ]  # fmt: skip
    assert figure["kind"] == "cohort"
    assert figure["n"] == figure["stages"][0]["reached"] > 0
    assert datetime.fromisoformat(figure["as_of"]).tzinfo is not None


def test_every_choice_reaches_the_figure(filled: Run, tmp_path: Path) -> None:
    today = clock.today()
    until, as_of = date(today.year, 1, 31), date(today.year - 1, 12, 31)
    said = filled(
        "funnel", "--journey", JOURNEY, "--from", f"{today.year - 2}-01-01", "--to", str(until),
        "--level", "MSc", "--theme", "ocean", "--as-of", str(as_of),
        "--known-at", f"{today.year}-01-15T12:00", "--json",
    ).stdout  # fmt: skip
    db = Database.open(tmp_path / "sandkasse.duckdb")
    choice = Choice(
        JOURNEY, "MSc", "ocean", date(today.year - 2, 1, 1), until, clock.end_of(as_of),
        datetime(today.year, 1, 15, 11, tzinfo=UTC),
    )  # fmt: skip
    expected = figures.to_json(
        figures.cohort(db, people.OPERATOR, choice),
        figures.median_days_to_advance(db, people.OPERATOR, choice),
    )
    db.close()
    assert json.loads(said) == json.loads(json.dumps(expected))


def test_waiting_figures_are_printed_as_json_and_as_a_table(filled: Run) -> None:
    figure = json.loads(filled("waiting", "--json").stdout)
    assert list(figure) == ["journey", "level", "agency", "from", "to", "as_of", "known_at",
                            "division", "agencies", "quarters"]  # fmt: skip
    divided = figure["division"]
    assert divided["n"] > 0
    assert sum(one["days"] for one in divided["parties"].values()) == pytest.approx(divided["days"])
    said = filled("waiting", "--journey", JOURNEY).stdout
    assert "Idea bank" in said
    assert "the student had the ball for" in said


def test_every_choice_reaches_the_waiting_figures(filled: Run, tmp_path: Path) -> None:
    today = clock.today()
    as_of = date(today.year - 1, 12, 31)
    said = filled(
        "waiting", "--journey", JOURNEY, "--level", "MSc", "--agency", "udi",
        "--from", f"{today.year - 2}-01-01", "--to", f"{today.year}-01-31", "--as-of", str(as_of),
        "--known-at", f"{today.year}-01-15T12:00", "--json",
    ).stdout  # fmt: skip
    db = Database.open(tmp_path / "sandkasse.duckdb")
    choice = WaitingChoice(
        JOURNEY, "MSc", "udi", date(today.year - 2, 1, 1), date(today.year, 1, 31),
        clock.end_of(as_of), datetime(today.year, 1, 15, 11, tzinfo=UTC),
    )  # fmt: skip
    expected = waiting.to_json(
        waiting.division(db, people.OPERATOR, choice),
        waiting.waits(db, people.OPERATOR, choice),
        waiting.trend(db, people.OPERATOR, choice),
    )
    db.close()
    assert json.loads(said) == json.loads(json.dumps(expected))


def test_the_table_names_stages_in_the_chosen_language(filled: Run) -> None:
    assert "Idea bank" in filled("funnel", "--journey", JOURNEY).stdout
    assert "Idébank" in filled("funnel", "--journey", JOURNEY, "--language", "nb").stdout
    assert "Idébank" in filled("funnel", "--journey", JOURNEY, LC_ALL="nb_NO.UTF-8").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("funnel", "--journey", "nowhere"), "There are: "),
        (("funnel", "--journey", JOURNEY, "--as-of", "2999-01-01"), "future"),
        (("funnel", "--journey", JOURNEY, "--level", "none"), "level"),
        (("funnel", "--journey", JOURNEY, "--from", "2026-02-01", "--to", "2026-01-01"), "before"),
        (("waiting", "--journey", "nowhere"), "There are: "),
        (("waiting", "--agency", "nobody"), "agencies"),
        (("demo", "--journey", "nowhere"), ""),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    filled: Run, arguments: tuple[str, ...], said: str
) -> None:
    assert_refused(filled(*arguments), said)


@pytest.mark.parametrize(
    "arguments",
    [
        ("funnel",),
        ("funnel", "--journey", JOURNEY, "--from", "1.2.2026"),
        ("funnel", "--journey", JOURNEY, "--as-of", "yesterday"),
        ("--language", "fr", "check"),
        ("demo", "--ideas", "-1"),
        ("nothing",),
    ],
)
def test_a_command_line_that_cannot_be_read_is_a_usage_error(
    sandkasse: Run, arguments: tuple[str, ...]
) -> None:
    assert_refused(sandkasse(*arguments), "Usage:", code=2)


@pytest.mark.parametrize("command", [("check",), ("journeys",), ("funnel", "--journey", JOURNEY)])
def test_a_database_that_is_not_there_is_not_made_by_looking(
    sandkasse: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert_refused(sandkasse(*command), "There is no database at")
    assert list(tmp_path.iterdir()) == []


def test_wrong_settings_are_named(sandkasse: Run) -> None:
    assert_refused(sandkasse("check", SANDKASSE_THREADS="many"), "SANDKASSE_THREADS")


def test_what_is_wrong_is_listed_and_gives_exit_code_one(filled: Run, tmp_path: Path) -> None:
    db = Database.open(tmp_path / "sandkasse.duckdb")
    with db.transaction() as tx:
        tx.execute("UPDATE idea SET visits = 99 WHERE idea_id = 1")
    db.close()
    done = filled("check")
    assert done.returncode == 1
    assert "Idea 1: Its visits is kept as 99" in done.stdout
    assert "1 thing is wrong: 60 ideas" in done.stdout


def answers(run: Run, *commands: tuple[str, ...]) -> list[Any]:
    done = [run(*command) for command in commands]
    return [(one.returncode, one.stdout, one.stderr) for one in done]


def test_commands_say_the_same_whether_the_app_runs_or_not(
    db: Database, while_running: Run
) -> None:
    past = ("--as-of", "2026-01-01", "--known-at", "2026-01-01")
    commands = [
        ("check",),
        ("check", "--language", "nb"),
        ("journeys",),
        ("funnel", "--journey", JOURNEY, *past),
        ("funnel", "--journey", JOURNEY, *past, "--json"),
        ("funnel", "--journey", JOURNEY, *past, "--language", "nb"),
        ("waiting", *past),
        ("waiting", *past, "--json"),
        ("funnel", "--journey", "nowhere"),
    ]
    asked = answers(while_running, *commands)
    db.close()
    assert answers(while_running, *commands) == asked
    assert [code for code, _said, _complained in asked] == [0, 0, 0, 0, 0, 0, 0, 0, 1]


def test_commands_that_write_are_told_who_has_the_file(while_running: Run) -> None:
    assert_refused(while_running("demo"), f"PID {os.getpid()}")
    assert_refused(while_running("import", "log.csv", "--journey", JOURNEY), f"PID {os.getpid()}")
    assert_refused(while_running("run"), f"PID {os.getpid()}")


def test_all_commands_but_import_restore_and_demo_work_while_the_app_runs() -> None:
    asking = {"backup", *(name.partition(" ")[0] for name in COMMANDS)}
    without_the_database = {"backups", "doctor", "version"}
    every = set(typer.main.get_command(program).commands)
    assert every - asking - without_the_database == {"run", "import", "restore", "demo"}


def test_a_holder_that_answers_nothing_is_named(db: Database, sandkasse: Run) -> None:
    assert_refused(sandkasse("check"), f"PID {os.getpid()}")


LOG = """idea;stage;occurred_at;title
A;idea-bank;2026-01-05;Ice sensors
A;clarification;2026-02-05;
B;idea-bank;2026-01-06;Nets of hemp
B;declined;2026-03-01;
"""
MATTERS = """idea;matter;agency;event;occurred_at;outcome
A;VAT;skatteetaten;sent;2026-02-10;
A;VAT;skatteetaten;decided;2026-02-15;answered
"""
FAULTY = LOG + "C;idea-bank;2026-01-07;Sound\nD;nowhere;2026-01-07;\nE;idea-bank;soon;\n"


def written(folder: Path, content: str) -> str:
    (folder / "log.csv").write_text(content)
    return "log.csv"


def test_a_log_is_loaded_once(sandkasse: Run, tmp_path: Path) -> None:
    log = written(tmp_path, LOG)
    assert sandkasse("import", log, "--journey", JOURNEY).stdout == "2 new ideas\n4 rows added\n"
    again = sandkasse("import", log, "--journey", JOURNEY)
    assert again.stdout == "4 rows were there before\n"
    figure = json.loads(sandkasse("funnel", "--journey", JOURNEY, "--json").stdout)
    assert [stage["reached"] for stage in figure["stages"]][:3] == [2, 1, 0]
    assert sandkasse("check").returncode == 0


def test_a_log_of_touchpoints_is_loaded_once(sandkasse: Run, tmp_path: Path) -> None:
    sandkasse("import", written(tmp_path, LOG), "--journey", JOURNEY)
    log = written(tmp_path, MATTERS)
    done = sandkasse("import", log, "--journey", JOURNEY, "--touchpoints")
    assert done.stdout == "1 new matter\n2 rows added\n"
    again = sandkasse("import", log, "--journey", JOURNEY, "--touchpoints")
    assert again.stdout == "2 rows were there before\n"
    assert sandkasse("check").returncode == 0
    faulty = written(tmp_path, MATTERS + "A;VAT;skatteetaten;answer;2026-02-20;\n")
    refused = sandkasse("import", faulty, "--journey", JOURNEY, "--touchpoints")
    assert_refused(refused, "row 4: ")


def test_every_faulty_row_is_listed_and_nothing_is_loaded(sandkasse: Run, tmp_path: Path) -> None:
    done = sandkasse("import", written(tmp_path, FAULTY), "--journey", JOURNEY)
    assert_refused(done, "row 7: ")
    assert "row 8: " in done.stderr
    assert sandkasse("check").stdout == "Nothing wrong: 0 ideas, 0 ledger rows\n"


def test_sound_ideas_are_loaded_and_the_rest_put_aside_when_asked(
    sandkasse: Run, tmp_path: Path
) -> None:
    done = sandkasse("import", written(tmp_path, FAULTY), "--journey", JOURNEY,
                     "--skip-invalid", "rejects.csv")  # fmt: skip
    assert done.stdout.splitlines()[0] == "3 new ideas"
    assert "2 ideas rejected" in done.stdout
    assert "nowhere" in (tmp_path / "rejects.csv").read_text()


def test_a_journey_of_ones_own_comes_with_its_log(sandkasse: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'id = "own"\nname = "Own"\n'
        '[[stages]]\nid = "begin"\nname = "Begin"\n[[stages]]\nid = "end"\nname = "End"\n'
        '[[exits]]\nid = "out"\nkind = "closed"\nname = "Out"\n'
    )
    log = written(tmp_path, "idea,stage,occurred_at\n1,begin,2026-01-05\n1,end,2026-02-05\n")
    done = sandkasse("import", log, "--journey", "own", "--journey-file", "own.toml")
    assert done.stdout == "1 new idea\n2 rows added\n"
    assert "own" in sandkasse("journeys").stdout


def test_an_export_is_written_whether_the_app_runs_or_not(
    db: Database, while_running: Run, tmp_path: Path
) -> None:
    command = ("export", "out", "--format", "csv", "--event-log", "events.csv")
    first = while_running(*command)
    assert first.returncode == 0, first.stderr
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert str(tmp_path / "out" / "README.md") in first.stdout.splitlines()
    assert (tmp_path / "events.csv").read_text().startswith("case:concept:name")
    db.close()
    second = while_running(*command)
    assert second.stdout == first.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(files)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export",), 2),
        (("export", "out", "--format", "xlsx"), 2),
        (("export", "out", "--journey", JOURNEY), 2),
        (("export", "--event-log", "events.csv", "--journey", "nowhere"), 1),
        (("export", "/proc/no/such"), 1),
        (("import", "missing.csv", "--journey", JOURNEY), 1),
        (("import", ".", "--journey", JOURNEY), 1),
        (("import", "missing.csv"), 2),
    ],
)
def test_what_cannot_be_carried_in_or_out_is_said(
    filled: Run, arguments: tuple[str, ...], code: int
) -> None:
    assert_refused(filled(*arguments), "", code)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["check", "--language", "nb"], ["--language", "nb", "check"]),
        (["check", "--language=nb", "x"], ["--language=nb", "check", "x"]),
        (["import", "--", "--language"], ["import", "--", "--language"]),
        (["check"], ["check"]),
        (["check", "--language"], ["--language", "check"]),
    ],
)
def test_the_language_may_be_chosen_anywhere(words: list[str], expected: list[str]) -> None:
    assert given.language_first(words) == expected


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "nb_NO.UTF-8"}, "nb"),
        ({"LANG": "nn_NO.UTF-8", "LC_ALL": ""}, "nb"),
        ({"LANG": "nb_NO.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_environment(environment: dict[str, str], language: str) -> None:
    assert given.language_of(environment) == language


def test_a_day_means_its_end_in_oslo_and_today_means_now() -> None:
    assert given.moment("2026-07-01") == datetime(2026, 7, 1, 21, 59, 59, 999999, tzinfo=UTC)
    assert given.moment(clock.today().isoformat()) <= clock.now()
    assert given.moment("2026-07-01T12:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert given.moment("2026-07-01T12:00Z") == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "1.7.2026", "2026-13-01", "2026-07-01 25:00", "now"])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        given.moment(text)


def test_the_registers_news_are_read_while_the_app_runs_or_not(
    db: Database, cast: Cast, sandkasse: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with register() as held:
        with Client(held.url) as client:
            registry.join(db, cast.student, submitted(db, cast.student), FOUND, client)
        held.updates = [(7, FOUND)]
        monkeypatch.setenv("SANDKASSE_REGISTRY", held.url)
        config.settings.cache_clear()
        server = serve_socket(db)
        running = sandkasse("registry", "refresh", "--json", SANDKASSE_REGISTRY=held.url)
        server.stop()
        db.close()
        stopped = sandkasse("registry", "refresh", SANDKASSE_REGISTRY=held.url)
    config.settings.cache_clear()
    assert json.loads(running.stdout) == {"followed": 1, "read": 1, "cursor": 7}
    assert "1 company is followed; 0 read anew." in stopped.stdout


def test_how_many_companies_live_on_is_printed_with_the_rate_of_all(filled: Run) -> None:
    done = filled("survival", "--json")
    assert [one["years"] for one in json.loads(done.stdout)["figure"]] == [1, 3, 5]
    assert "44%" in filled("survival").stdout


def test_seats_are_told_as_json_and_in_words(sandkasse: Run, tmp_path: Path) -> None:
    sandkasse("demo", "--ideas", "0")
    table = tmp_path / "positions.csv"
    table.write_text(
        "position,agency,title,seats,hours,from,to,occurred_at\n"
        "T,skatteetaten,T,2,7.5,2026-01-05,2026-02-01,2025-12-01\n"
    )
    assert "1 new position" in sandkasse("import", str(table), "--positions").stdout
    log = tmp_path / "applications.csv"
    log.write_text("position,application,event,occurred_at\nT,A,received,2025-12-05\n")
    assert "1 new application" in sandkasse("import", str(log), "--applications").stdout
    figure = json.loads(sandkasse("seats", "--json", "--as-of", "2026-02-01").stdout)
    assert figure["coverage"]["planned_weeks"] == 8
    assert figure["coverage"]["coverage"] == 0
    assert "seat-weeks" in sandkasse("seats").stdout
    assert_refused(sandkasse("seats", "--agency", "nowhere"), "agencies in the list")


def test_minutes_writes_the_papers_of_a_meeting_by_the_running_app(
    while_running: Run, db: Database, cast: Cast, tmp_path: Path
) -> None:
    meeting_id = called(db, cast.lead)
    done = while_running("minutes", str(meeting_id), "-o", "papers", "--language", "nb")
    assert done.returncode == 0, done.stderr
    written = sorted((tmp_path / "papers").iterdir())
    assert sorted(map(Path, done.stdout.splitlines())) == written
    assert [path.name.split("-outside-nb-")[1] for path in written] == [
        "agenda.docx", "figures.pptx", "figures.xlsx", "meeting.ics", "minutes.docx",
    ]  # fmt: skip
    paragraphs = Document(str(written[-1])).paragraphs
    assert paragraphs[0].text == "Referat: Service development"


def test_minutes_of_no_meeting_are_refused_and_make_no_folder(
    while_running: Run, tmp_path: Path
) -> None:
    assert_refused(while_running("minutes", "99", "-o", "papers"), "There is no such meeting.")
    assert not (tmp_path / "papers").exists()
