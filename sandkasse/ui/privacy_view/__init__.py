"""Privacy on the screen: the notice, one's own data, erasure, and how long things are kept."""

from sandkasse.ui.privacy_view.erasing import erasing
from sandkasse.ui.privacy_view.mine import mine
from sandkasse.ui.privacy_view.notice import notice
from sandkasse.ui.privacy_view.retaining import retaining

__all__ = ["erasing", "mine", "notice", "retaining"]
