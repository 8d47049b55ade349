"""What all views share: a worker thread behind a widget, Stop as a message, and a static body."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from labkit.errors import BadInput, LabkitError

HERE = Path(__file__).parent


def module(name: str) -> str:
    """A view's ES module: what all views draw with, then its own."""
    return (HERE / "view.js").read_text("utf-8") + (HERE / f"{name}.js").read_text("utf-8")


class RecordView(anywidget.AnyWidget):
    """A widget over a record's events.

    A subclass turns events into `state`, and `state` into `summary()` (one line) and `static_html()` (a
    table). `start_job` runs a verb in a worker thread and returns at once; `wait()` blocks until it ends, as
    a report needs it.
    """

    _css = HERE / "view.css"
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._result: Any = None
        self._error: BaseException | None = None
        self._display: Any = None
        self._lock = threading.RLock()  # whoever observes the state may stop the job
        self.on_msg(self._on_message)

    # -- the job behind the view ------------------------------------------------------------------

    def start_job(self, job: Callable[[threading.Event], Any]) -> None:
        """Run `job(stop)` in a worker thread; its result or error is kept for `wait` and `result`."""

        def work() -> None:
            try:
                self._result = job(self._stop)
            except BaseException as error:
                self._error = error
                self.update(status="failed", message=str(error) or type(error).__name__)
            else:
                self.update(status="stopped" if self._stop.is_set() else "finished")

        self.update(status="running")
        self._worker = threading.Thread(target=work, name="labkit view", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Ask the job to end; what it has recorded stays. The Stop button sends the same."""
        self._stop.set()
        if self.state.get("status") == "running":
            self.update(status="stopping")

    def wait(self, timeout: float | None = None) -> Any:
        """Block until the job ends and return its result; raises what the job raised."""
        if self._worker is None:
            raise BadInput("nothing runs behind this view: it shows a stored record")
        self._worker.join(timeout)
        if self._worker.is_alive():
            raise LabkitError(f"still running after {timeout} s")
        if self._display is not None:  # the static body in a saved notebook is then the final one
            self._display.update(self._bundle(), raw=True)
        return self.result

    @property
    def result(self) -> Any:
        """The job's result, once it has ended; raises what the job raised."""
        if self._error is not None:
            raise self._error
        return self._result

    def update(self, **changes: Any) -> None:
        """Replace parts of the state; safe from any thread."""
        with self._lock:
            self.state = {**self.state, **changes}

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "stop":
            self.stop()

    # -- what a page without a kernel shows ---------------------------------------------------------

    def _bundle(self) -> dict[str, Any]:
        found = super()._repr_mimebundle_()
        live = found[0] if isinstance(found, tuple) else found
        return {**(live or {}), "text/plain": self.summary(), "text/html": self.static_html()}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self._bundle()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        self._display = display(self._bundle(), raw=True, display_id=True)

    def __repr__(self) -> str:
        return self.summary()
