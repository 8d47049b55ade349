"""What a refinement leaves behind: candidates, turns, trajectories, and the study with its best program."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

from labkit import record as records
from labkit.errors import BadInput, need
from labkit.stats import Figure, Outcome, Verdict


@dataclass(frozen=True)
class Candidate:
    """A program, and who proposed it (`start`, `rewrite:membership_set`, …).

    `problem`: the name of what went wrong, where a proposer has no program to give (`no_code`,
    `endpoint_down`, …; the words are in `note`); such a turn is recorded and nothing is run. `spent`: what
    the proposal cost, by unit (`tokens`, `usd`, `requests`).
    """

    source: str
    origin: str
    note: str = ""
    problem: str = ""
    spent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """A candidate, what running it showed, and whether it replaced the incumbent and why.

    `cost_ratio`: estimated cost of this candidate over the start's, a product of the accepted ratios; only
    the study's own verdict compares the best with the start directly.
    """

    trajectory: int
    number: int
    candidate: Candidate
    outcome: Outcome
    verdict: Verdict | None
    accepted: bool
    reason: str
    cost_ratio: float

    @property
    def kept(self) -> bool:
        """Accepted, and right: a start that fails is accepted, since there is nothing before it."""
        return self.accepted and self.outcome.ok

    def to_json(self) -> dict[str, Any]:
        return {
            "trajectory": self.trajectory, "number": self.number, "origin": self.candidate.origin,
            "note": self.candidate.note, "source": self.candidate.source,
            "problem": self.candidate.problem, "spent": dict(self.candidate.spent),
            "outcome": self.outcome.to_json(), "verdict": vars(self.verdict) if self.verdict else None,
            "accepted": self.accepted, "reason": self.reason, "cost_ratio": self.cost_ratio,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Turn:
        verdict = Verdict.from_json(data["verdict"]) if data["verdict"] else None
        given = {key: data[key] for key in ("problem", "spent") if key in data}  # not in older records
        candidate = Candidate(data["source"], data["origin"], data["note"], **given)
        outcome = Outcome.from_json(data["outcome"])
        keys = ("accepted", "reason", "cost_ratio")
        return cls(data["trajectory"], data["number"], candidate, outcome, verdict, *(data[k] for k in keys))


def spent(turns: Iterable[Turn], unit: str) -> float:
    """What the proposals of these turns cost, in one unit (`tokens`, `usd`, `requests`)."""
    return sum(turn.candidate.spent.get(unit, 0.0) for turn in turns)


@dataclass(frozen=True)
class Trajectory:
    """Turns in series, the start first; `ended` says why there are no more."""

    turns: tuple[Turn, ...]
    ended: str = ""

    @property
    def best_index(self) -> int:
        return max(i for i, turn in enumerate(self.turns) if turn.accepted)

    @property
    def best(self) -> Turn:
        return self.turns[self.best_index]


@dataclass(frozen=True)
class Study:
    """Trajectories of one task and the best program found.

    `verdict` compares the best with the original, in fresh interleaved runs, on inputs that no turn had seen
    where `held_out`; None when nothing was accepted, or the loop was stopped before it could be measured.
    """

    task: str
    original: str
    objective: str
    trajectories: tuple[Trajectory, ...]
    verdict: Verdict | None = None
    path: str | None = None
    held_out: bool = False

    @property
    def best(self) -> Turn:
        """The turn whose program is the best; the start when nothing was proved better."""
        start = self.trajectories[0].turns[0]
        if self.verdict and self.verdict.answer != "faster":
            return start
        passing = [t.best for t in self.trajectories if t.best.outcome.ok]
        return min(passing, key=lambda turn: turn.cost_ratio, default=start)

    @property
    def improved(self) -> bool:
        best = self.best
        better = self.verdict.answer == "faster" if self.verdict else best.cost_ratio < 1
        return best.outcome.ok and better and best.candidate.source != self.original

    @property
    def solved(self) -> bool:
        """Whether any program passes, faster than the original or not."""
        return any(each.best.outcome.ok for each in self.trajectories)

    def without(self, bad: Turn, reason: str, status: str = "wrong_answer") -> Study:
        """The study with that turn's acceptance taken back."""
        back = replace(bad, accepted=bad.number == 0, outcome=Outcome(status, {}, reason), reason=reason)
        trajectories = tuple(
            replace(each, turns=tuple(back if turn is bad else turn for turn in each.turns))
            for each in self.trajectories
        )
        return replace(self, trajectories=trajectories)

    @property
    def source(self) -> str:
        """Source of the best program; the original's when nothing was proved better."""
        return self.best.candidate.source if self.improved else self.original

    @property
    def diff(self) -> str:
        """Unified diff from the original to the best program."""
        lines = [s.splitlines(keepends=True) for s in (self.original, self.source)]
        return "".join(difflib.unified_diff(*lines, f"a/{self.task}.py", f"b/{self.task}.py"))

    @property
    def gain(self) -> Figure | None:
        """Cost of the original over cost of the best; None when nothing was proved better.

        Estimated, from the accepted turns, when the loop was stopped before the end.
        """
        if not self.improved:
            return None
        return self.verdict.speedup() if self.verdict else Figure(1 / self.best.cost_ratio, "x", "estimated")

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every turn but the starts, trajectory by trajectory."""
        return tuple(turn for each in self.trajectories for turn in each.turns[1:])

    @property
    def rejected(self) -> tuple[Turn, ...]:
        """The turns that were not kept; each says why."""
        return tuple(turn for turn in self.turns if not turn.accepted)

    @property
    def time_saved(self) -> Figure | None:
        """Share of the judging time that small inputs saved, by the start's own time on the large ones."""
        early = [turn for turn in self.turns if turn.outcome.detail.get("stage") == "small"]
        runs = [
            turn.outcome.detail[key]
            for turn in self.turns
            for key in ("run_s", "judged_s")
            if key in turn.outcome.detail
        ]
        start = self.trajectories[0].turns[0].outcome.detail.get("run_s")
        if start is None or not runs:
            return None
        saved = sum(max(0.0, start - turn.outcome.detail["judged_s"]) for turn in early)
        return Figure(saved / (saved + sum(runs)), "share", "estimated", n=len(early))

    @property
    def figures(self) -> dict[str, Figure]:
        turns = self.turns
        accepted = sum(turn.accepted for turn in turns)
        counts = {
            "turns": Figure(len(turns), "turns", "measured", n=len(turns)),
            "accepted": Figure(accepted, "turns", "measured", n=len(turns)),
        }
        counts |= {"time_saved": saved} if (saved := self.time_saved) else {}
        counts |= {
            unit: Figure(total, unit, "measured", n=len(turns))
            for unit in ("tokens", "usd")
            if (total := spent(turns, unit))
        }
        name = "speedup" if self.objective == "time" else f"{re.sub(r'[^a-z]+', '_', self.objective)}_gain"
        return {name: self.gain, **counts} if self.gain else counts

    def to_frame(self):
        """One row a turn (needs pandas)."""
        rows = [
            {
                "trajectory": turn.trajectory, "turn": turn.number, "origin": turn.candidate.origin,
                "status": turn.outcome.status, "accepted": turn.accepted, "reason": turn.reason,
                "cost_ratio": turn.cost_ratio,
                **{name: figure.value for name, figure in turn.outcome.figures.items()},
            }
            for t in self.trajectories for turn in t.turns
        ]  # fmt: skip
        return need("pandas", "lab").DataFrame(rows)

    def summary(self) -> str:
        """One line: the gain with its interval, or that nothing was proved better."""
        turns = int(self.figures["turns"].value)
        if not self.improved:
            return f"{self.task}: nothing proved better in {turns} turns"
        gain = self.gain
        pairs = (
            f" [{gain.lo:.2f}, {gain.hi:.2f}] ({gain.how}, {gain.n} pairs)"
            if self.verdict
            else f" ({gain.how})"
        )
        pairs += " on fresh inputs" if self.held_out and self.verdict else ""
        return f"{self.task}: {gain.value:.2f}x less {self.objective}{pairs}, {turns} turns"

    def __repr__(self) -> str:
        return f"<{self.summary()}>" + (f"\n{self.diff}" if self.improved else "")

    def _repr_html_(self) -> str:
        from .tables import turns_table

        table = turns_table(turn for t in self.trajectories for turn in t.turns)
        diff = f"<pre>{escape(self.diff)}</pre>" if self.improved else ""
        return f"<p>{escape(self.summary())}</p>{table}{diff}"


def load_study(record: records.Loaded | str | Path) -> Study:
    """The study that a record holds, without running anything. BadInput where it is another's record."""
    loaded = record if isinstance(record, records.Loaded) else records.load(record)
    events = loaded.events()
    task = next((event["data"] for event in events if event["kind"] == "task"), None)
    turns = [Turn.from_json(event["data"]) for event in events if event["kind"] == "turn"]
    if task is None or not turns:
        raise BadInput(f"{loaded.path}: not the record of a refinement that got as far as a turn")
    best = next((event["data"] for event in reversed(events) if event["kind"] == "best"), {})
    ended = dict(enumerate(best.get("ended", ())))
    trajectories = tuple(
        Trajectory(tuple(turn for turn in turns if turn.trajectory == k), ended.get(k, loaded.status))
        for k in sorted({turn.trajectory for turn in turns})
    )
    verdict = Verdict.from_json(best["verdict"]) if best.get("verdict") else None
    study = Study(task["name"], task["source"], task["objective"], trajectories, verdict, str(loaded.path))
    for data in (event["data"] for event in events if event["kind"] == "withdrawn"):
        bad = next(t for t in turns if (t.trajectory, t.number) == (data["trajectory"], data["number"]))
        study = study.without(bad, data["reason"])
    return replace(study, held_out=best.get("held_out", False))
