"""The candidates of a stored record once more, in order. Not covered: what they cost when they were made."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from labkit.errors import BadInput
from labkit.record import Loaded, load

from .study import Candidate, Study, Turn
from .task import CodeTask


@dataclass(frozen=True)
class ReplayProposer:
    """`record`: a run's folder, a loaded run, or a study; of the same task."""

    record: str | os.PathLike[str] | Loaded | Study
    trajectory: int = 0

    @property
    def name(self) -> str:
        return "replay"

    def for_trajectory(self, k: int) -> ReplayProposer:
        return replace(self, trajectory=k)

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        """The stored turn with the next number; None at the end. Raises BadInput for another task's."""
        name, turns = self._stored
        if name != task.name:
            raise BadInput(f"the record is of task {name!r}, not {task.name!r}: replay it on its own task")
        wanted = (self.trajectory, len(history))
        return next((turn.candidate for turn in turns if (turn.trajectory, turn.number) == wanted), None)

    @cached_property
    def _stored(self) -> tuple[str, list[Turn]]:
        if isinstance(self.record, Study):
            return self.record.task, [turn for each in self.record.trajectories for turn in each.turns]
        run = self.record if isinstance(self.record, Loaded) else load(self.record)
        names = [event["data"]["name"] for event in run.events("task")]
        if not names:
            raise BadInput(f"{run.path} holds no refinement: give the folder of a run of refine()")
        return names[0], [Turn.from_json(event["data"]) for event in run.events("turn")]
