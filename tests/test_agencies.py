"""The agencies' reference file."""

from pathlib import Path

import pytest

from sandkasse import agencies, start
from sandkasse.agencies import Agency
from sandkasse.database import Database
from sandkasse.errors import NotConfigured
from sandkasse.journeys import Text

TAX = '[[agencies]]\nid = "tax"\nname = { nb = "Skatt", en = "Tax" }\norgnr = "974761076"\n'
NAV = '[[agencies]]\nid = "nav"\nname = { nb = "NAV", en = "NAV" }\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agencies.toml"


def test_the_shipped_agencies_are_the_pilots_fourteen(db: Database) -> None:
    listed = agencies.listed(db)
    assert [agency.id for agency in listed] == [
        "narvik-kommune", "bronnoysundregistrene", "nav", "nve", "politiet", "skatteetaten", "udi",
        "uit", "statsforvalteren", "fylkeskommunen", "bufdir", "mattilsynet", "vegvesenet", "imdi",
    ]  # fmt: skip
    assert all(agency.name.nb and agency.name.en for agency in listed)
    assert len({agency.orgnr for agency in listed}) == 14


def test_a_changed_file_changes_names_and_order_and_loses_nobody(
    tmp_path: Path, file: Path
) -> None:
    db = Database.open(tmp_path / "a.duckdb")
    file.write_text(TAX + NAV)
    agencies.sync(db, file)
    assert agencies.listed(db) == [
        Agency("tax", Text(nb="Skatt", en="Tax"), "974761076"),
        Agency("nav", Text(nb="NAV", en="NAV")),
    ]
    file.write_text(NAV.replace('en = "NAV"', 'en = "Welfare"'))
    agencies.sync(db, file)
    assert [(one.id, one.name.en) for one in agencies.listed(db)] == [
        ("nav", "Welfare"),
        ("tax", "Tax"),
    ]
    db.close()


def test_an_unchanged_file_writes_nothing(db: Database) -> None:
    before = db.version
    agencies.sync(db, start.AGENCIES_FILE)
    assert db.version == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("agencies = ", "Invalid value"),
        ("", "'agencies' is missing"),
        ('[[agencies]]\nid = "tax"\n', "'name' is missing"),
        ('[[agencies]]\nid = "tax"\nname = { nb = "Skatt" }\n', "'en' is missing"),
        (TAX + TAX, "tax is there more than once"),
        (TAX + 'website = "javascript:alert(1)"', "javascript:alert(1) is not a web address"),
        (
            TAX
            + '[[agencies.help]]\nnb = "a"\nen = "a"\nsource = "https://a.no"\nchecked = "soon"',
            "soon is not a date",
        ),
        (
            TAX.replace("974761076", "974761077"),
            "077 is not an organisation number",
        ),
    ],
)
def test_a_faulty_file_is_refused_by_name(file: Path, content: str, said: str) -> None:
    file.write_text(content)
    with pytest.raises(NotConfigured) as refusal:
        agencies.load(file)
    assert said in refusal.value.message
    assert str(file) in refusal.value.message


def test_a_missing_file_is_refused_by_name(file: Path) -> None:
    with pytest.raises(NotConfigured, match=r"agencies\.toml"):
        agencies.load(file)


def test_every_sentence_of_the_shipped_file_has_a_source_and_a_day(db: Database) -> None:
    listed = agencies.listed(db)
    helped = [one for agency in listed for one in agency.help]
    assert len(helped) > 20
    assert all(one.text.nb and one.text.en and one.checked for one in helped)
    assert all(one.source.startswith(("https://", "http://")) for one in helped)
    assert [agency.id for agency in listed if not agency.help] == ["bufdir"]


def test_who_took_no_active_part_is_told_with_its_date(db: Database) -> None:
    passive = [agency for agency in agencies.listed(db) if not agency.active]
    assert [agency.id for agency in passive] == ["bufdir", "mattilsynet", "vegvesenet", "imdi"]
    for agency in passive:
        assert "22. desember 2022" in agency.note.nb
        assert "22 December 2022" in agency.note.en


def test_what_an_agency_does_comes_back_from_the_database_as_it_is_in_the_file(
    db: Database,
) -> None:
    assert agencies.listed(db) == agencies.load(start.AGENCIES_FILE)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("brøn", ["bronnoysundregistrene"]),
        ("self driv", ["vegvesenet"]),
        ("sk", ["skatteetaten"]),
        ("zzz", []),
    ],
)
def test_agencies_are_found_by_the_beginnings_of_words(
    db: Database, query: str, ids: list[str]
) -> None:
    assert [one.id for one in agencies.matching(agencies.listed(db), query)] == ids
