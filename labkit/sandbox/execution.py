"""Run a program, or call a function of it, confined and measured from outside.

Covered: programs in eight languages, Python functions; limits on wall, CPU, memory, processes, output,
disk; a fast mode (a fork, for correctness) and a measured one (a fresh exec, a core of its own).
Not covered: figures of a fast run good enough to rank by.
"""

from __future__ import annotations

import functools
import statistics
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from labkit.errors import BadInput, SandboxUnavailable
from labkit.stats import Figure

from . import values
from .broker import Pool, pool
from .cores import lease
from .counts import counted
from .languages import BUILD, Toolchain, built, language_named, toolchain
from .request import (
    Count,
    check_mode,
    check_repeats,
    checked_limits,
    checked_source,
    checked_stdin,
    ending,
    exception_status,
    make_request,
)  # fmt: skip
from .results import Called, Execution, Isolation, Limits, Mode, spread

COMPILE_LIMITS = Limits(wall_s=120, cpu_s=120, memory_mib=4096, processes=64, disk_mib=1024, value_mib=128)
COMPILER_THREADS = 64
MOST_BUILT = 64
_built: dict[tuple, tuple[str, dict[str, bytes]]] = {}  # what compiling gave, the latest last


def capabilities(isolation: Isolation = "auto") -> dict[str, str]:
    """Which guards this machine offers: '' for each that works, else the reason it does not.

    >>> sorted(capabilities())[:3]
    ['cgroup', 'ipc_ns', 'landlock']
    """
    return dict(pool(isolation).known()[1])


def guards_for(isolation: str) -> tuple[str, ...]:
    """The strongest set of guards this machine allows.

    Raises SandboxUnavailable when that would be no isolation at all: neither a private root and
    network, nor Landlock with seccomp.
    """
    if isolation not in ("auto", "bwrap", "none"):
        raise BadInput(f"isolation={isolation!r}: choose 'auto', 'bwrap' or 'none'")
    on, problems = pool(isolation).known()
    if (
        isolation == "none"
        or {"pid_ns", "mount_ns", "net_ns"} <= set(on)
        or (isolation == "auto" and {"landlock", "seccomp"} <= set(on))
    ):
        return on
    reasons = "; ".join(f"{name}: {why}" for name, why in problems.items() if why)
    raise SandboxUnavailable(
        f"this machine offers no isolation ({reasons}); run it anyway with isolation='none' "
        "(command line: --isolation none) if you trust the program"
    )


def run(
    code: str,
    *,
    language: str = "python",
    stdin: str | bytes = b"",
    limits: Limits | None = None,
    mode: Mode = "measure",
    isolation: Isolation = "auto",
    preload: Sequence[str] = (),
    repeats: int = 1,
    count: Count = "",
    expected: str | None = None,
    stop: threading.Event | None = None,
) -> Execution:
    """Run a program in a fresh, confined process.

    No network, no view of the home folder or the environment, a scratch folder that disappears.
    `repeats`: that many runs, figures as medians with their interval. `count`: also count instructions, by
    the machine's counter ("perf") or by valgrind ("cachegrind", some 50 times slower). `expected`: the
    standard output that makes it right, white space at the ends of lines apart; it stays on this side.
    `preload`: modules a fast run finds imported. Errors: BadInput, SandboxUnavailable, Stopped.

    >>> run("print(6 * 7)").stdout
    '42\\n'
    >>> run("print(6 * 9)", expected="42").status
    'wrong_answer'
    """
    source = checked_source(code)
    check_mode(mode)
    check_repeats(repeats)
    if count not in ("", "perf", "cachegrind"):
        raise BadInput(f"count={count!r}: choose perf or cachegrind")
    if count and mode == "fast":
        raise BadInput("mode='fast' counts no instructions: use mode='measure'")
    if isinstance(preload, str):
        raise BadInput(f"preload={preload!r}: give a list of modules' names")
    stdin, limits = checked_stdin(stdin), checked_limits(limits)
    chain = toolchain(language_named(language).name)
    if isinstance(chain, str):
        return Execution("unavailable", detail=chain)
    guards = guards_for(isolation)
    broken, complaint, files = _compiled(source, chain, isolation, stop)
    if broken:
        return replace(broken, guards=guards)
    if complaint:
        return Execution("compile_error", stderr=complaint, detail=_gist(complaint), guards=guards)
    request = make_request(
        ["script", chain.language.source], limits, mode=mode, files=files, chain=chain, count=count,
        stdin=stdin,
    )  # fmt: skip
    brokers = pool(isolation, preload, chain.readable)
    baseline = _baseline_mib(language, isolation) if language != "python" else None
    runs: list[Execution] = []
    while len(runs) < repeats and all(run.ok for run in runs):
        done = _execution(request_of(brokers, request, stop), guards, baseline)
        if done.ok and expected is not None and _lines(done.stdout) != _lines(expected):
            words = values.first_difference(_lines(expected), _lines(done.stdout), "line")
            done = replace(done, status="wrong_answer", detail=words)
        runs.append(counted(done, count))
    return spread(runs)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _execution(reply: dict[str, Any], guards: tuple[str, ...], baseline_mib: float | None) -> Execution:
    stderr = reply.get("stderr", b"").decode(errors="replace")
    stdout = reply.get("stdout", b"").decode(errors="replace")
    status, detail, exit_code = ending(reply, stderr)
    if "cpu_s" not in reply:
        return Execution(status, stdout, stderr, exit_code, {}, guards, detail)
    base = reply["start_mib"] if baseline_mib is None else baseline_mib
    peak = max(0.0, reply["peak_mib"] - base)
    figures = {
        "wall_s": Figure(reply["wall_s"], "s", "measured"),
        "cpu_s": Figure(reply["cpu_s"], "s", "measured"),
        "peak_mib": Figure(peak, "MiB", "measured"),
        "integral_mib_s": Figure(reply["integral_mib_s"], "MiB·s", "measured", n=reply["samples"]),
        "baseline_mib": Figure(base, "MiB", "measured"),
    }
    if reply["instructions"]:
        if isinstance(reply["instructions"], str):
            detail = detail or f"instructions not counted: {reply['instructions']}"
        else:
            figures["instructions"] = Figure(reply["instructions"], "instructions", "measured")
    return Execution(status, stdout, stderr, exit_code, figures, guards, detail, tuple(reply["curve"]))


@functools.cache
def _baseline_mib(language: str, isolation: Isolation) -> float:
    """Peak of an empty program: the median of three. SandboxUnavailable where it does not run."""
    chain = toolchain(language)
    broken, complaint, files = _compiled(chain.language.empty.encode(), chain, isolation)
    request = make_request(["script", chain.language.source], Limits(), files=files, chain=chain)
    brokers = pool(isolation, (), chain.readable)
    replies = [request_of(brokers, request) for _ in range(0 if broken or complaint else 3)]
    ended = [ending(reply, "") for reply in replies] or [("compile_error", broken or complaint, None)]
    if failed := next((end for end in ended if end[0] != "ok"), None):
        raise SandboxUnavailable(f"an empty {language} program did not run: {failed[0]}: {failed[1]}")
    return statistics.median(reply["peak_mib"] for reply in replies)


def _compiled(
    source: bytes, chain: Toolchain, isolation: Isolation, stop: threading.Event | None = None
) -> tuple[Execution | None, str, dict[str, bytes]]:
    """(how compiling broke down, the compiler's complaint or '', the files that a run needs)."""
    row = chain.language
    if not row.compile:
        return None, "", {row.source: source}
    key = (source, row.name, isolation)
    if key not in _built:
        arguments = (chain.command(row.compile), {row.source: source}, list(row.outputs), dict(row.env or {}))
        done = call(
            BUILD, "build", [arguments], limits=COMPILE_LIMITS, mode="fast", isolation=isolation,
            chain=chain, stop=stop,
        )  # fmt: skip
        if not done.ok:  # the sandbox's trouble, or a compiler bomb's: not for keeping
            status = "internal_error" if done.status == "internal_error" else "compile_error"
            return Execution(status, detail=f"the compiler: {done.status}: {_gist(done.error)}"), "", {}
        _built[key] = built(done.values[0])
        while len(_built) > MOST_BUILT:
            _built.pop(next(iter(_built)), None)
    return None, *_built[key]


def _gist(text: str) -> str:
    """The first line that says what is wrong."""
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    return next((line for line in lines if "error" in line.lower()), lines[0]).strip()[:200]


def call(
    source: str,
    entry: str,
    inputs: Sequence[tuple],
    *,
    limits: Limits | None = None,
    mode: Mode = "measure",
    isolation: Isolation = "auto",
    preload: Sequence[str] = (),
    hash_seed: int = 0,
    stop: threading.Event | None = None,
    chain: Toolchain | None = None,
    known: Mapping[tuple[int, bytes], tuple[Any, Any]] | None = None,
) -> Called:
    """Define `entry` by running `source` in a fresh process, then call it once for each tuple of arguments.

    The clock starts before the arguments are sent and stops when the value is back, so nothing a
    program does with them is free. CPU seconds are read from outside through the process clock; peak MiB is
    the process's high-water mark in that window, what it held before included. The arguments come back
    too, to see whether the call changed them. `chain`: what a function that runs other tools may read.
    `known`: (result, arguments) by input and bytes, for bytes that were read before and need not be again.
    """
    if not inputs:
        raise BadInput("no inputs: give at least one tuple of arguments")
    setup = values.encode((checked_source(source).decode(), entry), "source")
    hello = values.encode(None, "hello")
    messages = [hello, setup, *(values.encode(tuple(given), f"input {i}") for i, given in enumerate(inputs))]
    guards = guards_for(isolation)
    limits = checked_limits(limits, Limits(processes=1))
    request = make_request(
        ["calls", "<candidate>"], limits, mode=mode, messages=messages, hash_seed=hash_seed
    )
    if chain:
        request["address_space"] = False
        request["limits"]["threads"] = COMPILER_THREADS
    brokers = pool(isolation, preload, chain.readable if chain else ())
    return _called(request_of(brokers, request, stop), len(inputs), guards, known or {})


def request_of(brokers: Pool, request: dict[str, Any], stop: threading.Event | None = None) -> dict[str, Any]:
    """Have a broker serve it; a measured one on a core of its own, which this waits for."""
    if request["argv"] is None:
        return brokers.request(request, stop)
    with lease(stop) as core:
        return brokers.request({**request, "core": core}, stop)


def _called(
    reply: dict[str, Any], expected: int, guards: tuple[str, ...], known: Mapping[tuple[int, bytes], Any]
) -> Called:
    """What the replies say, none of it trusted: two for hello and the source, then one a call."""
    answers, bodies, status, error = [], [], "", ""
    for body, *costs in reply.get("calls", []):
        value = known.get((len(answers) - 2, body))
        if value is None:
            status, error, value = _answer(body, loading=len(answers) < 2)
        if status:
            break
        answers.append((value, *costs))
        bodies.append(body)
    if not status and len(answers) < 2 + expected:
        status, error, _ = ending(reply, reply.get("stderr", b"").decode(errors="replace"))
        if status == "ok":
            status, error = "runtime_error", "the program ended before it returned a result"
    done = answers[2:]
    return Called(
        status or "ok",
        values=tuple(value[0] for value, *_ in done),
        arguments=tuple(value[1] for value, *_ in done),
        cpu_s=tuple(cpu for _, cpu, _, _, _ in done),
        wall_s=tuple(wall for _, _, wall, _, _ in done),
        peak_mib=tuple(mib for _, _, _, mib, _ in done),
        integral_mib_s=tuple(area for _, _, _, _, area in done),
        load_s=answers[1][1] if len(answers) > 1 else 0.0,
        load_peak_mib=answers[1][3] if len(answers) > 1 else 0.0,
        load_integral_mib_s=answers[1][4] if len(answers) > 1 else 0.0,
        error=error,
        stdout=reply.get("stdout", b"").decode(errors="replace"),
        guards=guards,
        bodies=tuple(bodies[2:]),
    )


def _answer(body: bytes, loading: bool) -> tuple[str, str, Any]:
    """(status or '', error, value) of one reply: V and a value, or E and (exception's name, traceback)."""
    try:
        value = values.decode(body[1:])
    except values.BadValue as problem:
        return "runtime_error", f"the program wrote something that is not a result: {problem}", None
    pair = isinstance(value, tuple) and len(value) == 2
    if body[:1] == b"V" and (loading or pair):
        return "", "", value
    if body[:1] == b"E" and pair and all(isinstance(part, str) for part in value):
        return exception_status(value[0]), value[1], None
    return "runtime_error", "the program wrote something that is not a result", None
