"""Programs that get better by being run: propose a change, run it, keep it only if it is proved better.

`refine` is the verb; the story starts in `loop.py`; `climb.py` is one trajectory, `rules.py` its gates and
budgets. `task.py` says what is improved, `study.py` and `tables.py` what comes back. Candidates come from
`proposers.py` (the embedded `rewrites/`), `endpoint.py`, `models.py` (both by way of `prompts.py`),
`replay.py`, and mixtures of those (`compose.py`).
"""

from labkit.refinement.climb import Judge, Proposer
from labkit.refinement.compose import BestOf, Mix
from labkit.refinement.endpoint import EndpointProposer
from labkit.refinement.hotspots import HotSpots, hotspots
from labkit.refinement.loop import refine
from labkit.refinement.models import ModelProposer
from labkit.refinement.proposers import RewriteProposer
from labkit.refinement.replay import ReplayProposer
from labkit.refinement.study import Candidate, Study, Trajectory, Turn, load_study
from labkit.refinement.task import (
    CodeTask,
    Solution,
    from_function,
    load_case,
    load_file,
    reference_solutions,
    task_names,
)

__all__ = [
    "BestOf",
    "Candidate",
    "CodeTask",
    "EndpointProposer",
    "HotSpots",
    "Judge",
    "Mix",
    "ModelProposer",
    "Proposer",
    "ReplayProposer",
    "RewriteProposer",
    "Solution",
    "Study",
    "Trajectory",
    "Turn",
    "from_function",
    "hotspots",
    "load_case",
    "load_file",
    "load_study",
    "reference_solutions",
    "refine",
    "task_names",
]
