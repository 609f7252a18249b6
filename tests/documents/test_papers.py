"""All papers together: which there are, in a zip, rendered, and for whom."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from icalendar import Calendar

from sandkasse import clock, meetings, number_receipts
from sandkasse.documents import papers, reviewed
from sandkasse.documents.audience import Audience
from sandkasse.errors import Invalid, NotAllowed
from sandkasse.figures import Choice
from tests.builders import JOURNEY
from tests.documents.conftest import UNSHARED, Held

PROJECT, OUTSIDE = Audience.PROJECT, Audience.OUTSIDE


def test_a_zip_holds_each_paper_once_under_a_name_that_says_for_whom(held: Held) -> None:
    made = papers.papers(held.db, held.cast.lead, held.meeting_id, only=["agenda.docx",
                                                                        "meeting.ics"])  # fmt: skip
    packed = zipfile.ZipFile(io.BytesIO(papers.packed(made)))
    day = meetings.get(held.db, held.cast.lead, held.meeting_id).starts_at
    assert packed.namelist() == [
        f"service-development-{day:%Y-%m-%d}-outside-en-agenda.docx",
        f"service-development-{day:%Y-%m-%d}-outside-en-meeting.ics",
    ]
    assert packed.testzip() is None


def test_the_calendar_has_the_meeting_and_open_actions(held: Held) -> None:
    found = Calendar.from_ical(held.papers(PROJECT)["meeting.ics"]).walk("VEVENT")
    meeting = meetings.get(held.db, held.cast.lead, held.meeting_id)
    first, action = found
    assert first["dtstart"].dt == meeting.starts_at.replace(microsecond=0)
    assert (first["summary"], first["location"]) == ("Service development", "Campus Narvik")
    assert action["summary"] == "At the latest: Call the harbour (Mari Mentor)"
    assert (action["dtstart"].dt - clock.today()).days == 9
    _first, outside = Calendar.from_ical(held.papers(OUTSIDE)["meeting.ics"]).walk("VEVENT")
    assert outside["summary"] == "At the latest: Call the harbour"


def test_a_meeting_that_froze_nothing_gets_the_figures_of_now_with_receipts(held: Held) -> None:
    meeting = meetings.get(held.db, held.cast.member, held.unfrozen)
    review = reviewed.of_meeting(held.db, held.cast.member, meeting, OUTSIDE)
    assert review.frozen is None
    for shown in review.exhibits:
        for _words, code in shown.codes:
            number_receipts.find(held.db, held.cast.lead, code)
    assert all(shown.as_of <= clock.now() for shown in review.exhibits)


def test_one_view_is_written_with_its_receipt(held: Held) -> None:
    for kind in ("activity", "trend", "paths", "cohort", "forecast"):
        for audience in Audience:
            (shown,) = reviewed.of_view(held.db, held.cast.mentor, kind, Choice(JOURNEY), audience)
            assert number_receipts.find(held.db, held.cast.mentor, shown.codes[0][1]).kind == kind
    with pytest.raises(Invalid):
        reviewed.of_view(held.db, held.cast.mentor, "weather", Choice(JOURNEY), OUTSIDE)
    with pytest.raises(NotAllowed):
        reviewed.of_view(held.db, held.cast.student, "cohort", Choice(JOURNEY), OUTSIDE)


@pytest.mark.parametrize("who", ["student", "stranger", "nobody"])
def test_papers_with_figures_are_refused_to_others(held: Held, who: str) -> None:
    with pytest.raises(NotAllowed):
        papers.papers(held.db, getattr(held.cast, who), held.meeting_id)


def test_no_file_for_people_outside_holds_an_unpublished_title(held: Held) -> None:
    for language in ("nb", "en"):
        for kind, file in held.papers(OUTSIDE, language).items():
            if kind.endswith("ics"):
                assert UNSHARED.encode() not in file
                continue
            with zipfile.ZipFile(io.BytesIO(file)) as parts:
                for name in parts.namelist():
                    assert UNSHARED.encode() not in parts.read(name), (kind, name)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_renders_every_document(held: Held, tmp_path: Path) -> None:
    files = {
        name: file for name, file in held.papers(PROJECT, "nb").items() if not name.endswith("ics")
    }
    for name, file in files.items():
        (tmp_path / f"{name.replace('.', '-')}.{name[-4:]}").write_bytes(file)
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, tmp_path.glob("*-*.*x"))],
        capture_output=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    pages = {
        path.stem: len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))
        for path in tmp_path.glob("*.pdf")
    }
    assert pages.keys() == {name.replace(".", "-") for name in files}
    assert pages["figures-pptx"] == 8
    assert all(pages.values())
