"""What happens before the first visitor comes: the database opened and up to date, the reference
data in it, and in a demonstration its synthetic people and ideas."""

from contextlib import closing

from sandkasse import agencies, config, deadlines, demo, journeys, purposes, sign_in
from sandkasse.config import PROJECT_FOLDER, Settings
from sandkasse.database import Database
from sandkasse.demo import DemoReport
from sandkasse.errors import NotConfigured
from sandkasse.i18n import _
from sandkasse.privacy import erasure_log
from sandkasse.sign_in import SignInRules

AGENCIES_FILE = PROJECT_FOLDER / "data" / "agencies.toml"
DEMO_SEED = 1


def prepare(settings: Settings) -> Database:
    """The database, ready to be served. The caller closes it.

    In demo mode (no ``[auth]`` in the secrets file) a database without ideas gets
    ``settings.demo_ideas`` synthetic ones.

    :raises InvalidJourney: for a faulty journey file, before the database is touched.
    :raises NotConfigured: when the rules for signing in are faulty, or real and synthetic people
        would meet: sign-in is configured on a demonstration, or demo mode is asked for where people
        have signed in.
    :raises DatabaseHeld, DatabaseUnusable: as :meth:`Database.open`.
    """
    signed_in = config.auth_configured(settings.secrets)
    if signed_in:
        sign_in_rules(settings)
    db = opened(settings)
    try:
        keep_apart(db, signed_in)
        if not signed_in and settings.demo_ideas and _is_untouched(db):
            demo.fill(db, ideas=settings.demo_ideas, seed=DEMO_SEED)
    except BaseException:
        db.close()
        raise
    return db


def opened(settings: Settings) -> Database:
    """The database with the reference data in step with its files, and nothing else done to it.

    Errors as for :func:`prepare`.
    """
    shipped = journeys.load_folder(settings.journeys)
    purposes.check({agency.id for agency in agencies.load(AGENCIES_FILE)})
    deadlines.rules()
    db = Database.open(settings.database, memory=settings.memory, threads=settings.threads)
    try:
        journeys.sync(db, shipped, source="shipped")
        agencies.sync(db, AGENCIES_FILE)
        erasure_log.catch_up(db)
    except BaseException:
        db.close()
        raise
    return db


def sign_in_rules(settings: Settings) -> SignInRules:
    """The rules for signing in. :raises NotConfigured: naming their file and what is wrong."""
    return sign_in.load(settings.sign_in, {agency.id for agency in agencies.load(AGENCIES_FILE)})


def fill(settings: Settings, *, ideas: int, seed: int, journey_id: str | None) -> DemoReport:
    """Make synthetic people and ideas in a database that has none.

    :raises NotConfigured: where people sign in, or have signed in.
    :raises Invalid, NotFound: as :func:`sandkasse.demo.fill`. Other errors as for
        :func:`prepare`.
    """
    if config.auth_configured(settings.secrets):
        raise NotConfigured(
            _(
                "{file} has an [auth] section, so real people sign in. Synthetic ones are made "
                "only where it has none."
            ).format(file=settings.secrets)
        )
    with closing(opened(settings)) as db:
        keep_apart(db, signed_in=False)
        return demo.fill(db, ideas=ideas, seed=seed, journey_id=journey_id)


def _is_untouched(db: Database) -> bool:
    return not db.value("SELECT count(*) FROM idea") and not _is_synthetic(db)


def _is_synthetic(db: Database) -> bool:
    return bool(db.value("SELECT count(*) FROM fact WHERE name = 'origin' AND value = 'demo'"))


def keep_apart(db: Database, signed_in: bool) -> None:
    """Refuse to let synthetic people among real ones. Demo mode lets anybody be anybody."""
    if signed_in and _is_synthetic(db):
        raise NotConfigured(
            _(
                "{file} holds synthetic people and ideas, so nobody can sign in to it. Name "
                "another file in SANDKASSE_DATABASE, or take [auth] out of the secrets file to "
                "run the demonstration."
            ).format(file=db.path)
        )
    real = db.value("SELECT count(*) FROM person WHERE NOT starts_with(subject, 'demo:')")
    if not signed_in and real:
        raise NotConfigured(
            _(
                "People have signed in to {file}, so it cannot be used without sign-in. Put "
                "[auth] back in the secrets file, or name another file in SANDKASSE_DATABASE."
            ).format(file=db.path)
        )
