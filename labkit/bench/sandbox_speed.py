"""The speed and the memory of the sandbox, beside peers that do less: parts of `labkit bench sandbox`.

Runs are taken in blocks, ours and then each peer's: between single runs of ours a slower peer would give the
broker time to get its next ones ready, which a loop of our runs does not have.
Not covered: many runs at once.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.bench import Figures, median, quantile, ticker, wall_s
from labkit.errors import SandboxUnavailable
from labkit.sandbox import Execution, Limits, run
from labkit.sandbox.broker import Broker, pool, python
from labkit.sandbox.execution import request_of
from labkit.sandbox.inside import tree
from labkit.sandbox.inside.watch import SAMPLE_S
from labkit.sandbox.request import make_request
from labkit.stats import Figure

Block = Callable[[int], list[float]]  # so many runs, the seconds of each
_BARE = ("-I", "-S", "-c", "pass")
_SETTLE_S = 0.2  # for the inits that are made after a run
# The least that a fork can do: a small process, output through pipes, no isolation, no limits, no clock.
# A first compile() builds the types of the AST, a millisecond: `warm` has that behind it, as a zygote would.
_FLOOR = """
import os, sys, time
for line in sys.stdin:
    took = []
    for _ in range(int(line)):
        began = time.perf_counter()
        out, its_out = os.pipe()
        err, its_err = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(its_out, 1)
            os.dup2(its_err, 2)
            exec(compile("pass", "main.py", "exec"), {"__name__": "__main__"})
            os._exit(0)
        os.close(its_out)
        os.close(its_err)
        for fd in (out, err):
            while os.read(fd, 65536):
                pass
            os.close(fd)
        os.waitpid(pid, 0)
        took.append(time.perf_counter() - began)
    print(*took, flush=True)
"""
# About 0.3 s of CPU time that takes memory and gives it back.
_WORK = "for _ in range({n}):\n    items = [j * 3 for j in range(20_000)]\n    total = sum(items)\n"


_WARM_FLOOR = 'compile("", "", "exec")\n' + _FLOOR


def speed(rounds: int, block: int) -> Figures:
    """A fast run, and how many times as many of it fit into a second as of its peers."""
    with _fork_floor(_FLOOR) as floor, _fork_floor(_WARM_FLOOR) as warm:
        blocks = {"ours": _fast("pass"), "fork": floor, "fork_warm": warm}
        blocks["subprocess"] = _command([python(), *_BARE])
        if bwrap := shutil.which("bwrap"):
            confined = ["--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--"]
            blocks["bwrap"] = _command([bwrap, *confined, python(), *_BARE])
        times = _taking_turns("speed", blocks, rounds, block)
    ours = [1e3 * t for taken in times["ours"] for t in taken]
    return {
        "fast_p50_ms": median(ours, "ms"),
        "fast_p99_ms": quantile(ours, 0.99, "ms"),
        # the peers' own times say how fast the machine was that day
        "fork_p50_ms": median([1e3 * t for taken in times["fork"] for t in taken], "ms"),
        "vs_bwrap": _ratio(times["bwrap"], times["ours"]) if bwrap else None,
        "vs_subprocess": _ratio(times["subprocess"], times["ours"]),
        "vs_fork": _ratio(times["ours"], times["fork"]),
        "vs_fork_warm": _ratio(times["ours"], times["fork_warm"]),
        "guards": Figure(len(run("pass", mode="fast").guards), "guards", "measured"),
    }


def preloaded(rounds: int, block: int) -> Figures:
    """A fast run of `import numpy` with numpy preloaded, over a plain `pass` without; None without numpy."""
    if importlib.util.find_spec("numpy") is None:
        return {"fast_numpy_p50_ms": None, "numpy_over_plain": None}
    blocks = {"numpy": _fast("import numpy", preload=("numpy",)), "plain": _fast("pass")}
    times = _taking_turns("numpy", blocks, rounds, block)
    ratios = [
        statistics.median(a) / statistics.median(b)
        for a, b in zip(times["numpy"], times["plain"], strict=True)
    ]
    all_ms = [1e3 * t for taken in times["numpy"] for t in taken]
    return {"fast_numpy_p50_ms": median(all_ms, "ms"), "numpy_over_plain": median(ratios, "x")}


def overhead(runs: int, pairs: int) -> Figures:
    """A measured run, and what sampling costs: a program's own wall and CPU time over those unsampled."""
    figures: Figures = {"measure_p50_ms": median([1e3 * t for t in _runs(runs, "pass")], "ms")}
    tick, ratios = ticker("overhead", pairs), {"wall_s": [], "cpu_s": []}
    for i in range(pairs):
        order = (SAMPLE_S, math.inf) if i % 2 else (math.inf, SAMPLE_S)
        reply = {sample_s: _working(sample_s) for sample_s in order}
        for key, values in ratios.items():
            values.append(reply[SAMPLE_S][key] / reply[math.inf][key] - 1)
        tick()
    for key, name in (("wall_s", "measure_wall_overhead"), ("cpu_s", "measure_cpu_overhead")):
        figures[name] = median(ratios[key], "fraction")
    return figures


def memory(runs: int) -> Figures:
    """What a broker holds after `runs` runs, every tenth of them measured.

    broker_mib is the greater of two: the broker's own resident memory; and the proportional set size of the
    broker, its zygote and the inits that wait, together.
    """
    broker, tick = Broker(), ticker("memory", runs)
    try:
        for i in range(runs):
            _reply(broker, "pass", mode="measure" if i % 10 == 9 else "fast")
            tick()
        time.sleep(_SETTLE_S)
        pss = sum(_mib(pid, "smaps_rollup", "Pss:") for pid in (broker.pid, *tree.descendants(broker.pid)))
        rss = _mib(broker.pid, "status", "VmRSS:")
    finally:
        broker.close()
    found = {"broker_mib": max(pss, rss), "broker_pss_mib": pss, "broker_rss_mib": rss}
    return {name: Figure(mib, "MiB", "measured", n=runs) for name, mib in found.items()}


def _taking_turns(
    what: str, blocks: dict[str, Block], rounds: int, block: int
) -> dict[str, list[list[float]]]:
    """Seconds of each run, block by block; one round first that is not counted."""
    tick = ticker(what, rounds + 1)
    times: dict[str, list[list[float]]] = {name: [] for name in blocks}
    for i in range(rounds + 1):
        for name, action in blocks.items():
            taken = action(block)
            if i:
                times[name].append(taken)
        tick()
    return times


def _ratio(slower: list[list[float]], faster: list[list[float]]) -> Figure:
    """Median over the rounds of one block's time over the other's: of runs a second, inverted."""
    return median([sum(a) / sum(b) for a, b in zip(slower, faster, strict=True)], "x")


def _fast(code: str, **options) -> Block:
    return lambda n: _runs(n, code, mode="fast", **options)


def _runs(n: int, code: str, **options) -> list[float]:
    return [wall_s(lambda: _well(run(code, **options))) for _ in range(n)]


def _command(command: list[str]) -> Block:
    return lambda n: [wall_s(lambda: subprocess.run(command, check=True)) for _ in range(n)]


def _well(done: Execution) -> None:
    if not done.ok:
        raise SandboxUnavailable(
            f"a benchmark's program ended as {done.status}: {done.detail or done.stderr}"
        )


@contextmanager
def _fork_floor(code: str) -> Iterator[Block]:
    command = [python(), "-I", "-S", "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def block(n: int) -> list[float]:
            process.stdin.write(f"{n}\n")
            process.stdin.flush()
            return [float(word) for word in process.stdout.readline().split()]

        yield block


def _working(sample_s: float, n: int = 300) -> dict:
    return _reply(pool(), _WORK.format(n=n), sample_s=sample_s)


def _reply(brokers, code: str, **options) -> dict:
    request = make_request(["script", "main.py"], Limits(), files={"main.py": code.encode()}, **options)
    reply = request_of(brokers, request)
    if reply["status"] or reply["wait_status"]:
        raise SandboxUnavailable(f"a benchmark's program failed: {reply['status']} {reply.get('detail')}")
    return reply


def _mib(pid: int, file: str, key: str) -> float:
    """A figure of a process from /proc; all that is resident where the share may not be read; 0 when gone."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except PermissionError:
        return _mib(pid, "status", "VmRSS:")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0.0)
