"""The process a notebook runs in: papermill, then the page. Started by `runner.py`, never imported by it.

It tells its parent about each cell and about the end, one JSON object a line on the pipe it got as stdout.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labkit.report.begin import VARIABLE
from labkit.sandbox.inside.guards import die_with_parent, prctl

_INJECTED = "injected-parameters"  # papermill's tag for the cell it adds


def _private_channel() -> Callable[..., None]:
    """Keep the pipe to the parent to ourselves: a kernel inherits stdout, and what it runs writes to it.

    From here on stdout is stderr, for us and for them.
    """
    channel = os.fdopen(os.dup(1), "w", buffering=1)  # a copy that no other program inherits
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return lambda **facts: print(json.dumps(facts), file=channel)


def _code_cells(cells: list) -> dict[int, int]:
    """{index: number} of the code cells as the notebook's reader counts them, from 1."""
    ours = (
        index for index, cell in enumerate(cells)
        if cell.cell_type == "code" and _INJECTED not in cell.metadata.get("tags", [])
    )  # fmt: skip
    return {index: number for number, index in enumerate(ours, 1)}


def _engine(tell: Callable[..., None]):
    """papermill's own engine, telling of each cell."""
    from papermill.engines import NBClientEngine

    class TellingEngine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, **options):
            start, numbers = nb_man.cell_start, _code_cells(nb_man.nb.cells)

            def cell_start(cell, cell_index=None, **rest):
                if cell_index in numbers:
                    tell(cell=numbers[cell_index], of=len(numbers))
                return start(cell, cell_index, **rest)

            nb_man.cell_start = cell_start
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    return TellingEngine


def run(job: dict[str, Any], tell: Callable[..., None]) -> dict[str, Any]:
    """How executing the notebook ended: status, error in one line, and whether that was in a cell.

    The notebook is saved after each cell.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError

    papermill_engines.register("labkit", _engine(tell))
    try:
        papermill.execute_notebook(
            job["notebook"], job["output"], job["parameters"], engine_name="labkit", cwd=job["cwd"],
            progress_bar=False, log_output=False, start_timeout=120, kernel_name=job["kernel"],
            language=job["kernel"] and "python",
        )  # fmt: skip
    except PapermillExecutionError as error:
        return {"status": "failed", "error": f"{error.ename}: {error.evalue}", "in_cell": True}
    except DeadKernelError:
        return {"status": "killed", "error": "the kernel died", "in_cell": True}
    except Exception as error:  # no such kernel, not a notebook: nothing was killed
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        return {"status": "failed", "error": said, "in_cell": False}
    return {"status": "ok", "error": None, "in_cell": False}


def main() -> None:
    tell = _private_channel()
    die_with_parent()
    prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: what a kernel leaves behind stays below us, where it is found
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    job = json.loads(sys.stdin.read())
    os.environ[VARIABLE] = job["record"]
    # the kernel must be this interpreter, whatever kernels the user has installed
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(Path(sys.prefix) / "share" / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    )
    # a notebook may import the files beside it, as it can in JupyterLab; the kernel inherits this
    beside = str(Path(job["notebook"]).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [beside, os.environ.get("PYTHONPATH")]))
    tell(**run(job, tell))


if __name__ == "__main__":
    main()
