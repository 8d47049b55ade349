"""The embedded proposer of kernels: other schedules of a kernel that works, by its tunables.

A tunable is a line that names its alternatives, `#define TILE 64  // one of: 16 32 64` in C or
`TILE = 64  # one of: 16 32 64` in Python. A search starts from the incumbent's values and changes one or two
at a time, those first that paid before. Not covered: kernels that nobody has written yet; those come from the
endpoint and model proposers of `labkit.refinement`.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labkit.errors import need
from labkit.refinement.study import Candidate, Trajectory, Turn

_LINE = re.compile(
    r"^(?P<head>[ \t]*(?:#[ \t]*define[ \t]+(?P<c>\w+)[ \t]+|(?P<py>[A-Za-z_]\w*)[ \t]*=[ \t]*))"
    r"(?P<value>[^\s/#]+)(?P<tail>[ \t]*(?://|#)[ \t]*one of:[ \t]*(?P<choices>[^\n]+))$",
    re.M,
)
Settings = Mapping[str, str]
LOOKS = 4  # schedules that a gate ranks a turn


def tunables(source: str) -> dict[str, list[str]]:
    """Name and alternatives of each tunable of a kernel.

    >>> tunables("#define TILE 64  // one of: 16 64")
    {'TILE': ['16', '64']}
    """
    return {m["c"] or m["py"]: m["choices"].split() for m in _LINE.finditer(source)}


def settings(source: str) -> dict[str, str]:
    """The values that the tunables of a source have now."""
    return {m["c"] or m["py"]: m["value"] for m in _LINE.finditer(source)}


def with_settings(source: str, values: Settings) -> str:
    """The same kernel under other values."""

    def line(match: re.Match) -> str:
        return match["head"] + values.get(match["c"] or match["py"], match["value"]) + match["tail"]

    return _LINE.sub(line, source)


@dataclass(frozen=True)
class ScheduleProposer:
    """`also`: other kernels for the same task (another back end, say) that are tried first, in order.

    `sampler`: "neighbours" changes what paid; "optuna" has its TPE sampler choose, from the same history.
    `gate`: seconds that a source would take at best, or None for one that is not worth running
    (`static.Gate`); with it the best of LOOKS schedules is proposed.
    """

    also: tuple[str, ...] = ()
    sampler: str = "neighbours"
    seed: int = 0
    gate: Callable[[str], float | None] | None = field(default=None, compare=False)
    name: str = field(default="schedule", compare=False)

    def for_trajectory(self, k: int) -> ScheduleProposer:
        return replace(self, seed=self.seed + 1000 * k)

    def propose(self, task: Any, history: Sequence[Turn]) -> Candidate | None:
        """The next schedule that was not tried; None when every one was."""
        seen = {turn.candidate.source for turn in history}
        if self.gate is None:
            return self._drawn(history, seen, 0)
        ranked: list[tuple[float, Candidate]] = []
        while len(ranked) < LOOKS and (candidate := self._drawn(history, seen, len(seen))):
            seen.add(candidate.source)
            if (least := self.gate(candidate.source)) is not None:
                ranked.append((least, candidate))
        return min(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _drawn(self, history: Sequence[Turn], seen: set[str], salt: int) -> Candidate | None:
        if fresh := next((source for source in self.also if source not in seen), None):
            return Candidate(fresh, "template")
        draw = random.Random(f"{self.seed}:{len(history)}:{salt}")
        base = Trajectory(tuple(history)).best.candidate.source
        choose = self._asked_of_optuna if self.sampler == "optuna" else _neighbour
        for _ in range(4):
            values = choose(draw, base, history)
            source = with_settings(base, values)
            if source not in seen:
                return _candidate(base, values, source)
        left = [v for v in all_settings(base) if with_settings(base, v) not in seen]
        if not left:
            return None
        values = draw.choice(left)
        return _candidate(base, values, with_settings(base, values))

    def _asked_of_optuna(self, draw: random.Random, base: str, history: Sequence[Turn]) -> Settings:
        optuna = need("optuna", "kernels")
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        sampler = optuna.samplers.TPESampler(seed=draw.randrange(2**31), n_startup_trials=4)
        study = optuna.create_study(sampler=sampler)
        choices = tunables(base)
        space = {name: optuna.distributions.CategoricalDistribution(some) for name, some in choices.items()}
        for turn in history:
            given = settings(turn.candidate.source)
            cost = turn.outcome.figures.get("wall_s") if turn.outcome.ok else None
            if given.keys() == choices.keys() and all(given[n] in choices[n] for n in given):
                value = math.log(cost.value) if cost else 10.0
                study.add_trial(optuna.trial.create_trial(params=given, distributions=space, value=value))
        trial = study.ask(space)
        return dict(trial.params)


def _candidate(base: str, values: Settings, source: str) -> Candidate:
    now = settings(base)
    changed = [f"{name} {now[name]} → {value}" for name, value in values.items() if now[name] != value]
    return Candidate(source, "schedule", ", ".join(changed))


def _neighbour(draw: random.Random, base: str, history: Sequence[Turn]) -> Settings:
    """One tunable changed to a value nearby, now and then a second; those that paid are drawn more often."""
    values, choices = settings(base), tunables(base)
    open_ = [name for name, some in choices.items() if len(some) > 1]
    if not open_:
        return values
    gains = [1.0 + sum(f"{name} " in t.candidate.note and t.kept for t in history) for name in open_]
    for name in {*draw.choices(open_, gains, k=1 if draw.random() < 0.7 else 2)}:
        some = choices[name]
        at = some.index(values[name]) if values[name] in some else 0
        steps = [i for i in (at - 1, at + 1) if 0 <= i < len(some)]
        values[name] = some[draw.choice(steps)] if draw.random() < 0.6 else draw.choice(some)
    return values


def all_settings(base: str, most: int = 4096) -> list[Settings]:
    """Every setting, as far as there are not too many to list."""
    found: list[dict[str, str]] = [{}]
    for name, some in tunables(base).items():
        found = [{**values, name: choice} for values in found for choice in some][:most]
    return found
