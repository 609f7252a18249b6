"""Settings, from environment variables (``SANDKASSE_…``) and ``.streamlit/secrets.toml``."""

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from sandkasse.errors import NotConfigured
from sandkasse.i18n import _

PROJECT_FOLDER = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What whoever runs the server can decide. Each field is an environment variable."""

    model_config = SettingsConfigDict(env_prefix="SANDKASSE_", extra="ignore")

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

    @field_validator("leads", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


@cache
def settings() -> Settings:
    """The settings of this process.

    :raises NotConfigured: naming each setting that is wrong.
    """
    return load()


def load() -> Settings:
    """Read the settings anew (tests and the command line use this)."""
    try:
        found = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"SANDKASSE_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise NotConfigured(
            _("The settings are not right: {faults}").format(faults=faults)
        ) from None
    if "SANDKASSE_FIRST_ROLE" in os.environ:
        raise NotConfigured(
            _(
                "SANDKASSE_FIRST_ROLE is no longer read. Rules in {file} say what somebody becomes "
                "at the first sign-in, and whom no rule fits waits for a lead (docs/sign-in.md). "
                "Write the rules, and take the variable away."
            ).format(file=found.sign_in)
        )
    return found


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
