"""`labkit zoo list | card | eval | train`: its options and what it prints."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from labkit.errors import BadInput, need

SIZES = ("nano", "small", "base", "large")


def add_options(command: argparse.ArgumentParser) -> None:
    """What `labkit zoo` takes."""
    verbs = command.add_subparsers(required=True, metavar="VERB", dest="verb")
    verbs.add_parser("list", help="the models that the lab came with")
    verbs.add_parser("card", help="what a model can do").add_argument("name")
    evaluate = verbs.add_parser("eval", help="exact answers on held-out requests, by level and depth")
    evaluate.add_argument("name", help="a model of the zoo, or the folder of one in training")
    evaluate.add_argument("--n", type=int, default=20, metavar="N", help="items a family and level (20)")
    evaluate.add_argument("--split", choices=("dev", "test"), default="test")
    evaluate.add_argument("--json", metavar="FILE", help="also write the counts there")
    train = verbs.add_parser("train", help="train a model; goes on where it was ended")
    train.add_argument("size", choices=SIZES)
    train.add_argument(
        "--minutes", type=float, metavar="N", help="about so long, instead of the recipe's tokens"
    )
    train.add_argument("--steps", type=int, metavar="N", help="exactly so many steps")
    train.add_argument("--device", default="cpu", help="cpu or cuda")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--out", metavar="DIR", help="where checkpoint and weights go (runs/zoo/SIZE)")
    train.add_argument(
        "--teacher", metavar="DIR", help="whose distributions to learn from (nano: base, when there is one)"
    )


def run_zoo(options: argparse.Namespace) -> int:
    return {"list": _list, "card": _card, "eval": _eval, "train": _train}[options.verb](options)


def _list(options: argparse.Namespace) -> int:
    from labkit.zoo.card import card
    from labkit.zoo.models import names

    for name in names():
        told = card(name)["training"]
        print(
            f"{name:12} {told['parameters'] / 1e6:5.2f}M parameters, from {told['tokens'] / 1e6:.0f}M tokens"
        )
    if not names():
        print("no model came with this lab: `labkit zoo train nano`")
    return 0


def _card(options: argparse.Namespace) -> int:
    from labkit.zoo.card import card, markdown

    print(markdown(options.name, card(options.name)))
    return 0


def _eval(options: argparse.Namespace) -> int:
    need("torch", "train", load=False)
    from labkit.zoo.card import exact_share
    from labkit.zoo.evaluate import accuracy
    from labkit.zoo.llama import read
    from labkit.zoo.models import WEIGHTS, names
    from labkit.zoo.tokens import tokenizer

    if options.n < 1:
        raise BadInput(f"--n {options.n}: give a number from 1 on")
    folder = WEIGHTS / options.name if options.name in names() else Path(options.name)
    cells = accuracy(read(folder), tokenizer(), options.n, split=options.split)
    depths = sorted({cell.depth for cell in cells})
    print(
        f"{'family':12} "
        + " ".join(f"level {i}" for i in range(5))
        + "   by depth "
        + " ".join(f"{d:4}" for d in depths)
    )
    for family in dict.fromkeys(cell.family for cell in cells):
        levels = " ".join(f"{exact_share(cells, [family], [i]).value:7.0%}" for i in range(5))
        print(
            f"{family:12} {levels}            "
            + " ".join(f"{exact_share(cells, [family], depth=d).value:4.0%}" for d in depths)
        )
    if options.json:
        Path(options.json).write_text(json.dumps([list(vars(cell).values()) for cell in cells]) + "\n")
    return 0


def _train(options: argparse.Namespace) -> int:
    need("torch", "train", load=False)
    import torch

    from labkit.zoo.evaluate import glance
    from labkit.zoo.llama import read
    from labkit.zoo.models import WEIGHTS, keep, names
    from labkit.zoo.recipe import recipe
    from labkit.zoo.tokens import tokenizer
    from labkit.zoo.train import Step, train

    if options.device != "cpu" and not torch.cuda.is_available():
        raise BadInput(f"--device {options.device}: there is none here; leave it out, or give cpu")
    if options.minutes is not None and options.minutes <= 0:
        raise BadInput(f"--minutes {options.minutes}: give a number above 0")
    if options.steps is not None and options.steps < 1:
        raise BadInput(f"--steps {options.steps}: give a number from 1 on")
    given = recipe(options.size)
    where = options.teacher or (str(WEIGHTS / given.teacher) if given.teacher in names() else "")
    words = tokenizer()
    folder, ended = Path(options.out or f"runs/zoo/{options.size}"), threading.Event()
    signal.signal(signal.SIGINT, lambda *_: ended.set())

    told: dict[str, float] = {}

    def tell(step: Step) -> None:
        line = (
            f"step {step.number:,} of {step.total:,}  loss {step.loss:.3f}  {step.tokens / 1e6:.2f}M tokens, "
            f"{step.tokens_per_s:,.0f}/s, {step.left_s / 60:.1f} min left"
        )
        end = "\r" if sys.stderr.isatty() and step.number < step.total else "\n"
        print(f"{line:100}", end=end, file=sys.stderr, flush=True)
        if step.accuracy != told:
            told.update(step.accuracy)
            shares = ", ".join(f"{group} {share:.0%}" for group, share in told.items())
            print(f"{'exact on unseen requests: ' + shares:100}", file=sys.stderr, flush=True)

    state = train(
        options.size, folder, seed=options.seed, device=options.device,
        minutes=options.minutes, steps=options.steps,
        teacher=read(Path(where)).to(options.device).eval() if where else None, stop=ended.is_set, watch=tell,
        look=lambda model: glance(model, words),
    )  # fmt: skip
    if state.step < state.total:
        print(
            f"stopped at step {state.step:,} of {state.total:,}: the same command goes on from there",
            file=sys.stderr,
        )
        return 130
    keep(state.model, words, folder)
    print(f"{folder}: trained on {state.tokens / 1e6:.2f}M tokens; see `labkit zoo eval {folder}`")
    return 0
