"""Mail goes to no server whose certificate is not to be trusted."""

from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from sandkasse import comments, mailing, notices
from sandkasse.notices import Mail
from tests.browser.serving import free_port
from tests.builders import submitted
from tests.certificates import certified
from tests.test_mailing import Box, to_port


@pytest.mark.parametrize("trusted", [False, True])
def test_mail_is_handed_to_a_server_that_is_trusted_alone(
    db, cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    context = certified(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    notices.choose_mail(db, cast.student, Mail.AT_ONCE)
    idea = submitted(db, cast.student, title="A sensor")
    comments.say(db, cast.mentor, idea, "Look")
    box, port = Box(), free_port()
    server = Controller(
        box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True
    )
    server.start()
    try:
        sent = mailing.send_due(db, to_port(port).model_copy(update={"smtp_tls": True}))
    finally:
        server.stop()
    assert (sent, len(box.mails)) == ((1, 1) if trusted else (0, 0))
