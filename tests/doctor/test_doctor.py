"""``sandkasse doctor``: each thing that can be wrong is found, and what is right is not."""

import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine

from sandkasse import cli, clock, config, doctor, i18n
from sandkasse.config import Settings
from sandkasse.database import Database
from sandkasse.doctor import State, machine
from sandkasse.local_socket import serve_socket
from sandkasse.sign_in import discovery
from tests.backup.conftest import made
from tests.sign_in import provider as loopback

SECRETS = """
[auth]
redirect_uri = "https://sandkasse.example/oauth2callback"
cookie_secret = "kR8-vQ2_mZ7xT1pLw9dYc4sBn6hJf3gA"
expose_tokens = ["access"]
[auth.feide]
client_id = "id"
client_secret = "secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid profile email userid-feide groups-org" }}
"""

RULES = """
[providers.feide]
label = "Feide"
extended_userinfo = "https://feide.example/userinfo"
affiliations = ["student"]
[[rules]]
provider = "feide"
affiliation = "student"
realm = "uit.no"
role = "student"
"""


@pytest.fixture(scope="module")
def server():
    """A provider."""
    with loopback.served("feide") as running:
        yield running


@pytest.fixture
def feide(server):
    """The provider, sound."""
    discovery.forget()
    found = server.providers["feide"]
    found.faults, found.pkce = {}, True
    return found


@pytest.fixture
def house(tmp_path: Path, prepared: Path, feide):
    """A server that is as it should be, but for mail and backups, and ways to change it."""
    secrets, rules = tmp_path / "secrets.toml", tmp_path / "sign_in.toml"
    secrets.write_text(SECRETS.format(issuer=feide.issuer), "utf-8")
    secrets.chmod(0o600)
    rules.write_text(RULES, "utf-8")
    shutil.copyfile(prepared, tmp_path / "house.duckdb")

    def examined(**changes) -> list[doctor.Finding]:
        backups = changes.pop("backups", None)
        settings = {
            "database": tmp_path / "house.duckdb", "secrets": secrets, "sign_in": rules,
            "leads": "feide|1", "web_address": "https://sandkasse.example",
        }  # fmt: skip
        return doctor.examine(Settings(**{**settings, **changes}), backups)

    def rewritten(file: Path, before: str, after: str) -> None:
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after), "utf-8")

    return SimpleNamespace(
        examined=examined, secrets=secrets, rules=rules, folder=tmp_path,
        change=lambda before, after: rewritten(secrets, before, after),
        rule=lambda before, after: rewritten(rules, before, after),
    )  # fmt: skip


def wrong(found):
    """What is wrong, in words."""
    return [one.told for one in found if one.state is State.WRONG]


def told(found, state):
    """All that stands so, as one text."""
    return "\n".join(f"{one.told} {one.advice}" for one in found if one.state is state)


def test_a_sound_house_has_nothing_wrong(house):
    found = house.examined()
    assert wrong(found) == []
    assert {one.check for one in found if one.state is State.LOOK} == {"mail", "backups"}


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("https://sandkasse.example/oauth2callback", "<host>", "redirect_uri is not filled in"),
        ("/oauth2callback", "/callback", "does not end in /oauth2callback"),
        ("https://sandkasse.example", "http://sandkasse.example", "begins with http://"),
        ("kR8-vQ2_mZ7xT1pLw9dYc4sBn6hJf3gA", "short", "cookie_secret"),
        ("kR8-vQ2_mZ7xT1pLw9dYc4sBn6hJf3gA", "a" * 40, "cookie_secret"),
        ("kR8-vQ2_mZ7xT1pLw9dYc4sBn6hJf3gA", "<at least 32 random letters>......", "cookie_secret"),
        ("auth.feide", "auth.fei_de", "underscore"),
        ('client_secret = "secret"', "", "lacks client_secret"),
        ('"secret"', '"<secret>"', "lacks client_secret"),
        ('scope = "openid', 'acr_values = "high", scope = "openid', "acr_values in client_kwargs"),
        ('scope = "openid ', 'scope = "', "lacks openid"),
        ("groups-org", "", "lacks groups-org"),
        ('expose_tokens = ["access"]', "", "cannot be asked for"),
        ("[auth]", "[auth", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_secrets_file_is_found(house, before, after, message):
    house.change(before, after)
    assert any(message in one for one in wrong(house.examined()))


def test_everybodys_tenants_are_refused(house):
    with house.secrets.open("a", encoding="utf-8") as file:
        file.write(
            '[auth.entra]\nclient_id = "i"\nclient_secret = "s"\nserver_metadata_url = '
            '"https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"\n'
        )
    assert "all organisations" in told(house.examined(), State.WRONG)


def test_a_secrets_file_that_others_can_read_is_found_with_the_command_that_helps(house):
    house.secrets.chmod(0o644)
    assert f"chmod 600 {house.secrets}" in told(house.examined(), State.WRONG)


def test_without_a_secrets_file_it_is_a_demonstration(house):
    house.secrets.unlink()
    found = house.examined()
    assert wrong(found) == []
    assert "demonstration" in told(found, State.LOOK)
    assert "by anybody" in told(house.examined(address="0.0.0.0"), State.WRONG)  # noqa: S104


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ({".well-known/openid-configuration": 503}, "answered something we cannot use"),
        ({".well-known/openid-configuration": "garbage"}, "answered something we cannot use"),
        ({"says_issuer": "https://other.example"}, "calls itself https://other.example"),
    ],
)
def test_what_a_provider_says_of_itself_is_looked_at(house, feide, faults, message):
    feide.faults = faults
    assert message in told(house.examined(), State.WRONG)


def test_a_provider_without_pkce_is_worth_a_look(house, feide):
    feide.pkce = False
    assert "PKCE" in told(house.examined(), State.LOOK)


def test_a_provider_that_is_not_there_is_found(house, feide):
    house.change(feide.issuer, "http://localhost:9")
    assert "does not answer" in told(house.examined(), State.WRONG)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('role = "student"', 'role = "lead"', "SANDKASSE_LEADS"),
        ('provider = "feide"', 'provider = "x"', "no section for the provider x"),
    ],
)
def test_faulty_rules_are_found_and_the_rest_is_looked_at_all_the_same(
    house, before, after, message
):
    house.rule(before, after)
    house.change("/oauth2callback", "/callback")
    found = told(house.examined(), State.WRONG)
    assert message in found
    assert "redirect_uri" in found


def test_rules_that_let_in_too_many_are_worth_a_look(house):
    house.rule('realm = "uit.no"\nrole = "student"', 'role = "mentor"')
    found = told(house.examined(leads=""), State.LOOK)
    assert "mentors see every idea" in found
    assert "names no realm" in found
    assert "SANDKASSE_LEADS names nobody" in found


def test_links_in_mail_have_to_go_where_people_sign_in(house):
    found = house.examined(web_address="http://localhost:8501")
    assert "Links in mail go to http://localhost:8501" in told(found, State.WRONG)


def test_a_database_that_an_app_has_is_asked_for_over_its_socket(house):
    path = house.folder / "house.duckdb"
    with closing(Database.open(path)) as db:
        server = serve_socket(db)
        try:
            found = house.examined()
        finally:
            server.stop()
    assert "open, and answers" in told(found, State.FINE)


def test_what_is_no_database_is_found_and_left_as_it_is(house):
    path = house.folder / "house.duckdb"
    path.write_bytes(b"nothing of ours" * 1_000)
    before = path.read_bytes()
    assert str(path) in told(house.examined(), State.WRONG)
    assert path.read_bytes() == before


def test_looking_changes_nothing_on_the_disk(house):
    before = {file.name: file.read_bytes() for file in house.folder.iterdir() if file.is_file()}
    house.examined()
    assert {
        file.name: file.read_bytes() for file in house.folder.iterdir() if file.is_file()
    } == before


def test_a_database_with_synthetic_people_cannot_be_signed_in_to(house):
    path = house.folder / "house.duckdb"
    with closing(Database.open(path)) as db, db.transaction() as tx:
        tx.execute("INSERT INTO fact (name, value) VALUES ('origin', 'demo')")
    assert "synthetic people" in told(house.examined(), State.WRONG)


def test_a_journey_that_cannot_be_used_is_found(house):
    journeys = house.folder / "journeys"
    journeys.mkdir()
    (journeys / "broken.toml").write_text("id = 3", "utf-8")
    assert "broken.toml" in told(house.examined(journeys=journeys), State.WRONG)


def test_a_mail_server_that_is_not_there_is_found(house):
    found = told(house.examined(smtp_host="localhost", smtp_port=9), State.WRONG)
    assert "localhost:9" in found


@pytest.mark.parametrize(("days", "state"), [(0.5, State.FINE), (2, State.LOOK), (8, State.WRONG)])
def test_the_age_of_the_newest_backup_is_told(house, days, state):
    folder = house.folder / "backups"
    with time_machine.travel(clock.now() - timedelta(days=days)):
        made(house.folder / "house.duckdb", folder)
    found = house.examined(backups=folder)
    assert [one.state for one in found if one.check == "backups"] == [state]


def test_a_folder_without_a_backup_is_wrong(house):
    (house.folder / "backups").mkdir()
    found = house.examined(backups=house.folder / "backups")
    assert "no whole backup" in told(found, State.WRONG)


def test_too_little_room_is_told(house, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=10**7))
    assert "9 MB are free" in told(house.examined(), State.WRONG)


def test_the_command_says_it_in_each_language_and_with_an_exit_code(house, capsys, monkeypatch):
    house.change("/oauth2callback", "/callback")
    monkeypatch.setenv("SANDKASSE_SECRETS", str(house.secrets))
    monkeypatch.setenv("SANDKASSE_SIGN_IN", str(house.rules))
    monkeypatch.setenv("SANDKASSE_DATABASE", str(house.folder / "house.duckdb"))
    config.settings.cache_clear()
    for language, sentence in (
        ("en", "WRONG redirect_uri does not end in /oauth2callback."),
        ("nb", "FEIL redirect_uri slutter ikke på /oauth2callback."),
    ):
        monkeypatch.setattr("sys.argv", ["sandkasse", "doctor", "--language", language])
        with i18n.in_language(language), pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 1
        assert sentence in [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    monkeypatch.setattr("sys.argv", ["sandkasse", "doctor", "--json"])
    with pytest.raises(SystemExit):
        cli.main()
    printed = json.loads(capsys.readouterr().out)
    assert {"check", "state", "told", "advice"} == set(printed[0])
    config.settings.cache_clear()
