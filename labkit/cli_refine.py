"""`labkit refine`: its options, what it prints, and how its patch reaches the user's file.

The command itself is in `cli.py`, which also turns errors into one line each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from labkit.errors import BadInput


def add_options(command: argparse.ArgumentParser) -> None:
    """What `labkit refine` takes."""
    command.add_argument(
        "target",
        nargs="?",
        default="",
        help="FILE::FUNCTION, FILE::CLASS.METHOD, or a task of the lab; 'list' lists them",
    )
    command.add_argument(
        "--inputs", metavar="MAKER", default="inputs",
        help="a function of the same file, or FILE::FUNCTION: makes the list of inputs",
    )  # fmt: skip
    command.add_argument("--apply", action="store_true", help="change the file; git apply -R takes it back")
    objectives = "time, memory, integral, latency, energy, or a mixture: 0.7*time+0.3*memory"
    command.add_argument("--objective", default="time", help=objectives)
    command.add_argument("--turns", type=int, default=8, metavar="N", help="candidates a trajectory (8)")
    command.add_argument("--trajectories", type=int, default=1, metavar="N", help="side by side (1)")
    command.add_argument("--patience", type=int, metavar="N", help="stop after N turns without a gain")
    command.add_argument("--wall", type=float, metavar="S", help="stop after so many seconds")
    command.add_argument("--tokens", type=float, metavar="N", help="stop when so many are spent")
    command.add_argument("--usd", type=float, metavar="X", help="stop when so much is spent")
    command.add_argument("--start", action="append", metavar="FILE", help="another program to start from")
    command.add_argument("--approve", action="store_true", help="ask before a candidate is kept")
    command.add_argument("--no-screen", action="store_true", help="run what the static screen would refuse")
    command.add_argument("--hotspots", action="store_true", help="say where the cost is, and stop there")
    command.add_argument("--endpoint", metavar="URL", help="ask a model behind an OpenAI-compatible server")
    command.add_argument(
        "--model", metavar="NAME", help="of the endpoint; without one a local model's folder"
    )
    command.add_argument("--replay", metavar="RECORD", help="show the study that a record holds, run nothing")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--runs", default="runs", metavar="DIR", help="where the record goes (runs)")


def run_refine(options: argparse.Namespace) -> int:
    """Refine what the options name; the patch of a user's file beside its record, or in the file."""
    from labkit.refinement import hotspots, load_case, load_study, refine, task_names
    from labkit.refinement.patch import Source
    from labkit.refinement.task import GROUPS, case_module

    if options.target == "list":
        for group in GROUPS:
            for name in task_names(group):
                print(f"{group:9} {case_module(name).FAMILY:15} {name}")
        return 0
    if options.replay:
        return _show_study(load_study(options.replay))
    if not options.target:
        raise BadInput("say what to refine: FILE::FUNCTION, or a task of the lab (labkit refine list)")
    path, separator, function = options.target.partition("::")
    # as it is before its functions are taken: the patch is for this text
    file = Source.read(path) if separator and Path(path).is_file() else None
    task = _load(path, function, options.inputs) if separator else load_case(path, seed=options.seed)
    if options.hotspots:
        print(hotspots(task).feedback(top=8))
        return 0
    study = refine(
        task, _proposer(options), objective=options.objective, turns=options.turns,
        starts=[read_text(path) for path in options.start or ()],
        trajectories=max(options.trajectories, 1 + len(options.start or ())),
        patience=options.patience, wall_s=options.wall, tokens=options.tokens, usd=options.usd,
        screen=not options.no_screen, approve=_ask if options.approve else None,
        seed=options.seed, record=options.runs, watch=_print_turn,
    )  # fmt: skip
    code = _show_study(study)
    if separator and study.improved:
        _to_file(file, study, function, options.apply)
    return code


def _load(path: str, function: str, inputs: str):
    """A function's task, or that of Class.method."""
    from labkit.refinement import load_file
    from labkit.refinement.methods import load_method

    return (load_method if "." in function else load_file)(path, function, inputs)


def _to_file(file, study, function: str, change: bool) -> None:
    """The patch beside the record, and in the file where that is wanted."""
    from labkit.refinement.patch import Source, apply, make_patch
    from labkit.refinement.placing import patched

    text = patched(file, study.original, study.source, function)
    patch = Path(study.path, "change.patch")
    try:
        patch.write_bytes(file.encoded_patch(make_patch(file, text)))
    except OSError as error:
        raise BadInput(f"{patch} cannot be written: {error.strerror}") from None
    if Source.read(file.path) != file:
        raise BadInput(f"{file.path} has changed since it was read: not applied; {patch} is for what it was")
    if change:
        apply(file, text)
    print(f"{'applied' if change else 'not applied'}: {patch}", file=sys.stderr)


def _proposer(options: argparse.Namespace):
    """The embedded one, a model behind a server, or a local one."""
    from labkit.refinement import EndpointProposer, ModelProposer

    if options.endpoint:
        if not options.model:
            raise BadInput("--endpoint needs --model NAME, as the server calls it")
        return EndpointProposer(options.endpoint, options.model, objective=options.objective)
    return ModelProposer(options.model, objective=options.objective) if options.model else None


def _show_study(study) -> int:
    print(study.diff or "(no change)")
    print(study.summary())
    print(f"record: {study.path}")
    return 0


def _ask(turn) -> bool:
    print(f"{turn.candidate.origin}: {turn.reason}\n{turn.candidate.source}", file=sys.stderr)
    print("keep it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print_turn(event) -> None:
    if event["kind"] == "turn":
        turn = event["data"]
        mark = "kept    " if turn["accepted"] else "rejected"
        print(
            f"{turn['trajectory']}.{turn['number']}  {mark}  {turn['origin']}: {turn['reason']}",
            file=sys.stderr,
        )


def read_text(path: str) -> str:
    """A file of the user's; BadInput where it is no UTF-8 text."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
