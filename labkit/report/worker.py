"""The process a notebook runs in: papermill, then the page. Started by `runner.py`, never imported by it.

It tells its parent about each cell and about the end, one JSON object a line on stdout.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from labkit.report.begin import VARIABLE
from labkit.sandbox.inside.guards import die_with_parent


def tell(**facts: Any) -> None:
    sys.__stdout__.write(json.dumps(facts) + "\n")
    sys.__stdout__.flush()


def _engine():
    """papermill's own engine, telling of each cell."""
    from papermill.engines import NBClientEngine

    class TellingEngine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(cls, nb_man, kernel_name, **options):
            start, cells = nb_man.cell_start, len(nb_man.nb.cells)

            def cell_start(cell, cell_index=None, **rest):
                tell(cell=(cell_index or 0) + 1, of=cells)
                return start(cell, cell_index, **rest)

            nb_man.cell_start = cell_start
            return super().execute_managed_notebook(nb_man, kernel_name, **options)

    return TellingEngine


def run(job: dict[str, Any]) -> tuple[str, str | None]:
    """(status, error in one line) of executing the notebook; the notebook is saved after each cell."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError

    papermill_engines.register("labkit", _engine())
    try:
        papermill.execute_notebook(
            job["notebook"], job["output"], job["parameters"], engine_name="labkit", cwd=job["cwd"],
            progress_bar=False, log_output=False, start_timeout=120, kernel_name=job["kernel"],
            language=job["kernel"] and "python",
        )  # fmt: skip
    except PapermillExecutionError as error:
        return "failed", f"cell {error.exec_count}: {error.ename}: {error.evalue}"
    except DeadKernelError:
        return "killed", "the kernel died"
    except Exception as error:  # no such kernel, not a notebook: nothing was killed
        return "failed", " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return "ok", None


def main() -> None:
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    job = json.loads(sys.stdin.read())
    sys.stdout = sys.stderr  # whatever libraries print must not mix with what we tell
    os.environ[VARIABLE] = job["record"]
    # the kernel must be this interpreter, whatever kernels the user has installed
    os.environ["JUPYTER_PATH"] = os.pathsep.join(
        [str(Path(sys.prefix) / "share" / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    )
    # a notebook may import the files beside it, as it can in JupyterLab; the kernel inherits this
    beside = str(Path(job["notebook"]).parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [beside, os.environ.get("PYTHONPATH")]))
    status, error = run(job)
    tell(status=status, error=error)


if __name__ == "__main__":
    main()
