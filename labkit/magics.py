"""`%%sandbox` runs a cell as a program, `%%refine` makes its function cheaper, `%%kernel` judges a kernel.

`%load_ext labkit` registers them. Options complete with Tab, `%%sandbox?` lists them.
"""

from __future__ import annotations

import argparse
import ast
import shlex
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from labkit.errors import BadInput, LabkitError, need

OPENING = "%%sandbox"
REFINE = "%%refine"
KERNEL = "%%kernel"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{self.prog}: {message}; {self.prog}? lists the options")


def parser() -> argparse.ArgumentParser:
    """The options of `%%sandbox`; a name in capitals is that of a variable in the notebook."""
    from labkit.sandbox.languages import LANGUAGES
    from labkit.sandbox.trial import OBJECTIVES

    options = _Parser(OPENING, add_help=False, description="Run this cell as a program in the sandbox.")
    add = options.add_argument
    add("--language", choices=tuple(LANGUAGES), default="python", help="what the cell is written in")
    add("--wall", type=float, metavar="S", help="wall-clock limit in seconds (10)")
    add("--cpu", type=float, metavar="S", help="CPU limit in seconds (10)")
    add("--memory", type=float, metavar="MIB", help="memory limit in MiB (1024)")
    add("--processes", type=int, metavar="N", help="process limit (16)")
    add("--isolation", choices=("auto", "bwrap", "none"), default="auto")
    add("--repeats", type=int, default=1, metavar="N", help="runs; figures are then medians")
    add("--against", metavar="NAME", help="variable that holds the program to beat: is this cell cheaper?")
    add("--objective", choices=tuple(OBJECTIVES), default="time", help="what is compared")
    add("--stdin", metavar="NAME", help="variable that holds what the program reads")
    add("--expected", metavar="NAME", help="variable that holds the output that is right")
    add("--save", metavar="NAME", help="variable that receives the view; NAME.result is the trial")
    add("--source", metavar="NAME", help="variable that receives the cell's text, for a later --against")
    add("--record", action="store_true", help="write a run record below runs/")
    add("--wait", action="store_true", help="return when it has ended, as a report needs it")
    return options


def refine_parser() -> argparse.ArgumentParser:
    """The options of `%%refine`; a name in capitals is that of a variable in the notebook."""
    options = _Parser(
        REFINE, add_help=False, description="Make a function of this cell cheaper by running it."
    )
    add = options.add_argument
    add("--inputs", metavar="NAME", required=True, help="variable: a list, the arguments of each call")
    add("--function", metavar="FUNCTION", help="which function (the last one of the cell)")
    add("--objective", default="time", help="time, memory, integral, latency, energy, or a mixture")
    add("--turns", type=int, default=8, metavar="N", help="candidates a trajectory (8)")
    add("--trajectories", type=int, default=1, metavar="N", help="side by side (1)")
    add("--tolerance", type=float, default=0.0, help="relative difference that still is the same answer (0)")
    add("--save", metavar="NAME", help="variable that receives the view; NAME.result is the study")
    add("--no-record", action="store_true", help="write no run record below runs/")
    add("--wait", action="store_true", help="return when it has ended, as a report needs it")
    add("--accept", action="store_true", help="wait, and define the best function in the notebook")
    return options


def kernel_parser() -> argparse.ArgumentParser:
    """The options of `%%kernel`; a name in capitals is that of a variable in the notebook."""
    options = _Parser(KERNEL, add_help=False, description="Judge the kernel in this cell, or search from it.")
    add = options.add_argument
    add("--task", metavar="TASK", required=True, help="a task of the lab, or a file in KernelBench's format")
    add("--backend", choices=("c", "numba", "torch", "triton", "cuda"), help="if not as the cell looks")
    add("--dtype", default="", help="float32, float16, … as the task has them (its first)")
    add("--threads", type=int, default=1, metavar="N")
    add("--compile", action="store_true", help="beside torch.compile, too: it takes a minute to start")
    add(
        "--turns",
        type=int,
        default=0,
        metavar="N",
        help="search so many schedules, live; 0 judges the cell (0)",
    )
    add("--save", metavar="NAME", help="variable that receives the result, or the view")
    add("--no-record", action="store_true", help="write no run record below runs/")
    add("--wait", action="store_true", help="return when a search has ended, as a report needs it")
    return options


def kernel(shell: Any, line: str, cell: str) -> Any:
    """Judge the kernel in `cell` as `line` says; a result, or the view of a search. Raises BadInput."""
    from labkit.kernels import bench_kernel
    from labkit.kernels import kernel as candidate

    given = _given(kernel_parser(), line)
    mine = candidate(cell, given.backend)
    options = {"dtype": given.dtype, "threads": given.threads}
    if not given.turns:
        baselines = ("eager", "compile") if given.compile else ("eager",)
        shown = bench_kernel(given.task, mine, baselines=baselines, **options)
    else:
        from labkit.widgets import KernelView

        shown = KernelView.start(given.task, mine, turns=given.turns, record=not given.no_record, **options)
        if given.wait:
            shown.wait()
    if given.save:
        shell.user_ns[given.save] = shown
    return shown


def _given(options: argparse.ArgumentParser, line: str) -> argparse.Namespace:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise BadInput(f"{options.prog} {line}: {error}") from None
    return options.parse_args(words)


def refine(shell: Any, line: str, cell: str) -> Any:
    """Run `cell`, then refine a function of it as `line` says; returns the view. Raises BadInput."""
    from labkit.widgets import RefinementView

    given = _given(refine_parser(), line)
    if given.inputs not in shell.user_ns:
        raise BadInput(f"{REFINE}: no variable {given.inputs!r} in this notebook")
    try:
        functions = [n.name for n in ast.parse(cell).body if isinstance(n, ast.FunctionDef)]
    except SyntaxError as error:
        raise BadInput(f"{REFINE}: line {error.lineno}: {error.msg}") from None
    name = given.function or (functions[-1] if functions else "")
    if name not in functions:
        raise BadInput(
            f"{REFINE}: this cell defines no function {name!r}: it has {', '.join(functions) or 'none'}"
        )
    _define(shell, cell)
    view = RefinementView.start(
        shell.user_ns[name], inputs=shell.user_ns[given.inputs], objective=given.objective, turns=given.turns,
        trajectories=given.trajectories, tolerance=given.tolerance, record=not given.no_record,
    )  # fmt: skip
    if given.save:
        shell.user_ns[given.save] = view
    if given.wait or given.accept:
        view.wait()
    if given.accept and view.result.improved:
        _define(shell, view.result.source)
    return view


def _define(shell: Any, source: str) -> None:
    """Run source in the notebook, its text kept to be read again; not as a cell, which would hide ours."""
    file = shell.compile.cache(source)
    try:
        exec(compile(source, file, "exec"), shell.user_ns)
    except Exception as error:
        raise BadInput(f"{REFINE}: the cell fails: {type(error).__name__}: {error}") from None


def sandbox(shell: Any, line: str, cell: str) -> Any:
    """Run `cell` as `line` says; returns the view. Raises BadInput, SandboxUnavailable."""
    from labkit.sandbox import Limits
    from labkit.widgets import SandboxView

    given = _given(parser(), line)
    limits = {"wall_s": given.wall, "cpu_s": given.cpu, "memory_mib": given.memory}
    limits["processes"] = given.processes
    options = {
        "language": given.language, "isolation": given.isolation, "repeats": given.repeats,
        "objective": given.objective, "record": given.record, "expected": _text(shell, given.expected),
        "limits": Limits(**{name: value for name, value in limits.items() if value is not None}),
        "stdin": _text(shell, given.stdin) or "",
    }  # fmt: skip
    against = _text(shell, given.against)
    programs = (cell,) if against is None else (against, cell)
    view = SandboxView.start(*programs, **options)
    for name, value in ((given.save, view), (given.source, cell)):
        if name:
            shell.user_ns[name] = value
    if given.wait:
        view.wait()
    return view


def _text(shell: Any, name: str | None) -> str | None:
    if name is None:
        return None
    if name not in shell.user_ns:
        raise BadInput(f"{OPENING}: no variable {name!r} in this notebook")
    value = shell.user_ns[name]
    if not isinstance(value, str):
        raise BadInput(f"{OPENING}: {name} is a {type(value).__name__}: give a variable that holds a str")
    return value


def complete(
    words: list[str], names: Iterable[str], options: argparse.ArgumentParser | None = None
) -> list[str]:
    """What may follow: `words` of the line so far, the last one unfinished; `names` of variables.

    >>> complete(["--lan"], [])
    ['--language']
    >>> complete(["--language", "ja"], [])
    ['javascript', 'java']
    >>> complete(["--against", ""], ["first"])
    ['first']
    """
    actions = {action.option_strings[0]: action for action in (options or parser())._actions}
    before, last = words[-2] if len(words) > 1 else "", words[-1]
    asked = actions.get(before)
    if asked is None or asked.nargs == 0:
        used = set(words[:-1])
        offered: Iterable[str] = [option for option in actions if option not in used]
    elif asked.choices:
        offered = asked.choices
    else:
        offered = names if asked.metavar == "NAME" else ()
    return [word for word in offered if word.startswith(last)]


def register(shell: Any) -> None:
    """Add the magics to an IPython shell, with completion; an error is one line, without traceback."""
    _register(shell, parser(), sandbox, str)
    _register(shell, refine_parser(), refine, list)
    _register(shell, kernel_parser(), kernel, str)


def _register(shell: Any, options: argparse.ArgumentParser, run: Callable, kind: type) -> None:
    """One magic; `kind`: the type of the variables that its options name."""
    usage_error = need("IPython.core.error", "lab").UsageError
    matcher = need("IPython.core.completer", "lab").context_matcher
    simple = need("IPython.core.completer", "lab").SimpleCompletion
    opening = options.prog

    def magic(line: str, cell: str) -> Any:
        try:
            return run(shell, line, cell)
        except LabkitError as error:
            raise usage_error(str(error)) from None

    @matcher(identifier=opening)
    def completions(context: Any) -> dict[str, Any]:
        first, *words = _before_cursor(context).split(" ")
        found = complete(words, _names(shell, kind), options) if first == opening and words else []
        return {
            "completions": [simple(word, type="magic") for word in found],
            "suppress": bool(found),
            "matched_fragment": words[-1] if found else "",
        }

    magic.__doc__ = options.format_help()
    shell.register_magic_function(magic, "cell", opening.lstrip("%"))
    known = shell.Completer.custom_matchers
    known[:] = [old for old in known if getattr(old, "matcher_identifier", "") != opening]
    known.append(completions)


def _before_cursor(context: Any) -> str:
    return context.full_text.split("\n")[context.cursor_line][: context.cursor_position]


def _names(shell: Any, kind: type) -> list[str]:
    return [name for name, value in shell.user_ns.items() if isinstance(value, kind) and name[0] != "_"]
