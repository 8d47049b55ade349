"""The loop: a task, a proposer and a judge become a study; serial turns, parallel trajectories.

Every turn is written to the record as it happens, so that a view can follow and an interrupted run goes
on where it ended. One trajectory is a `Climb`; this file opens the record, runs the climbs and concludes.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import replace
from functools import partial
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, NonDeterministic, RecordError
from labkit.sandbox import CodeJudge, Program, Reference, Stopped, values
from labkit.sandbox.judge import CandidateFailed
from labkit.sandbox.objectives import weights

from .climb import Climb, Judge, Proposer, blame_original, not_run
from .proposers import RewriteProposer
from .rules import (
    Approve,
    Rules,
    Screen,
    check_rules,
    fresh_reference,
    lab_screen,
    reference_on,
    small_inputs,
)
from .study import Candidate, Study, Trajectory, Turn
from .task import CodeTask, as_task

HOT_S = 0.2  # CPU seconds of samples that say where the cost is: some 200, each share within 7 points
LEAST_GAIN = 0.03  # less is not worth the pairs that it takes to see it
MOST_PAIRS = 24  # a gain that shows in no fewer pairs is too small to keep a turn waiting for
Tell = Callable[[str, dict[str, Any]], Any]


def refine(
    task: CodeTask | Callable | str,
    proposer: Proposer | None = None,
    judge: Judge | None = None,
    *,
    inputs: Sequence | None = None,
    objective: str = "time",
    starts: Sequence[str] | None = None,
    trajectories: int | None = None,
    turns: int = 8,
    patience: int | None = None,
    wall_s: float | None = None,
    tokens: float | None = None,
    usd: float | None = None,
    screen: Screen | bool = True,
    approve: Approve | None = None,
    measure_first: bool = True,
    hold_out: bool = True,
    seed: int = 0,
    tolerance: float = 0.0,
    executor: Executor | None = None,
    record: records.Run | str | bool = True,
    stop: threading.Event | None = None,
    watch: Callable[[Mapping[str, Any]], None] | None = None,
) -> Study:
    """Improve a function by running it: serial turns, `trajectories` of them side by side.

    `task`: a function with `inputs=[...]` (a tuple of arguments each), one of the lab's tasks by name, or a
    CodeTask. The original's own answers are what candidates must reproduce. `starts`: other programs to
    start from; one trajectory each, after the original's, unless `trajectories` says how many. `objective`:
    time, memory, integral, latency, energy, or a mixture such as "0.7*time + 0.3*memory".

    Budgets: `turns` and `patience` (turns in a row without a gain) of each trajectory, `wall_s` of all,
    `tokens` and `usd` shared out among them. Gates: `screen` refuses sources unseen (the lab's screen, a
    function of one's own, or False), `approve` is asked before a candidate is kept. `measure_first`: find the
    hot spots, tell them to the proposer, and stop when none is worth a change. `hold_out`: the best is
    compared with the original once more on fresh inputs, where the task makes them.

    `record`: an open run, a folder for run records, True for `runs/`, False for none; an unfinished run of
    the same task and parameters goes on where it ended. `stop`: an event that ends it early. `watch`: called
    with each event of the record, past ones first. Raises BadInput, NonDeterministic, SandboxUnavailable.

    >>> def common(left, right):
    ...     return [x for x in left if x in right]
    >>> refine(common, inputs=[(list(range(999)), list(range(0, 999, 3)))], record=False).improved
    True
    """
    sources = ["", *(starts or [])]
    trajectories = len(sources) if trajectories is None else trajectories
    check_options(turns=turns, trajectories=trajectories, tolerance=tolerance, seed=seed)
    check_rules(patience=patience, wall_s=wall_s, tokens=tokens, usd=usd)
    if approve is not None and not isinstance(executor, ThreadPoolExecutor | None):
        raise BadInput("approve=… asks a person, here: use threads, not an executor of other processes")
    task = as_task(task, inputs, tolerance=tolerance, seed=seed)
    sources[0] = task.program.source if task.starter is None else task.starter
    judge = judge or CodeJudge(objective=objective, max_pairs=MOST_PAIRS, least_gain=LEAST_GAIN)
    if hasattr(judge, "with_stop"):
        judge = judge.with_stop(stop)
    proposer = proposer or RewriteProposer()
    params = {
        "objective": judge.objective,
        "turns": turns,
        "trajectories": trajectories,
        "starts": len(sources) - 1,
        "tolerance": tolerance,
        **{key: value for key, value in (("patience", patience), ("tokens", tokens), ("usd", usd)) if value},
        "proposer": getattr(proposer, "name", type(proposer).__name__),
    }
    run, own = _open(record, task, params, seed, sources)
    try:
        tell, past = _teller(run, watch, task)
        if not past:
            tell("task", {"name": task.name, **vars(task.program), "objective": judge.objective})
        until = time.monotonic() + wall_s if wall_s else None
        gate = lab_screen if screen is True else screen or None
        rules = Rules(turns, patience, until, tokens, usd, gate, approve).share(trajectories)
        starts = [_start(sources, k) for k in range(trajectories)]
        plan = Climb(
            0, task, starts[0], proposer, judge, rules, hot=_hot(judge) if measure_first else None,
            tell=tell, stop=stop,
        )  # fmt: skip
        study = _studied(plan, starts, past, executor, seed, hold_out)
        ended = [trajectory.ended for trajectory in study.trajectories]
        verdict = vars(study.verdict) if study.verdict else None
        best = {"verdict": verdict, "source": study.source, "ended": ended, "held_out": study.held_out}
        tell("best", best)
        if run:
            study = replace(study, path=str(run.path))
            for name, figure in study.figures.items():
                run.result(name, figure)
    except BaseException as error:
        if own and run:
            stopped = isinstance(error, KeyboardInterrupt | Stopped)
            run.finish("stopped" if stopped else "failed", str(error) or type(error).__name__)
        raise
    if own and run:
        run.finish("stopped" if stop is not None and stop.is_set() else "ok")
    return study


def _hot(judge: Judge):
    """Where a program's cost is, by a judge that runs programs in the sandbox; None for another."""
    timed = {"cpu_s", "latency_p95_s", "energy_j"}  # the profiler knows nothing of memory
    if not isinstance(judge, CodeJudge) or not timed >= weights(judge.objective).keys():
        return None
    from .hotspots import hotspots

    return partial(hotspots, seconds=HOT_S, limits=judge.limits, isolation=judge.isolation)


def _studied(
    plan: Climb,
    starts: Sequence[Candidate],
    past: Sequence[Turn],
    executor: Executor | None,
    seed: int,
    hold_out: bool,
) -> Study:
    """Every trajectory climbed as `plan` says, and what they add up to; what there is when it is stopped."""
    task, judge = plan.task, plan.judge
    found = [not_run(starts[0])]
    try:
        reference = reference_on(judge, task, task.inputs)
        first = small_inputs(task, seed)
        small = _or_none(plan, "small inputs", lambda: reference_on(judge, task, first) if first else None)
        plan = replace(plan, reference=reference, small=small)
        climbs = [
            replace(
                plan, index=k, start=start, proposer=_own(plan.proposer, k),
                done=tuple(turn for turn in past if turn.trajectory == k),
            )
            for k, start in enumerate(starts)
        ]  # fmt: skip
        found = _run_all(climbs, executor, plan.tell)
        kept = any(turn.accepted for each in found for turn in each.turns[1:])
        fresh = None
        if hold_out and kept:
            fresh = _or_none(plan, "fresh inputs", lambda: fresh_reference(judge, task, seed))
    except Stopped:
        return Study(task.name, task.program.source, judge.objective, tuple(found))
    study = _conclude(plan, fresh or reference, found)
    return replace(study, held_out=fresh is not None)


def _or_none(plan: Climb, what: str, make: Callable[[], Reference | None]) -> Reference | None:
    """A reference that the study can do without: where the original fails there, that is told."""
    try:
        return make()
    except (BadInput, NonDeterministic) as error:
        plan.tell("skipped", {"what": what, "reason": str(error)})
        return None


def _start(sources: Sequence[str], k: int) -> Candidate:
    which = k % len(sources)
    return Candidate(sources[which], f"start {which}" if which else "start")


def _own(proposer: Proposer, k: int) -> Proposer:
    """The proposer of trajectory k, where it has one for each."""
    return proposer.for_trajectory(k) if hasattr(proposer, "for_trajectory") else proposer


def _conclude(plan: Climb, reference: Reference, trajectories: Sequence[Trajectory]) -> Study:
    """The study, its best program compared with the original once more; not when it was stopped.

    A program that fails here, or is not proved cheaper, is the best no longer: then the next one is tried.
    """
    task, judge, stop = plan.task, plan.judge, plan.stop
    if isinstance(judge, CodeJudge):
        judge = replace(judge, least_gain=None)  # here a miss would cost the whole result
    verdict = None
    study = Study(task.name, task.program.source, judge.objective, tuple(trajectories))
    while study.improved and not (stop and stop.is_set()):
        best = Program(study.source, task.program.entry)
        try:
            verdict = judge.compare(reference, task.program, best)
        except Stopped:
            break
        except CandidateFailed as error:
            blame_original(error, task.program)
            status, reason = "wrong_answer", f"failed in the last comparison: {error}"
        else:
            undecided = stop and stop.is_set() and verdict.answer == "tie"
            if undecided or verdict.answer == "faster":
                return study if undecided else replace(study, verdict=verdict)
            status = "not_confirmed"
            reason = f"not proved cheaper in the last comparison ({verdict.ratio:.2f} of the cost)"
        bad = study.best
        told = {"trajectory": bad.trajectory, "number": bad.number, "reason": reason}
        plan.tell("withdrawn", told)
        study = study.without(bad, reason, status)
    return replace(study, verdict=verdict) if verdict and not study.improved else study


def check_options(*, turns: Any = 8, trajectories: Any = 1, tolerance: Any = 0.0, seed: Any = 0) -> None:
    """Raise BadInput for options that cannot be meant, before anything runs."""
    for name, value in (("turns", turns), ("trajectories", trajectories)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise BadInput(f"{name}={value!r}: give a whole number from 1 on")
    if not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
        raise BadInput(f"tolerance={tolerance!r}: give a relative tolerance from 0 to below 1")
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise BadInput(f"seed={seed!r}: give a whole number")


def _open(record, task: CodeTask, params: Mapping, seed: int, sources: Sequence[str]):
    """(the run or None, whether it is ours to finish)."""
    run, root = records.asked_for(record)
    if root is None:
        return run, False
    for i, given in enumerate(task.inputs):  # what cannot be sent is told before a record is opened
        values.encode(given, f"input {i}")
    text = "\0".join([*sources, values.fingerprint(task.inputs)])
    name = "refine/" + re.sub(r"[^A-Za-z0-9_-]", "_", task.name)
    given = {"seed": seed, "source": text, "root": root}
    try:
        return records.start(name, dict(params), **given, resume=True), True
    except RecordError:  # the same study is still running elsewhere: this one is an attempt of its own
        return records.start(name, dict(params), **given), True


def _teller(run: records.Run | None, watch: Callable | None, task: CodeTask) -> tuple[Tell, list[Turn]]:
    """(a function that records an event and shows it to `watch`, the turns of a resumed attempt).

    An open run may hold studies of other tasks: their turns are theirs.
    """
    past, ours = [], False
    for event in run.events() if run else ():
        if event["kind"] == "task":
            known = {key: event["data"].get(key) for key in ("name", "source", "entry")}
            ours = known == {"name": task.name, **vars(task.program)}
        if ours and event["kind"] in ("task", "turn"):
            past.append(event)
    for event in past if watch else ():
        watch(event)
    return records.teller(run, watch), [
        Turn.from_json(event["data"]) for event in past if event["kind"] == "turn"
    ]


def _run_all(climbs: list[Climb], executor: Executor | None, tell: Tell) -> list[Trajectory]:
    """Every climb on the executor; threads tell of each turn as it happens, others when a climb ends."""
    if len(climbs) == 1 and executor is None:
        return [climbs[0].run()]
    own = executor is None
    executor = executor or ThreadPoolExecutor(min(len(climbs), os.cpu_count() or 1))
    threads = isinstance(executor, ThreadPoolExecutor)
    try:
        jobs = [climb if threads else climb.detached() for climb in climbs]
        futures = {executor.submit(job.run): climb for job, climb in zip(jobs, climbs, strict=True)}
        found = {}
        for future in as_completed(futures):
            climb = futures[future]
            found[climb.index] = future.result()
            if not threads:
                for turn in found[climb.index].turns[len(climb.done) :]:
                    tell("turn", turn.to_json())
        return [found[climb.index] for climb in climbs]
    finally:
        if own:
            executor.shutdown()
