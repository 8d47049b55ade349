"""`labkit kernel`: its options and what it prints; `labkit self-check kernels`."""

from __future__ import annotations

import argparse

from labkit.errors import BadInput


def add_options(command: argparse.ArgumentParser) -> None:
    """What `labkit kernel` takes."""
    command.add_argument(
        "task", help="a task of the lab, or a file in KernelBench's format; 'list' lists them"
    )
    command.add_argument(
        "file", nargs="?", help="the kernel to judge; without one, the lab's own for the task"
    )
    command.add_argument(
        "--backend", choices=("c", "numba", "torch", "triton", "cuda"), help="if not as it looks"
    )
    command.add_argument("--dtype", default="", help="float32, float16, … as the task has them (its first)")
    command.add_argument("--threads", type=int, default=1, metavar="N")
    command.add_argument(
        "--policy", choices=("as-is", "clamp", "fit"), default="as-is", help="a file's sizes"
    )
    command.add_argument("--turns", type=int, default=0, metavar="N", help="first search so many schedules")
    command.add_argument("--no-compile", action="store_true", help="leave out torch.compile as a baseline")
    command.add_argument("--device", default="H100-SXM", help="whose roofline is told")
    command.add_argument("--runs", default="runs", metavar="DIR", help="where a search's record goes (runs)")


def run_kernel(options: argparse.Namespace) -> int:
    """Judge the kernel that the options name, after a search where one is wanted."""
    from labkit import kernels

    if options.task == "list":
        for task in kernels.own_tasks().values():
            ours = ", ".join(kernel.backend for kernel in kernels.start_kernels(task.name))
            print(f"{task.family:12} {task.name:26} {', '.join(task.dtypes):28} {ours}")
        return 0
    if options.threads < 1:
        raise BadInput(f"--threads {options.threads}: give a number from 1 on")
    task = kernels.task_named(options.task, options.policy)
    if options.file:
        mine = kernels.load_kernel(options.file)
        mine = kernels.kernel(mine.source, options.backend or mine.backend)
    else:
        known = [k for k in kernels.start_kernels(task.name) if options.backend in (None, k.backend)]
        if not known:
            raise BadInput(f"{task.name}: the lab has no such kernel for it: name a file")
        mine = known[0]
    if options.turns:
        study = kernels.refine_kernel(
            task, mine, dtype=options.dtype, threads=options.threads, turns=options.turns, record=options.runs
        )
        print(study.diff or "(no change)")
        print(study.summary())
        mine = kernels.kernel(study.source, mine.backend)
    result = kernels.bench_kernel(
        task, mine, dtype=options.dtype, threads=options.threads, devices=(options.device,),
        baselines=("eager",) if options.no_compile else ("eager", "compile"),
    )  # fmt: skip
    print(result)
    return 0 if result.ok else 1


def self_check(options: argparse.Namespace) -> int:
    """`labkit self-check kernels`; `--family` picks files by a part of their names."""
    from labkit.kernels.conformance import cheats, summary
    from labkit.kernels.starts import own_kernels

    names = [name for name in (*cheats(), *own_kernels()) if options.family in name]
    if not names:
        raise BadInput(f"--family {options.family}: no cheat and no kernel has that in its name")
    return summary(names, options.isolation)
