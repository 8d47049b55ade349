"""Run a program under limits, confined, measured from outside.

`run` executes a whole program, `map` many, `call` one function; `compare` says which of two programs is
cheaper, `CodeJudge` whether a candidate function is right and cheaper. The story starts in `execution.py`;
`inside/` lives beyond the process boundary. `self_check` attacks all of it with the programs in `cases/`.
"""

from labkit.sandbox.batch import map, map_async, run_async
from labkit.sandbox.conformance import self_check
from labkit.sandbox.cores import Stopped
from labkit.sandbox.execution import call, capabilities, run
from labkit.sandbox.judge import CodeJudge, Program, Reference
from labkit.sandbox.languages import languages
from labkit.sandbox.results import Called, Execution, Limits
from labkit.sandbox.trial import ProgramFailed, Trial, compare, trial

__all__ = [
    "Called",
    "CodeJudge",
    "Execution",
    "Limits",
    "Program",
    "ProgramFailed",
    "Reference",
    "Stopped",
    "Trial",
    "call",
    "capabilities",
    "compare",
    "languages",
    "map",
    "map_async",
    "run",
    "run_async",
    "self_check",
    "trial",
]
