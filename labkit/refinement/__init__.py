"""Programs that get better by being run: propose a change, run it, keep it only if it is proved better.

`refine` is the verb; the story starts in `loop.py`, and `climb.py` is one trajectory. `task.py` says what
is improved, `proposers.py` where candidates come from (`rewrites/` holds the embedded ones), `study.py`
what comes back.
"""

from labkit.refinement.climb import Judge, Proposer
from labkit.refinement.loop import refine
from labkit.refinement.proposers import RewriteProposer
from labkit.refinement.study import Candidate, Study, Trajectory, Turn
from labkit.refinement.task import (
    CodeTask,
    from_function,
    load_case,
    load_file,
    reference_solutions,
    task_names,
)

__all__ = [
    "Candidate",
    "CodeTask",
    "Judge",
    "Proposer",
    "RewriteProposer",
    "Study",
    "Trajectory",
    "Turn",
    "from_function",
    "load_case",
    "load_file",
    "reference_solutions",
    "refine",
    "task_names",
]
