"""The `labkit` command: the same verbs, names and defaults as in Python.

Errors are one line on stderr that names the input, the reason and the way out: exit 2 for bad input, 1
for a failed job; `--debug` shows the traceback.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from labkit import __version__, cli_kernel, cli_zoo
from labkit.cli_refine import add_options, read_text, run_refine
from labkit.errors import BadInput, LabkitError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(argv)
    try:
        return options.run(options)
    except LabkitError as error:
        if options.debug:
            raise
        print(f"labkit: {' '.join(str(error).split())}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("labkit: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("labkit", description="A lab for programs that get better by being run.")
    parser.add_argument("--version", action="version", version=f"labkit {__version__}")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = _command(commands, "run", _run, "run programs confined and measured")
    run.add_argument("files", nargs="+", metavar="FILE", help="a program, or - for standard input; or many")
    run.add_argument("--language", metavar="NAME", help="when the file's ending does not say it")
    run.add_argument("--mode", choices=("measure", "fast"), default="measure")
    run.add_argument("--stdin", metavar="FILE", help="what the program reads")
    run.add_argument("--repeats", type=int, default=1, metavar="N", help="runs; figures are then medians (1)")
    run.add_argument("--count", choices=("perf", "cachegrind"), default="", help="count instructions too")
    run.add_argument("--against", metavar="FILE", help="then compare: is FILE cheaper?")
    run.add_argument("--objective", choices=("time", "wall", "memory", "integral"), default="time")
    run.add_argument("--wall", type=float, default=10.0, metavar="S", help="wall-clock limit in seconds (10)")
    run.add_argument("--cpu", type=float, default=10.0, metavar="S", help="CPU limit in seconds (10)")
    run.add_argument("--memory", type=float, default=1024.0, metavar="MIB", help="memory limit in MiB (1024)")
    run.add_argument("--processes", type=int, default=16, metavar="N", help="process limit (16)")
    run.add_argument("--isolation", choices=("auto", "bwrap", "none"), default="auto")
    run.add_argument("--executor", metavar="WHERE", help="many files: threads:N, or dask://HOST:PORT")
    run.add_argument("--runs", metavar="DIR", help="many files: record there, and go on where it ended")

    refine = _command(commands, "refine", run_refine, "make a function cheaper by running it")
    add_options(refine)

    kernel = _command(commands, "kernel", cli_kernel.run_kernel, "judge a kernel: is it right, and how fast")
    cli_kernel.add_options(kernel)

    zoo = _command(commands, "zoo", cli_zoo.run_zoo, "the lab's own small models: list, card, eval, train")
    cli_zoo.add_options(zoo)

    report = _command(
        commands, "report", _report, "run notebooks with papermill; leave pages, records, an index"
    )
    report.add_argument("names", nargs="*", metavar="NAME", help="notebooks; all when none is named")
    report.add_argument(
        "-p", dest="parameters", action="append", default=[], metavar="K=V", help="a parameter's value"
    )
    report.add_argument("--out", default="reports", metavar="DIR")
    report.add_argument("--notebooks", default="notebooks", metavar="DIR")
    report.add_argument("--timeout", type=float, default=600.0, metavar="S", help="seconds a notebook (600)")
    report.add_argument(
        "--resume", action="store_true", help="go on with an unfinished attempt instead of a new one"
    )
    report.add_argument("--list", action="store_true", help="list notebooks and their parameters")

    check = _command(
        commands,
        "self-check",
        _self_check,
        "attack the sandbox or the judge of kernels; the last line is JSON",
    )
    check.add_argument("room", choices=("sandbox", "kernels"))
    check.add_argument("--mode", choices=("measure", "fast"), default="measure")
    check.add_argument("--isolation", choices=("auto", "bwrap"), default="auto", help="which implementation")
    check.add_argument(
        "--family", default="", help="only the families (kernels: files) with this in their name"
    )

    bench = _command(commands, "bench", _bench, "measure this machine; the last line is JSON")
    bench.add_argument("name", choices=("kernels", "refine", "report", "sandbox"))
    bench.add_argument("--quick", action="store_true", help="under a minute")
    bench.add_argument("--json", metavar="FILE", help="also write the figures there")
    bench.add_argument(
        "--only", metavar="PART[,PART]", help="of sandbox or kernels: these; FILE keeps the others"
    )
    return parser


def _command(commands, name: str, function, text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=function)
    return command


def _run(options: argparse.Namespace) -> int:
    from labkit.sandbox import Limits, compare, run

    limits = Limits(options.wall, options.cpu, options.memory, options.processes)
    shared = {"limits": limits, "isolation": options.isolation}
    if options.stdin:
        shared["stdin"] = read_text(options.stdin)
    given = {**shared, "mode": options.mode, "repeats": options.repeats, "count": options.count}
    if len(options.files) > 1:
        return _run_many(options, given)
    for name in ("executor", "runs"):
        if getattr(options, name):
            raise BadInput(f"--{name} is for a batch of several files")
    code, language = _program(options.files[0], options.language)
    if options.against:
        if options.mode == "fast" or options.repeats > 1 or options.count:
            raise BadInput("--against takes measured runs in pairs: leave out --mode, --repeats and --count")
        other, its = _program(options.against, options.language)
        verdict = compare(code, other, language=(language, its), objective=options.objective, **shared)
        print(
            f"{options.against} is {verdict.answer}: {verdict.ratio:.3g} of {options.files[0]}'s "
            f"{options.objective} [{verdict.lo:.3g}, {verdict.hi:.3g}] (measured, {verdict.n} pairs)"
        )
        return 0
    done = run(code, language=language, **given)
    sys.stdout.write(done.stdout)
    sys.stdout.flush()
    sys.stderr.write(done.stderr)
    print(f"labkit: {_told(done)}; guards: {', '.join(done.guards)}", file=sys.stderr)
    return 0 if done.ok else 1


def _told(done) -> str:
    figures = ", ".join(f"{name} {figure.value:.3g} {figure.unit}" for name, figure in done.figures.items())
    return f"{done.status}{f' ({done.detail})' if done.detail else ''}; {figures}"


def _run_many(options: argparse.Namespace, given: dict) -> int:
    """A batch: a line a program on standard output, in order; what each printed is in the record."""
    from contextlib import ExitStack

    from labkit import record as records
    from labkit.executors import connect
    from labkit.sandbox import map as run_all

    programs = [_program(file, options.language) for file in options.files]
    if len({language for _, language in programs}) > 1:
        raise BadInput("a batch is of one language: run the others apart")
    sources = [source for source, _ in programs]
    failed = 0
    with ExitStack() as stack:
        executor = stack.enter_context(connect(options.executor))
        record = None
        if options.runs:
            names = ("files", "language", "mode", "repeats", "count", "stdin", "isolation")
            params = {name: getattr(options, name) for name in names}
            params["limits"] = given["limits"].to_json()
            where = {"source": "\0".join(sources), "root": options.runs, "resume": True}
            record = stack.enter_context(records.start("sandbox/batch", params, **where))
        done = run_all(sources, executor=executor, record=record, language=programs[0][1], **given)
        for file, execution in zip(options.files, done, strict=True):
            print(f"{file}  {_told(execution)}", flush=True)
            failed += not execution.ok
    return 1 if failed else 0


_ENDINGS = {
    ".py": "python", ".c": "c", ".cpp": "cpp", ".cc": "cpp", ".js": "javascript", ".sh": "bash", ".go": "go",
    ".rs": "rust", ".java": "java",
}  # fmt: skip


def _program(file: str, language: str | None) -> tuple[str, str]:
    """(source, language by name or by the file's ending)."""
    source = sys.stdin.read() if file == "-" else read_text(file)
    return source, language or _ENDINGS.get(Path(file).suffix, "python")


def _report(options: argparse.Namespace) -> int:
    from labkit.report import find_notebooks

    given = dict(_key_value(text) for text in options.parameters)
    notebooks = find_notebooks(options.notebooks, options.names)
    if options.list:
        for notebook in notebooks:
            print(notebook.name, *(f"\n    {p}" for p in notebook.parameters), sep="")
        return 0
    from labkit.errors import need

    need("papermill", "report", load=False)
    for notebook in notebooks:  # all is checked before anything runs
        notebook.values(given)
    failed = [notebook for notebook in notebooks if not _report_one(notebook, given, options)]
    print(f"{Path(options.out) / 'index.html'}")
    return 1 if failed else 0


def _report_one(notebook, given, options) -> bool:
    from labkit.report import run_report

    tty = sys.stderr.isatty()

    def progress(name: str, cell: int, of: int, seconds: float) -> None:
        if tty:
            print(f"\r{name}  cell {cell}/{of}  {seconds:.0f} s ", end="", file=sys.stderr, flush=True)

    run = run_report(
        notebook, given, out=options.out, timeout_s=options.timeout, resume=options.resume, progress=progress
    )
    error = f": {run.error}" if run.error else ""
    head = "\r" if tty else ""
    print(
        f"{head}{notebook.name}  {run.status}{error}  {run.wall_s:.1f} s  {run.path}/index.html",
        file=sys.stderr,
    )
    return run.status == "ok" and not run.error


def _key_value(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key:
        raise BadInput(f"-p {text}: write it as -p name=value")
    return key, value


def _self_check(options: argparse.Namespace) -> int:
    if options.room == "kernels":
        return cli_kernel.self_check(options)
    from labkit.sandbox.cases import FAMILIES, hostile
    from labkit.sandbox.conformance import summary

    cases = [case for case in hostile() if options.family in case.family]
    if not cases:
        raise BadInput(f"--family {options.family}: choose from {', '.join(FAMILIES)}")
    return summary(cases, options.mode, options.isolation)


def _bench(options: argparse.Namespace) -> int:
    import importlib

    given = {"only": options.only.split(",")} if options.only else {}
    if given and options.name not in ("sandbox", "kernels"):
        raise BadInput(f"--only {options.only}: bench {options.name} has no parts")
    bench = importlib.import_module(f"labkit.bench.{options.name}")
    return bench.main(quick=options.quick, json_file=options.json, **given)


if __name__ == "__main__":
    sys.exit(main())
