"""`labkit bench kernels`: is the judge right, how long does it take, how far does the embedded proposer get?

A win: faster than the baseline at every timed shape of a task (the lower end of the interval above 1), with
one thread and with two. Parts may be measured one by one: figures that the JSON file holds of the same code
stay. Not covered here: a GPU, until one is there.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from labkit.bench import (
    Figures,
    Stored,
    code_hash,
    committed,
    confirmed,
    could_be,
    finish,
    in_parts,
    median,
    share,
    stored,
    ticker,
)  # fmt: skip
from labkit.kernels import KernelJudge, compile_ahead, own_kernels, own_tasks, refine_kernel, start_kernels
from labkit.kernels.backends import Kernel
from labkit.kernels.conformance import Checked, cheats, self_check
from labkit.kernels.schedule import all_settings
from labkit.record.provenance import device
from labkit.stats import Figure, Outcome

ROOMS = ("kernels", "refinement", "sandbox", "stats.py")
TURNS = 4  # schedules that the embedded proposer tries a task
PAIRS = 40  # at most, of which a win is told
SEARCHED = 500
HEAVY = {"matmul", "reduction", "norm", "softmax", "convolution", "attention"}
SAMPLE = 3  # cheats, and honest kernels, that a quick run judges anew


class Part(NamedTuple):
    """`figures`: what it always names."""

    figures: tuple[str, ...]
    measure: Callable[[bool], Figures]


def main(*, quick: bool = False, json_file: str | None = None, only: Sequence[str] | None = None) -> int:
    """Measure the parts named in `only` (all when None); `quick`: samples, and what they agree with."""
    code = code_hash(*ROOMS)

    def measure(name: str) -> Mapping[str, Figure | Stored | None]:
        return _quoted(name, code) if quick and name in TOLD_BY else PARTS[name].measure(quick)

    named = {name: part.figures for name, part in PARTS.items()}
    figures = in_parts("kernels", named, measure, code=code, only=only, json_file=json_file, quick=quick)
    print(f"device: {device()['cpu']}")
    return finish("kernels", figures, json_file, quick=quick)


def _quoted(part: str, code: str) -> dict[str, Stored | None]:
    """The full run's figures of a part, or None: the code has changed, or a fresh sample disagrees."""
    past, fresh = stored(committed("kernels")), PARTS[part].measure(True)

    def agrees(key: str) -> bool:
        sample = _share(fresh[key])
        return bool(confirmed(past.get(key), code, lambda figure: could_be(_share(figure), sample)))

    same = all(agrees(key) for key in TOLD_BY[part])
    return {name: past.get(name) if same else None for name in PARTS[part].figures}


def _share(count: Figure) -> Figure:
    return share(round(count.value), count.n)


# -- is the judge right? -----------------------------------------------------------------------------


def conformance(quick: bool) -> Figures:
    """How many of the labelled cheats are rejected by name, and of the honest kernels accepted."""
    groups = [list(cheats()), list(own_kernels())]
    if quick:
        groups = [random.Random(code_hash(*ROOMS)).sample(group, SAMPLE) for group in groups]
    names = [name for group in groups for name in group]
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
            judge.judge(own_kernels()[name])  # from here on the task is known
            unseen = _unseen(own_kernels()[name])
            judged.append(_timed(lambda judge=judge, kernel=unseen: judge.judge(kernel)))
        tick()
    for name in ahead:
        with KernelJudge(_task(name)) as judge:
            source, kernel = judge.source(judge.task.shapes[0]), own_kernels()[name]
            compile_ahead(kernel, judge.task, source=source)
            compiled.append(_timed(lambda s=source, k=kernel, t=judge.task: compile_ahead(k, t, source=s)))
        tick()
    return {
        "judge_p50_s": median(judged, "s") if judged else None,
        "aot_p50_s": median(compiled, "s") if compiled else None,
    }


def _unseen(kernel: Kernel) -> Kernel:
    """The same kernel, of which the judge has compiled nothing."""
    mark = "//" if kernel.backend == "c" else "#"
    return kernel._replace(source=f"{kernel.source}\n{mark} once more\n")


def _timed(action: Callable[[], Outcome]) -> float:
    began = time.perf_counter()
    outcome = action()
    if not outcome.ok:
        raise AssertionError(f"{outcome.status}: {outcome.feedback}")
    return time.perf_counter() - began


def search(quick: bool) -> Figures:
    """Seconds of a schedule search of 500 candidates, two trajectories side by side, verdicts remembered.

    Of the tasks with most schedules, all of them; `search_distinct`: the candidates that had to be judged.
    """
    wanted = SEARCHED // 50 if quick else SEARCHED
    starts = {name: start_kernels(name)[0] for name in own_tasks() if start_kernels(name)}
    names = sorted(starts, key=lambda name: -len(all_settings(starts[name].source)))
    began, tried, distinct, tick = time.perf_counter(), 0, 0, ticker("candidates", wanted)
    for name in names:
        most = min(len(all_settings(starts[name].source)) - 1, (wanted - tried) // 2)
        if most < 1:
            break
        study = refine_kernel(name, starts[name], turns=most, trajectories=2, record=False)
        tried += len(study.turns)
        distinct += len({turn.candidate.source for turn in study.turns})
        for _ in study.turns:
            tick()
    seconds = time.perf_counter() - began
    return {
        "search_500_s": Figure(seconds * SEARCHED / max(1, tried), "s", "measured", n=tried),
        "search_distinct": _count(distinct, "kernels", tried),
    }


# -- how far does the embedded proposer get? -----------------------------------------------------------


def wins(quick: bool) -> Figures:
    """Tasks whose best kernel beats eager torch and torch.compile."""
    names = sorted({name.partition(".")[0] for name in own_kernels()})
    names = random.Random(code_hash(*ROOMS)).sample(names, 1) if quick else names
    tick, rows = ticker("tasks", len(names)), []
    for name in names:
        rows.append((name, *_beaten(name, compiled=not quick)))
        _, eager, compiled, words = rows[-1]
        said = f"{'beats eager' if eager else '':12} {'beats compile' if compiled else '':14}"
        print(f"{name:26} {said} {words}", flush=True)
        tick()
    won = [name for name, eager, *_ in rows if eager]
    return {
        "tasks": _count(len(rows), "tasks"),
        "beat_eager": _count(len(won), "tasks", len(rows)),
        "beat_eager_heavy": _count(sum(own_tasks()[name].family in HEAVY for name in won), "tasks", len(won)),
        "beat_compile": None if quick else _count(sum(c for *_, c, _ in rows), "tasks", len(rows)),
    }


def _beaten(name: str, compiled: bool) -> tuple[bool, bool, str]:
    """(faster than eager, than compile, at every shape with one and with two threads; the speedups)."""
    eager, fast, words, best = True, compiled, [], None
    for threads in (1, 2):
        with KernelJudge(own_tasks()[name], threads=threads) as judge:
            best = best or _best(name, judge)
            patient = replace(judge, max_pairs=PAIRS)
            for baseline in ("eager", "compile"):
                if not (eager if baseline == "eager" else fast):
                    continue
                outcome = patient.faster_than(baseline, best)
                won = outcome.ok and all(s["verdict"]["answer"] == "faster" for s in outcome.detail["shapes"])
                figure = outcome.figures.get("speedup")
                words.append(f"{baseline} {threads}t {figure.value:.2f}x" if figure else outcome.status)
                if baseline == "eager":
                    eager = won
                    fast = fast and won
                else:
                    fast = won
    return eager, fast, ", ".join(words)


def _best(name: str, judge: KernelJudge) -> Kernel:
    """The best kernel of the embedded proposer's search from the lab's own."""
    start = start_kernels(name)[0]
    study = refine_kernel(name, start, turns=TURNS, judge=judge, record=False)
    return Kernel(study.source, start.backend)


def _task(name: str):
    return own_tasks()[name.partition(".")[0]]


PARTS = {
    "conformance": Part(("cheats", "cheats_rejected", "honest", "honest_accepted"), conformance),
    "speed": Part(("judge_p50_s", "aot_p50_s"), speed),
    "search": Part(("search_500_s", "search_distinct"), search),
    "wins": Part(("tasks", "beat_eager", "beat_eager_heavy", "beat_compile"), wins),
}
# A part that no quick run has time for: the counts by which a sample of it is held against the full run's.
TOLD_BY = {"conformance": ("cheats_rejected", "honest_accepted"), "wins": ("beat_eager",)}
