"""What a language model is told of a kernel task, and how a kernel is read out of its answer.

A form for the proposers of `labkit.refinement`: `EndpointProposer(url, model, prompt=kernel_form(task))`. As
in Kevin (2507.11948) a turn shows the kernels before with what became of them, without the reasoning that led
to them. Covered: C, numba, Triton, torch. Not covered: CUDA, which no back end here runs yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from labkit.errors import BadInput
from labkit.refinement.prompts import Form, Messages, code_block
from labkit.refinement.study import Trajectory, Turn
from labkit.refinement.task import CodeTask

from .backends import BACKENDS, backend_of
from .tasks import KernelTask, in_words, task_named

SHOWN = 3  # turns that are shown with their source, besides the best
WORDS = 600  # characters of what the compiler or the judge said
FENCES = {"c": "c"}
_ARGUMENTS = """`kernel` takes the tensors of get_inputs() in order (a plain number comes as a scalar), then
the parameters and buffers in the order of Model(*get_init_inputs()).state_dict(), then the outputs, which are
allocated already. Arrays are contiguous and row-major. Inputs may not be written to; every element of every
output must be."""
INTERFACES = {
    "c": f"""Write C (gnu17; gcc -O3 -march=native -fopenmp) that defines
`void kernel(const real *x, ..., real *out)`. {_ARGUMENTS}
`#include "task.h"`, after all other headers, gives the sizes as an enum, THREADS, and `real`, the type of
floating tensors. A first line `// flags: -ffast-math` may ask for more flags. Calls through pointers, system
calls and assembly are refused.""",
    "numba": f"""Write Python with `from numba import njit, prange`, `import numpy as np` and `import math`
only, that defines a function `kernel(x, ..., out)` under `@njit`. {_ARGUMENTS}
The sizes and THREADS are globals.""",
    "triton": """Write Python with torch, triton and triton.language that defines `class ModelNew(nn.Module)`,
with the arguments and parameters of Model. Its forward allocates by torch.empty and launches @triton.jit
kernels; no torch operator does the work.""",
    "torch": """Write Python with torch only that defines `class ModelNew(nn.Module)`, with the arguments and
parameters of Model, and gets the same results from other operations.""",
}


def kernel_form(task: KernelTask | str, backend: str = "c") -> Form:
    """The form of prompt that asks for a kernel of this back end. Raises BadInput."""
    if backend not in INTERFACES:
        raise BadInput(f"backend={backend!r}: choose one of {', '.join(INTERFACES)}")
    task = task_named(task)

    def write(_: CodeTask, history: Sequence[Turn], objective: str) -> Messages:
        return [{"role": "user", "content": "\n\n".join(_parts(task, backend, history))}]

    def read(text: str, entry: str) -> str | None:
        return code_block(text, lambda block: _is_kernel(block, backend))

    return Form(f"{backend} kernel", write, read)


def _parts(task: KernelTask, backend: str, history: Sequence[Turn]) -> list[str]:
    shapes = "\n".join(f"- {in_words(task.at(sizes))}" for sizes in task.shapes)
    parts = [
        "You write compute kernels that give the right results and take as little time as possible.",
        f"## Task\nReplace this model by a kernel of your own:\n```python\n{task.source}```",
        f"It is timed at these sizes, in {task.dtypes[0]}, and must be right at any other:\n{shapes}",
        f"## Interface\n{INTERFACES[backend]}",
    ]
    if history:
        best = Trajectory(tuple(history)).best
        parts.append(_shown("The best kernel so far", best))
        recent = [t for t in history if t is not best and t.candidate.source][-SHOWN:]
        parts += [_shown(f"Turn {turn.number}, not kept", turn) for turn in recent]
    name = BACKENDS[backend].entry
    parts.append(f"Give a faster kernel that is right: one code block that defines `{name}`, nothing else.")
    return parts


def _shown(title: str, turn: Turn) -> str:
    """A kernel, and what became of it: the compiler's words, the mismatch, or times and counters."""
    fence = FENCES.get(backend_of(turn.candidate.source), "python")
    said = " ".join((turn.outcome.feedback or turn.reason).split())[:WORDS]
    return f"## {title}\n```{fence}\n{turn.candidate.source}\n```\n{turn.outcome.status}: {said}"


def _is_kernel(block: str, backend: str) -> bool:
    pattern = {"c": r"\bkernel\s*\(", "numba": r"^def kernel\("}.get(backend, r"^class ModelNew\b")
    return bool(re.search(pattern, block, re.M)) and backend_of(block) == backend
