"""What a browser may ask of the server, and what is dropped before Streamlit sees it."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from sandkasse.ui.messages import is_heard


@pytest.mark.parametrize(
    "message",
    [
        BackMsg(clear_cache=True),
        BackMsg(load_git_info=True),
        BackMsg(set_run_on_save=True),
        BackMsg(debug_shutdown_runtime=True),
        BackMsg(debug_disconnect_websocket=True),
        BackMsg(),
    ],
)
def test_messages_for_whoever_develops_are_dropped(message):
    assert not is_heard(message.SerializeToString())


@pytest.mark.parametrize("operation", ["install_skills", "dismiss_skills_nudge"])
def test_a_browser_cannot_have_files_written_beside_the_app(operation):
    message = BackMsg()
    getattr(message.backend_operation_request, operation).SetInParent()
    assert not is_heard(message.SerializeToString())


def test_what_a_page_sends_is_heard():
    rerun, file = BackMsg(), BackMsg()
    rerun.rerun_script.query_string = "idea=1"
    file.backend_operation_request.deferred_file.file_id = "one"
    for message in (rerun, file, BackMsg(app_heartbeat=True), BackMsg(stop_script=True)):
        assert is_heard(message.SerializeToString())


def test_what_cannot_be_read_is_left_to_streamlit_which_hangs_up():
    assert is_heard(b"\xff\xff\xff")
