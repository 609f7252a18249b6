"""Files that are made when somebody asks for them, and why one was not made.

Streamlit makes them outside the run of a page and says of any error the same words, in English.
Here a refusal is told in its own words, and what nobody had foreseen with its reference.
"""

import asyncio
import logging
from collections.abc import Callable

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError

from sandkasse import logs
from sandkasse.errors import SandkasseError
from sandkasse.i18n import _, in_language, language

log = logging.getLogger("sandkasse")


class NotMade(SandkasseError):
    """A file could not be made, for a reason that nobody had foreseen."""


def when_asked(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What a download button calls when it is pressed; refusals are in the language of now."""
    spoken = language()

    def made() -> bytes:
        with in_language(spoken):
            run = logs.begin_run("download")
            try:
                return make()
            except SandkasseError:
                raise
            except Exception as error:
                log.exception("A download failed")
                raise NotMade(
                    _(
                        "The file could not be made. Try again; if it happens once more, tell the "
                        "project lead this reference: {reference}"
                    ).format(reference=run.request)
                ) from error

    return made


def tell_why() -> None:
    """From now on tell whoever asked for a file why it was not made."""
    DeferredFileHandler.handle = _handle  # type: ignore[method-assign]


async def _handle(
    self: DeferredFileHandler,
    request: BackendOperationRequest,
    session_id: str,  # noqa: ARG001
) -> BackendOperationResponse:
    files, asked = self._get_media_file_mgr(), request.deferred_file.file_id
    try:
        url = await asyncio.to_thread(files.execute_deferred, asked)
    except MediaFileStorageError as error:
        return BackendOperationResponse(request_id=request.request_id, error_msg=_reason(error))
    told = DeferredFileResponsePayload(url=url)
    return BackendOperationResponse(request_id=request.request_id, deferred_file=told)


def _reason(error: MediaFileStorageError) -> str:
    """Why, in words: a file that is not known belongs to a page that was drawn long ago."""
    if isinstance(error.__cause__, SandkasseError):
        return error.__cause__.message
    log.warning("A download was not known", exc_info=error)
    return _("Load the page again and retry.")
