"""Sessions: all that is explored in one small file of JSON, and back; knows no Qt.

A place is written as people type it, and so is found again by the model that the file names. What
stands in a file is believed only when a model has been found to have it: `Session.check` says so
before anything changes.

>>> from bvae_core import load_bundle
>>> from bvae_gui.state import ExplorerState
>>> state = ExplorerState()
>>> state.open(load_bundle("demo"))
>>> session = Session.of(state)
>>> state.set_frames(20)
>>> session.restore(state)  # nothing to remark: all of it could be restored
''
>>> state.scene.frames
12
"""

from bvae_gui.sessions.reading import read_session
from bvae_gui.sessions.session import SUFFIX, Layout, Session

__all__ = ["SUFFIX", "Layout", "Session", "read_session"]
