"""Settings, from environment variables (``SANDKASSE_…``) and ``.streamlit/secrets.toml``."""

import tomllib
from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sandkasse.errors import NotConfigured
from sandkasse.i18n import _

PROJECT_FOLDER = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What whoever runs the server can decide. Each field is an environment variable."""

    # What is wrong is told without the value, which may be a secret.
    model_config = SettingsConfigDict(
        env_prefix="SANDKASSE_", extra="ignore", hide_input_in_errors=True
    )

    database: Path = Field(
        default=PROJECT_FOLDER / "data" / "sandkasse.duckdb",
        description="The database file.",
    )
    journeys: Path = Field(
        default=PROJECT_FOLDER / "data" / "journeys",
        description="The folder with the journeys' TOML files.",
    )
    secrets: Path = Field(
        default=PROJECT_FOLDER / ".streamlit" / "secrets.toml",
        description="Streamlit's secrets file; its [auth] section switches sign-in on.",
    )
    address: str = Field(
        default="localhost",
        description="The address to listen on. Demo mode is for this machine only by default.",
    )
    port: int = Field(default=8501, ge=1, le=65535, description="The port to listen on.")
    proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Proxies on other machines, by address or network, whose word of visitors' "
        "addresses and of TLS is believed.",
    )
    leads: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Who is a lead from the first sign-in: subjects or e-mail addresses, by comma.",
    )
    sign_in: Path = Field(
        default=PROJECT_FOLDER / "data" / "sign_in.toml",
        description="Who gets in when signing in, as what, and for how long.",
    )
    memory: str = Field(
        default="256MB", pattern=r"^\d+(MB|GB)$", description="DuckDB's memory limit."
    )
    threads: int = Field(default=2, ge=1, le=64, description="DuckDB's number of threads.")
    registry: str = Field(
        default="https://data.brreg.no/enhetsregisteret/api",
        description="The address of Enhetsregisteret's open API.",
    )
    smtp_host: str = Field(default="", description="The mail server; without it no mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The mail server's port.")
    smtp_user: str = Field(default="", description="Who to sign in as there; empty: nobody.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password for that.")
    smtp_from: str = Field(
        default="sandkasse@localhost", description="The address that mail comes from."
    )
    smtp_tls: bool = Field(default=True, description="Whether to encrypt with STARTTLS.")
    web_address: str = Field(
        default="http://localhost:8501", description="Where people reach the app: links begin so."
    )
    demo_ideas: int = Field(
        default=160, ge=0, description="How many synthetic ideas an empty demo gets."
    )

    submissions_an_hour: int = Field(
        default=20, ge=1, description="Ideas, applications and matters by one person in an hour."
    )
    comments_an_hour: int = Field(
        default=60, ge=1, description="Comments by one person in an hour."
    )
    lookups_an_hour: int = Field(
        default=30, ge=1, description="Look-ups of companies by one person in an hour."
    )
    downloads_an_hour: int = Field(
        default=60, ge=1, description="Papers, tables and exports made for one person in an hour."
    )
    writes_an_hour: int = Field(
        default=1_000, ge=1, description="Changes of any kind by one person in an hour."
    )
    backups: Path | None = Field(
        default=None, description="The folder of backups: the newest one's age is measured."
    )
    contact: str = Field(
        default="", max_length=200, description="Whom people write to when something is wrong."
    )
    statement: str = Field(
        default="",
        max_length=500,
        pattern=r"^(https://[^\s<>\"()\[\]]+)?$",
        description="The address of the accessibility statement in uustatus.no.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How bad an event must be to be logged."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="An event a line, as words or as JSON."
    )
    metrics_port: int = Field(
        default=0, ge=0, le=65535, description="Measurements, on this machine alone; 0: none."
    )

    @field_validator("leads", "proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ip_network(one)) for one in value)

    @property
    def hourly(self) -> dict[str, int]:
        """How often one person may do what within an hour, by the kinds of ``limits``."""
        return {
            "submissions": self.submissions_an_hour,
            "comments": self.comments_an_hour,
            "lookups": self.lookups_an_hour,
            "downloads": self.downloads_an_hour,
            "writes": self.writes_an_hour,
        }


@cache
def settings() -> Settings:
    """The settings of this process.

    :raises NotConfigured: naming each setting that is wrong.
    """
    return load()


def load() -> Settings:
    """Read the settings anew (tests and the command line use this)."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"SANDKASSE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise NotConfigured(
            _("The settings are not right: {faults}").format(faults=faults)
        ) from None


def auth_configured(secrets: Path | None = None) -> bool:
    """Whether the secrets file has an ``[auth]`` section, which switches demo mode off.

    :raises NotConfigured: when the file cannot be read as TOML.
    """
    return auth_section(secrets) is not None


def auth_section(secrets: Path | None = None) -> dict[str, Any] | None:
    """The ``[auth]`` section of the secrets file; None where there is none.

    :raises NotConfigured: when the file cannot be read as TOML.
    """
    path = secrets or settings().secrets
    if not path.exists():
        return None
    try:
        with path.open("rb") as file:
            section = tomllib.load(file).get("auth")
            return section if isinstance(section, dict) or section is None else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotConfigured(
            _("{file} is not valid TOML: {reason}").format(file=path, reason=error)
        ) from None
