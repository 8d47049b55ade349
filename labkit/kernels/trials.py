"""What a kernel goes through on one shape: calls that find out what is wrong, or where its speed comes from.

Each trial has a kernel's process, a shape's source, and raises Rejected with a named status. Which trials a
kernel meets, and in what order, is the judge's. Not covered: what needs a process of its own (judge.py).
"""

from __future__ import annotations

import statistics

from .material import Material, Source
from .process import AS_USUAL, Call, How, KernelProcess, Problem
from .tasks import Sizes

BAITS = ((True, False), (True, True), (False, True))  # in the last place? among junk like results?
LEFT_OVER = True  # a call with most of the results there already: what stops at that has not done its work
OWN_CODE = ("c", "numba")  # back ends in which a kernel touches memory itself
REPEATS = 3
CROWDED = 8  # calls on two threads: a race does not show in each
REPLAYED = 0.35  # of the time of a call on new inputs: less on known ones is no kernel's doing
TELLING = 4.0  # empty calls' times: what is quicker is not told apart
LEAST = 0.1  # of an empty call's time: what a call counts at least above that, so that noise is no speedup


class Rejected(Exception):
    """A candidate was found out; `problem` says how."""

    def __init__(self, problem: Problem, sizes: Sizes) -> None:
        super().__init__(problem.words)
        self.problem, self.sizes = problem, sizes


def checked_call(
    process: KernelProcess,
    source: Source,
    material: Material,
    core: int | None = None,
    how: How = AS_USUAL,
) -> Call:
    call = process.call(source, material, core, how)
    if call.problem:
        raise Rejected(call.problem, source.sizes)
    return call


def check(process: KernelProcess, source: Source) -> None:
    """Two sets of inputs, and the first again elsewhere: another answer then is garbage or a race."""
    for i in (0, 1, 0):
        checked_call(process, source, source.get(i))
    widely(process, source)
    if process.kernel.backend in OWN_CODE:
        problem = process.call(source, source.get(0), how=How(fenced=True)).problem
        if problem and problem.status == "crashed":
            problem = Problem("out_of_bounds", "it reads or writes past the end of an array")
        if problem:
            raise Rejected(problem, source.sizes)
    bait(process, source)


def widely(process: KernelProcess, source: Source) -> None:
    own = process.kernel.backend in OWN_CODE
    for rows, material in source.wide():
        if rows == "partly tainted" and not own:  # a library may take 0 times it for it
            continue
        if problem := process.call(source, material).problem:
            words = f"on inputs of another scale or mean: {problem.words}"
            raise Rejected(problem._replace(words=words), source.sizes)


def watch(process: KernelProcess, source: Source) -> None:
    """A timed shape on more threads than are timed, and with its accesses looked at."""
    for i in range(CROWDED if source.threads > 1 else 1):
        if problem := process.call(source, source.get(i % 2)).problem:
            words = f"on {source.threads} threads: {problem.words}" if source.threads > 1 else problem.words
            raced = problem.status == "wrong_answer" and source.threads > 1
            raise Rejected(Problem("race" if raced else problem.status, words), source.sizes)


def bait(process: KernelProcess, source: Source) -> None:
    """Inputs it has had but for a few elements, where others were: an answer from then is wrong."""
    call = material = None
    for i, (again, junk) in enumerate(BAITS):
        material = source.near(i)
        call = process.call(source, material, how=How(again=again, junk=junk))
        if call.problem:
            status = "replayed" if call.problem.status == "wrong_answer" else call.problem.status
            words = f"on inputs much like earlier ones: {call.problem.words}"
            raise Rejected(Problem(status, words), source.sizes)
    if call and LEFT_OVER:
        problem = process.call(source, material, how=How(again=True, left=call.outputs)).problem
        if problem:
            words = f"where most of its own last results lay: {problem.words}"
            raise Rejected(problem._replace(words=words), source.sizes)


def replays(process: KernelProcess, source: Source, i: int, core: int | None, empty: float) -> str:
    """In words, how much faster it is on inputs that it has just had, in the same place; '' if it is not.

    Calls on new and on known inputs in turn, so that a busy machine does not look like a memory.
    """
    fresh, known = [], []
    for k in range(REPEATS):
        material = source.get(i + k)
        for again, times in ((False, fresh), (True, known)):
            call = checked_call(process, source, material, core, How(again=again))
            times.append(above(call.wall_s, empty))
    ratio = statistics.median(k / f for k, f in zip(known, fresh, strict=True))
    if statistics.median(fresh) + empty <= TELLING * empty or ratio >= REPLAYED:
        return ""
    return f"{1 / ratio:.1f} times as fast on inputs that it has had before"


def above(wall_s: float, empty_s: float) -> float:
    """What a call costs above one that does nothing; never so little that noise would be a speedup."""
    return max(wall_s - empty_s, LEAST * empty_s)
