"""What a language model is told, and how a program is read out of what it answers.

Covered: the published form (one line of figures, 2505.23387) and a richer one with reasons; code blocks in
any fence, with thinking around them. Not covered: other languages than Python. A prompt holds neither
solutions by others nor right answers other than those of the task's examples.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from labkit.errors import BadInput

from .growth import Growth
from .study import Trajectory, Turn
from .task import CodeTask

UNKNOWN = {"cpu_s": 90.0, "peak_mib": 1e6 / 1024, "integral_mib_s": 9e7 / 1024 / 1000}  # the paper's own
MOST_REJECTED = 5
LINE = 200
REASONS = 600  # characters of a refusal: it has a reason for each line that was refused
Messages = list[dict[str, str]]
_FENCE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[^\n]*\n(.*?)(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
_THINK = re.compile(r"<(think|thinking)>.*?(?:</\1>|\Z)", re.DOTALL)
_SOLUTION = re.compile(r"<solution>(.*?)(?:</solution>|\Z)", re.DOTALL)


def published(task: CodeTask, history: Sequence[Turn], objective: str) -> Messages:
    """One message: the task, the current best, one line of its figures, and what to do."""
    return [{"role": "user", "content": "\n\n".join(_parts(task, history, objective))}]


def rich(
    task: CodeTask,
    history: Sequence[Turn],
    objective: str,
    hot: str | None = None,
    growth: str | Growth | None = None,
) -> Messages:
    """The published form with the last comparison, reasons (the screen's too), hot spots, growth, failures.

    `hot`: text about where the cost is; by default what the loop measured of the best program. `growth`:
    text, or a Growth whose last program is the best one.
    """
    *parts, ask = _parts(task, history, objective)
    if hot is None and history:
        hot = Trajectory(tuple(history)).best.outcome.detail.get("hot_text")
    compared = [turn.verdict for turn in history if turn.verdict]
    if compared:
        last = compared[-1]
        parts.append(
            f"The last comparison: {last.lo:.2f} to {last.hi:.2f} of the cost before ({last.answer})."
        )
    rejected = [turn for turn in history if not turn.accepted][-MOST_REJECTED:]
    if rejected:
        lines = [f"- {turn.candidate.origin}: {_why(task, turn)}" for turn in rejected]
        parts.append("Rejected so far:\n" + "\n".join(lines))
    failed = [turn for turn in history if "input" in turn.outcome.detail]
    if failed:
        parts.append(f"The last failing input: {_said(task, failed[-1], failed[-1].outcome.feedback)}")
    parts += [f"Where the cost is:\n{hot}"] if hot else []
    words = grows(growth) if isinstance(growth, Growth) else growth
    parts += [f"How the cost grows:\n{words}"] if words else []
    return [{"role": "user", "content": "\n\n".join([*parts, ask])}]


def grows(growth: Growth, program: str | None = None) -> str:
    """One line about one program, the last unless it is named; '' where nothing was measured.

    Raises BadInput for a program that the growth does not have.
    """
    fits = growth.fits
    if program is not None and program not in fits:
        raise BadInput(f"no program {program!r} here: there are {', '.join(fits) or 'none'}")
    if not fits:
        return ""
    fit = fits[program or list(fits)[-1]]
    if (slope := fit.slope) is None:
        return f"{growth.objective}: {fit.word}"
    interval = "" if None in (slope.lo, slope.hi) else f" [{slope.lo:.2f}, {slope.hi:.2f}]"
    return f"{growth.objective} grows as {fit.word} (slope {slope.value:.2f}{interval}, n: {growth.axis})"


class Form(NamedTuple):
    """A way to ask: `write(task, history, objective)`: the messages; `read(answer, entry)`: a program."""

    name: str
    write: Callable[[CodeTask, Sequence[Turn], str], Messages]
    read: Callable[[str, str], str | None]


def form_of(prompt: str | Form) -> Form:
    """The form with this name, or the one given. Raises BadInput."""
    if isinstance(prompt, Form):
        return prompt
    if prompt not in FORMS:
        raise BadInput(f"prompt={prompt!r}: choose {' or '.join(FORMS)}, or give a Form")
    return FORMS[prompt]


class Failed(Exception):
    """A named outcome on its way to a candidate; `wait_s`: it may pass, after so long."""

    def __init__(self, name: str, words: str, wait_s: float | None = None) -> None:
        super().__init__(words)
        self.name, self.wait_s = name, wait_s


def proposed(
    task: CodeTask,
    history: Sequence[Turn],
    objective: str,
    prompt: str | Form,
    ask: Callable[[Messages, int], tuple[str, str]],
) -> tuple[str, str]:
    """(a program that is new, a note), asked for once more where the first has been tried.

    `ask(messages, attempt)` gives (the answer, a note). Raises Failed: no_code, repeated, or what `ask` says.
    """
    form = form_of(prompt)
    messages = form.write(task, history, objective)
    tried = {turn.candidate.source.strip() for turn in history}
    for attempt in range(2):
        text, note = ask(messages, attempt)
        source = form.read(text, task.program.entry)
        if source is None:
            raise Failed("no_code", f"no code block defines {task.program.entry}: {text.strip()[:120]!r}")
        if source.strip() not in tried:
            return source, note
        again = "That program has been tried already. Give a different one."
        messages = [*messages, {"role": "assistant", "content": text}, {"role": "user", "content": again}]
    raise Failed("repeated", "the same program as one already tried, also when told so")


def _parts(task: CodeTask, history: Sequence[Turn], objective: str) -> list[str]:
    best = Trajectory(tuple(history)).best if history else None
    source = best.candidate.source if best else ""
    passed = bool(best and best.outcome.ok)
    figures = {
        **UNKNOWN,
        **({k: f.value for k, f in best.outcome.figures.items()} if best and passed else {}),
    }
    examples = [f"{task.program.entry}{args!r} == {answer!r}" for args, answer in task.examples]
    goal = f"Keep every answer and lower its {objective}." if passed else "Make it give right answers first."
    return [
        "You are an expert Python programmer who makes programs cheaper without changing what they do.",
        f"## Task\n{task.statement or f'Improve the function {task.program.entry}.'}",
        *(["## Examples\n" + "\n".join(examples)] if examples else []),
        f"## Original Solution\n```python\n{source or '# no code yet'}\n```",
        f"Passed: {passed} / Time: {figures['cpu_s']:.4g} s / Memory: {figures['peak_mib']:.4g} MiB / "
        f"Integral: {figures['integral_mib_s']:.4g} MiB·s",
        f"{goal} Define the function `{task.program.entry}`. Answer with one markdown code block only.",
    ]


def _why(task: CodeTask, turn: Turn) -> str:
    """Why a turn was not kept; of one that the screen refused, all the reasons."""
    if turn.outcome.status != "refused":
        return _said(task, turn, turn.reason)
    return f"refused before it was run: {' '.join(turn.outcome.feedback.split())[:REASONS]}"


def _said(task: CodeTask, turn: Turn, words: str) -> str:
    """One line of at most LINE characters; a right answer stays in only where it is an example's."""
    at = re.search(r"\binput (\d+)", words)
    example = at and int(at[1]) < len(task.examples)
    if not example and (turn.outcome.status == "wrong_answer" or "wrong_answer" in words):
        words = f"wrong answer on {at[0]}" if at else "wrong answer"
    return " ".join(words.split())[:LINE]


def extract_code(text: str, entry: str) -> str | None:
    """The last code block that defines `entry`; the bare text where that is a program; else None.

    >>> extract_code("Sure:\\n~~~\\ndef f(x):\\n    return x\\n", "f")
    'def f(x):\\n    return x\\n'
    >>> extract_code("I would rather not.", "f") is None
    True
    """
    return code_block(text, lambda block: defines(block, entry))


def code_block(text: str, wanted: Callable[[str], bool]) -> str | None:
    """The last code block that is `wanted`; the bare text where that is; else None."""
    text = _THINK.sub("", text.replace("\r\n", "\n"))
    solutions = _SOLUTION.findall(text)
    for part in [*reversed(solutions), text]:
        for block in reversed([match[2] for match in _FENCE.finditer(part)]):
            if wanted(block):
                return block
        if wanted(part):
            return part.strip() + "\n"
    return None


def defines(source: str, entry: str) -> bool:
    """Whether it is a Python program that defines `entry` at its top."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    targets = [t for node in body if isinstance(node, ast.Assign) for t in node.targets]
    return entry in functions or any(isinstance(t, ast.Name) and t.id == entry for t in targets)


FORMS = {"rich": Form("rich", rich, extract_code), "published": Form("published", published, extract_code)}
