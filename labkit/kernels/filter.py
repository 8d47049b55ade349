"""Which tasks can be judged at all: one whose output hardly depends on its input proves nothing.

Under the tolerance that benchmarks use (1e-2), zeros pass four of KernelBench's first hundred tasks
(its issue 165), and in others a constant does. Such a task is refused, with the reason.
"""

from __future__ import annotations

import numpy as np

from .material import Material, Source

CLOSE = 1e-2  # the widest tolerance in use
MOSTLY = 0.999


def degenerate(source: Source) -> str:
    """Why no verdict on this task at this shape means anything; '' when one does."""
    one, two = source.get(0), source.get(1)
    if all(e.exact.size == 0 for e in one.expected):
        return "it has no output"
    if not all(np.isfinite(e.exact).mean() > MOSTLY for e in one.expected):
        return "its output is not finite"
    reasons = [_reason(one, two, i) for i in range(len(one.expected))]
    return reasons[0] if all(reasons) else ""  # one output that means something is enough


def _reason(one: Material, two: Material, i: int) -> str:
    exact, other = one.expected[i].exact, two.expected[i].exact
    if exact.size == 1:  # nothing to compare it with but another input's
        return "other inputs give the same output" if np.allclose(exact, other, CLOSE, CLOSE) else ""
    with np.errstate(all="ignore"):
        if np.isclose(exact, 0, CLOSE, CLOSE).mean() > MOSTLY:
            return "zeros pass as its output"
        if np.isclose(exact, np.median(exact), CLOSE, CLOSE).mean() > MOSTLY:
            return "a constant passes as its output: its range is too small"
        if np.isclose(exact, other, CLOSE, CLOSE).mean() > MOSTLY:
            return "other inputs give the same output"
    return ""
