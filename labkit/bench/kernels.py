"""`labkit bench kernels`: is the judge right, how long does it take, how far does the embedded proposer get?

A win: faster than the baseline at every timed shape of a task (the lower end of the interval above 1), with
one thread and with two. Parts may be measured one by one: figures that the JSON file holds of the same code
stay. Not covered here: a GPU, until one is there.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from labkit.bench import (
    Figures,
    code_hash,
    committed,
    confirmed,
    could_be,
    finish,
    median,
    share,
    stored,
    ticker,
)
from labkit.errors import BadInput
from labkit.kernels import KernelJudge, compile_ahead, own_kernels, own_tasks, refine_kernel, start_kernels
from labkit.kernels.backends import Kernel
from labkit.kernels.conformance import Checked, cheats, self_check
from labkit.record.provenance import device
from labkit.stats import Figure, Outcome

ROOMS = ("kernels", "refinement", "sandbox", "stats.py")
TURNS = 4  # schedules that the embedded proposer tries a task
SEARCHED = 500
HEAVY = {"matmul", "reduction", "norm", "softmax", "convolution", "attention"}
SAMPLE = 6


class Part(NamedTuple):
    """`figures`: what it always names."""

    figures: tuple[str, ...]
    measure: Callable[[bool], Figures]


def main(*, quick: bool = False, json_file: str | None = None, only: Sequence[str] = ()) -> int:
    """Measure all parts or those named; `quick`: samples, and the full run's figures where they agree."""
    if unknown := [name for name in only if name not in PARTS]:
        raise BadInput(f"--only {unknown[0]}: choose of {', '.join(PARTS)}")
    code = code_hash(*ROOMS)
    known = {k: v for k, v in stored(json_file or "").items() if v.code == code} if only else {}
    figures: Figures = {name: None for part in PARTS.values() for name in part.figures}
    figures.update(known)
    for name, part in PARTS.items():
        if not only or name in only:
            print(f"{name} …", file=sys.stderr, flush=True)
            figures.update(part.measure(quick))
    print(f"device: {device()['cpu']}")
    if quick:
        figures.update(_quoted(figures, code))
    return finish("kernels", figures, json_file, code=code, quick=quick)


# -- is the judge right? -----------------------------------------------------------------------------


def conformance(quick: bool) -> Figures:
    """How many of the labelled cheats are rejected by name, and of the honest kernels accepted."""
    names = [*cheats(), *own_kernels()]
    if quick:
        names = random.Random(code_hash(*ROOMS)).sample(names, SAMPLE)
    tick = ticker("cases", len(names))
    found = [c for c in self_check(names, progress=lambda _: tick()) if c.status != "unavailable"]
    for checked in found:
        if checked.problem:
            print(f"FAILED {checked.name}: {checked.problem}")
    cheating = [checked for checked in found if checked.group != "honest"]
    honest = [checked for checked in found if checked.group == "honest"]
    return {
        "cheats": _count(len(cheating), "cheats"),
        "cheats_rejected": _count(_passed(cheating), "cheats", len(cheating)),
        "honest": _count(len(honest), "kernels"),
        "honest_accepted": _count(_passed(honest), "kernels", len(honest)),
    }


def _passed(checks: Iterable[Checked]) -> int:
    return sum(not checked.problem for checked in checks)


def _count(n: int, unit: str, of: int | None = None) -> Figure:
    return Figure(n, unit, "measured", n=n if of is None else of)


# -- how long does it take? --------------------------------------------------------------------------


def speed(quick: bool) -> Figures:
    """Warm judgements of C and numba kernels; static verdicts of Triton kernels."""
    names = [name for name, kernel in own_kernels().items() if kernel.backend in ("c", "numba")]
    ahead = [name for name, kernel in own_kernels().items() if kernel.backend == "triton"]
    if quick:
        names, ahead = names[::9], ahead[::6]
    judged, compiled = [], []
    tick = ticker("judgements", len(names) + len(ahead))
    for name in names:
        with KernelJudge(_task(name)) as judge:
            kernel = own_kernels()[name]
            judge.judge(kernel)  # from here on the task is known
            judged.append(_timed(lambda judge=judge, kernel=kernel: judge.judge(kernel)))
        tick()
    for name in ahead:
        with KernelJudge(_task(name)) as judge:
            source, kernel = judge.source(judge.task.shapes[0]), own_kernels()[name]
            compile_ahead(kernel, judge.task, source=source)
            compiled.append(
                _timed(
                    lambda s=source, k=kernel, t=judge.task: compile_ahead(k, t, source=s, targets=("sm_90",))
                )
            )
        tick()
    return {
        "judge_p50_s": median(judged, "s") if judged else None,
        "aot_p50_s": median(compiled, "s") if compiled else None,
    }


def _timed(action: Callable[[], Outcome]) -> float:
    began = time.perf_counter()
    outcome = action()
    if not outcome.ok:
        raise AssertionError(f"{outcome.status}: {outcome.feedback}")
    return time.perf_counter() - began


def search(quick: bool) -> Figures:
    """Seconds of a schedule search of 500 candidates, two trajectories side by side, verdicts remembered."""
    wanted = SEARCHED // 50 if quick else SEARCHED
    began, tried = time.perf_counter(), 0
    for name in ("softmax", "layernorm", "gelu", "cumsum", "matmul", "conv2d", "attention", "cross_entropy"):
        left = wanted - tried
        if left <= 0:
            break
        turns = max(1, min(left, wanted // 8 + 1) // 2)
        study = refine_kernel(name, turns=turns, trajectories=2, record=False)
        tried += len(study.turns)
    seconds = time.perf_counter() - began
    return {"search_500_s": Figure(seconds * SEARCHED / max(1, tried), "s", "measured", n=tried)}


# -- how far does the embedded proposer get? -----------------------------------------------------------


def wins(quick: bool) -> Figures:
    """Tasks whose best kernel beats eager torch and torch.compile."""
    names = sorted({name.partition(".")[0] for name in own_kernels()})
    names = random.Random(code_hash(*ROOMS)).sample(names, 1) if quick else names
    tick, rows = ticker("tasks", len(names)), []
    for name in names:
        rows.append((name, *_beaten(name, compiled=not quick)))
        tick()
    for name, eager, compiled, words in rows:
        print(
            f"{name:26} {'beats eager' if eager else '':12} {'beats compile' if compiled else '':14} {words}"
        )
    won = [name for name, eager, *_ in rows if eager]
    return {
        "tasks": _count(len(rows), "tasks"),
        "beat_eager": _count(len(won), "tasks", len(rows)),
        "beat_eager_heavy": _count(sum(own_tasks()[name].family in HEAVY for name in won), "tasks", len(won)),
        "beat_compile": None if quick else _count(sum(c for *_, c, _ in rows), "tasks", len(rows)),
    }


def _beaten(name: str, compiled: bool) -> tuple[bool, bool, str]:
    """(faster than eager, than compile, at every shape with one and with two threads; the speedups)."""
    best = _best(name)
    eager, fast, words = True, compiled, []
    for threads in (1, 2):
        with KernelJudge(own_tasks()[name], threads=threads) as judge:
            for baseline in ("eager", "compile"):
                if not (eager if baseline == "eager" else fast):
                    continue
                outcome = judge.faster_than(baseline, best)
                won = outcome.ok and all(s["verdict"]["answer"] == "faster" for s in outcome.detail["shapes"])
                figure = outcome.figures.get("speedup")
                words.append(f"{baseline} {threads}t {figure.value:.2f}x" if figure else outcome.status)
                if baseline == "eager":
                    eager = won
                    fast = fast and won
                else:
                    fast = won
    return eager, fast, ", ".join(words)


def _best(name: str) -> Kernel:
    """The best kernel of the embedded proposer's search from the lab's own."""
    start = start_kernels(name)[0]
    study = refine_kernel(name, start, turns=TURNS, record=False)
    return Kernel(study.source, start.backend)


def _task(name: str):
    return own_tasks()[name.partition(".")[0]]


def _quoted(fresh: Figures, code: str) -> Figures:
    """The full run's counts, where this sample's agree with them, else None."""
    past = stored(committed("kernels"))
    caught, of = fresh["cheats_rejected"].value + fresh["honest_accepted"].value, SAMPLE

    def agrees(figure: Figure) -> bool:
        return could_be(share(round(figure.value), max(1, figure.n)), share(round(caught), of))

    same = confirmed(past.get("cheats_rejected"), code, agrees)
    names = [*PARTS["conformance"].figures, *PARTS["wins"].figures]
    return {name: past.get(name) if same else None for name in names}


PARTS = {
    "conformance": Part(("cheats", "cheats_rejected", "honest", "honest_accepted"), conformance),
    "speed": Part(("judge_p50_s", "aot_p50_s"), speed),
    "search": Part(("search_500_s",), search),
    "wins": Part(("tasks", "beat_eager", "beat_eager_heavy", "beat_compile"), wins),
}
