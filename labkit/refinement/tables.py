"""Studies as tables: turn by turn, by proposer, by start, and serial beside parallel at one budget.

Covered: rows for people and for plots (pandas). Not covered: figures about many tasks (see metrics).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from labkit.errors import BadInput, need

from .study import Study, Turn


def progress(study: Study):
    """One row a turn: cost over the start's (`raw`, NaN where it failed), best so far (needs pandas).

    `spent` is the sum of tokens up to there, `used` the number of turns of all trajectories up to there, when
    they go round in turn: with it serial and parallel studies compare at one budget.
    """
    rows, best = [], math.inf
    for used, turn in enumerate(_in_rounds(study)):
        raw = turn.cost_ratio if turn.outcome.ok else math.nan
        if turn.kept:
            best = min(best, raw)
        rows.append(
            {
                "used": used, "trajectory": turn.trajectory, "turn": turn.number,
                "origin": turn.candidate.origin, "raw": raw, "best": best,
                "spent": turn.candidate.spent.get("tokens", 0.0),
            }
        )  # fmt: skip
    frame = need("pandas", "lab").DataFrame(rows)
    return frame.assign(spent=frame.spent.cumsum())


def _in_rounds(study: Study) -> Iterator[Turn]:
    """The starts, then every trajectory's first turn, every second …"""
    for number in range(max(len(each.turns) for each in study.trajectories)):
        for each in study.trajectories:
            if number < len(each.turns):
                yield each.turns[number]


def yields(studies: Study | Iterable[Study]):
    """One row a proposer: turns, how many passed and were kept, what the kept ones gained (needs pandas)."""
    turns = [turn for study in _several(studies) for turn in study.turns]
    found: dict[str, dict[str, float]] = {}
    for turn in turns:
        row = found.setdefault(
            turn.candidate.origin, {"turns": 0, "passed": 0, "kept": 0, "log_gain": 0.0, "tokens": 0.0}
        )
        row["turns"] += 1
        row["passed"] += turn.outcome.ok
        row["kept"] += turn.kept
        row["log_gain"] += -math.log(turn.verdict.ratio) if turn.kept and turn.verdict else 0.0
        row["tokens"] += turn.candidate.spent.get("tokens", 0.0)
    rows = [
        {"origin": origin, **row, "gain": math.exp(row.pop("log_gain") / max(1, row["kept"]))}
        for origin, row in found.items()
    ]
    columns = ["origin", "turns", "passed", "kept", "gain", "tokens"]
    frame = need("pandas", "lab").DataFrame(rows, columns=columns)
    return frame.sort_values(["kept", "gain"], ascending=False, ignore_index=True)


def starts(study: Study):
    """One row a start, and one for all of them: what it cost, and the best reached from it (needs pandas)."""
    rows = [_of_start(turns[0], turns) for turns in (each.turns for each in study.trajectories)]
    every = [turn for each in study.trajectories for turn in each.turns]
    rows.append({**_of_start(every[0], every), "start": f"all {len(rows)}"})
    return need("pandas", "lab").DataFrame(rows)


def _of_start(start: Turn, turns: Sequence[Turn]) -> dict[str, Any]:
    passed = [turn.cost_ratio for turn in turns if turn.kept]
    return {
        "start": start.candidate.origin, "passes": start.outcome.ok,
        "cost": start.cost_ratio if start.outcome.ok else math.nan,
        "best": min(passed, default=math.nan), "turns": sum(turn.number > 0 for turn in turns),
    }  # fmt: skip


def serial_parallel(task: Any, proposer: Any = None, *, budget: int = 12, **options: Any):
    """The same budget of turns, from one long trajectory to many of one turn: one row a shape (needs pandas).

    Each row is a study of its own, in column `study`; the other options are those of `refine`.
    """
    from .loop import refine

    if not isinstance(budget, int) or isinstance(budget, bool) or budget < 1:
        raise BadInput(f"budget={budget!r}: give a whole number of turns from 1 on")
    rows = []
    for many in (m for m in range(1, budget + 1) if budget % m == 0):
        study = refine(task, proposer, trajectories=many, turns=budget // many, **options)
        gain = study.gain
        rows.append(
            {
                "parallel": many, "serial": budget // many, "gain": gain.value if gain else 1.0,
                "lo": gain.lo if gain else None, "hi": gain.hi if gain else None,
                "used": len(study.turns), "kept": sum(turn.accepted for turn in study.turns), "study": study,
            }
        )  # fmt: skip
    return need("pandas", "lab").DataFrame(rows)


def _several(studies: Study | Iterable[Study]) -> list[Study]:
    return [studies] if isinstance(studies, Study) else list(studies)


def turns_table(turns) -> str:
    """The turns as an HTML table that needs neither style nor script."""
    head = "".join(f"<th scope=col>{name}</th>" for name in ("turn", "proposed by", "status", "kept", "why"))
    rows = "".join(
        f"<tr><td>{turn.trajectory}.{turn.number}</td><td>{escape(turn.candidate.origin)}</td>"
        f"<td>{escape(turn.outcome.status)}</td><td>{'kept' if turn.kept else 'rejected'}</td>"
        f"<td>{escape(turn.reason)}</td></tr>"
        for turn in turns
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
