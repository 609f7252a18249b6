"""No secret stands in the repository, in a message about settings, or in how settings look."""

import re
import subprocess
from pathlib import Path

import pytest

from sandkasse import config
from sandkasse.config import PROJECT_FOLDER
from sandkasse.errors import NotConfigured

SECRET = "zebra-secret-1234567890"  # noqa: S105

#: What keys and passwords look like. A placeholder stands in angle brackets or is empty.
PATTERNS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a key of a cloud": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a code host": re.compile(r"\b(gh[pousr]_[0-9A-Za-z]{36}|glpat-[0-9A-Za-z_-]{20})"),
    "a token of a chat": re.compile(r"\bxox[abprs]-[0-9A-Za-z-]{10,}"),
    "a signed token": re.compile(r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\."),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@<>{}\"']+:[^/\s:@<>{}\"']+@"),
    "a value of a secret setting": re.compile(
        r"(?im)^\s*(?:SANDKASSE_SMTP_PASSWORD|client_secret|cookie_secret)\s*[=:]\s*[\"']?"
        r"(?![\"'<\s]|$)[^\s\"'<]{6,}"
    ),
}  # fmt: skip


def tracked() -> list[Path]:
    """Every text file in the repository."""
    told = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT_FOLDER, capture_output=True, check=True
    ).stdout.decode()
    files = [PROJECT_FOLDER / name for name in told.split("\0") if name]
    binary = {".png", ".gz", ".parquet", ".duckdb", ".pdf", ".zip"}
    return [file for file in files if file.suffix not in binary and file.is_file()]


def held_by(file: Path) -> list[str]:
    """What kinds of secret a file seems to hold. Tests make up settings that nobody has."""
    found = set(found_in(file.read_text("utf-8")))
    made_up = {"a value of a secret setting"} if "tests" in file.parts else set()
    return sorted(found - made_up)


def found_in(text: str) -> list[str]:
    """What kinds of secret a text seems to hold."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]


@pytest.mark.skipif(not (PROJECT_FOLDER / ".git").exists(), reason="not a working copy")
def test_no_tracked_file_holds_a_secret() -> None:
    held = {str(file): held_by(file) for file in tracked()}
    assert len(held) > 300
    assert {name: kinds for name, kinds in held.items() if kinds} == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "a1B2" * 9,
        "https://user:" + "hunter22@host.example/x",
        "client_secret" + ' = "a1b2c3d4e5f6"',
        "SANDKASSE_SMTP_PASSWORD" + "=hunter2222",
    ],
)
def test_the_patterns_find_what_they_are_for(text: str) -> None:
    assert len(found_in(text)) == 1


@pytest.mark.skipif(not (PROJECT_FOLDER / ".git").exists(), reason="not a working copy")
def test_files_with_secrets_are_ignored() -> None:
    for name in (".streamlit/secrets.toml", "data/sandkasse.duckdb", "data/sandkasse.duckdb.wal"):
        asked = subprocess.run(["git", "check-ignore", "-q", name], cwd=PROJECT_FOLDER)
        assert asked.returncode == 0, name


@pytest.mark.parametrize(
    "name",
    [
        "PORT", "THREADS", "MEMORY", "SMTP_PORT", "SMTP_TLS", "LOG_LEVEL", "LOG_FORMAT",
        "METRICS_PORT", "STATEMENT", "DEMO_IDEAS", "SUBMISSIONS_AN_HOUR",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SANDKASSE_SMTP_PASSWORD", SECRET)
    monkeypatch.setenv(f"SANDKASSE_{name}", SECRET)
    with pytest.raises(NotConfigured, match=f"SANDKASSE_{name}: ") as refused:
        config.load()
    assert SECRET not in str(refused.value)
    assert refused.value.__suppress_context__
    assert SECRET not in repr(refused.value)


def test_a_secret_does_not_show_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDKASSE_SMTP_PASSWORD", SECRET)
    found = config.load()
    assert found.smtp_password.get_secret_value() == SECRET
    assert SECRET not in f"{found!r} {found} {found.model_dump()} {found.model_dump_json()}"


@pytest.mark.parametrize(
    "content",
    [
        f'[auth]\nclient_secret = "{SECRET}',
        f"[auth]\nclient_secret = {SECRET}",
        f'[auth]\nclient_secret = "{SECRET}"\nclient_secret = "{SECRET}"',
        f'[auth]\nclient_secret = "\\q{SECRET}"',
        f'[auth]\n"{SECRET}" "{SECRET}"',
    ],
)
def test_a_faulty_secrets_file_is_told_of_without_what_it_holds(
    tmp_path: Path, content: str
) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(content, "utf-8")
    with pytest.raises(NotConfigured, match="is not valid TOML") as refused:
        config.auth_configured(file)
    assert SECRET not in str(refused.value)
