"""`load_model`: the lab's own models by name, a local folder, or a model of the hub where there is a network.

One result, whatever it came from: a transformers model in evaluation mode, its tokenizer, and how a request
is put to it. The lab's own weights are checked by their hash. Not covered: models that are no causal ones.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.errors import BadInput, need

WEIGHTS = Path(__file__).parent / "weights"
SUMS = WEIGHTS / "sha256.json"
DTYPES = ("float32", "bfloat16", "float16")


@dataclass(frozen=True)
class Loaded:
    """A causal language model and its tokenizer; `name` as it was asked for."""

    name: str
    model: Any
    tokenizer: Any

    @property
    def context(self) -> int:
        """How many tokens it can have before it, by its configuration."""
        return int(getattr(self.model.config, "max_position_embeddings", 0) or 1 << 30)

    def encode(self, prompt: str) -> list[int]:
        """The tokens of a request, by the model's chat template where it has one. Raises BadInput."""
        if getattr(self.tokenizer, "chat_template", None):
            messages = [{"role": "user", "content": prompt}]
            text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            found = self.tokenizer.encode(text, add_special_tokens=False)
        else:
            found = self.tokenizer.encode(prompt)
        if len(found) >= self.context:
            raise BadInput(
                f"the prompt has {len(found)} tokens, and {self.name} has room for {self.context}: shorten it"
            )
        return found

    def answer(self, prompt: str, tokens: int = 512) -> str:
        """What it says to a request, the likeliest token each time."""
        import torch

        given = self.encode(prompt)
        most = min(tokens, self.context - len(given))
        inputs = torch.tensor([given], device=self.model.device)
        with torch.no_grad():
            out = self.model.generate(
                inputs, attention_mask=torch.ones_like(inputs), max_new_tokens=most, do_sample=False,
                pad_token_id=self.tokenizer.pad_token_id or self.tokenizer.eos_token_id,
            )  # fmt: skip
        return self.tokenizer.decode(out[0, len(given) :], skip_special_tokens=True)

    def __repr__(self) -> str:
        count = sum(p.numel() for p in self.model.parameters())
        return f"<{self.name}: {count / 1e6:.3g}M parameters, {self.model.dtype}, on {self.model.device}>"


def load_model(name_or_path: str | Path, *, device: str = "cpu", dtype: str = "float32") -> Loaded:
    """A model by its zoo name, its folder, or its name on the hub.

    Raises BadInput for a name that is none, weights that are not what they were, a folder without a
    tokenizer; MissingExtra without transformers.

    >>> load_model("mammoth")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    labkit.errors.BadInput: no model 'mammoth': ...
    """
    if dtype not in DTYPES:
        raise BadInput(f"dtype={dtype!r}: choose one of {', '.join(DTYPES)}")
    name = str(name_or_path)
    own = WEIGHTS / name
    transformers, torch = need("transformers", "decode"), need("torch", "decode")
    if name in names():
        check(name)
        folder, local = own, True
    elif Path(name).is_dir():
        folder, local = Path(name), True
    elif "/" in name and not Path(name).exists():
        folder, local = name, _offline()
    else:
        raise BadInput(
            f"no model {name!r}: give one of {', '.join(names()) or 'none yet'}, a folder, or OWNER/NAME"
        )
    if isinstance(folder, Path):
        _whole(folder)
    options = {"local_files_only": local}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **options)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=getattr(torch, dtype), **options
        )
        return Loaded(name, model.to(device).eval(), tokenizer)
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        hint = (
            "there is no network, or no such model on the hub"
            if isinstance(folder, str)
            else "the folder is damaged"
        )
        raise BadInput(f"{name} cannot be loaded ({hint}): {reason}") from None


def names() -> list[str]:
    """The models that the lab came with."""
    return sorted(_sums())


def check(name: str) -> None:
    """Raise BadInput where a model's files are not those that were committed."""
    for file, wanted in _sums()[name].items():
        path = WEIGHTS / name / file
        if not path.exists():
            raise BadInput(f"{name}: {file} is missing: install labkit again")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise BadInput(f"{name}: {file} is not what it was (its hash differs): install labkit again")


def _sums() -> dict[str, dict[str, str]]:
    return json.loads(SUMS.read_text()) if SUMS.exists() else {}


def _whole(folder: Path) -> None:
    for wanted, what in (
        ("config.json", "a configuration"),
        ("tokenizer*", "a tokenizer"),
        ("*.safetensors", "weights"),
    ):
        if not any(folder.glob(wanted)) and not (what == "weights" and any(folder.glob("*.bin"))):
            raise BadInput(f"{folder} has no {wanted}: a model's folder needs {what}")


def _offline() -> bool:
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def keep(model: Any, tokenizer: Any, folder: Path) -> None:
    """Write a trained model as `transformers` reads it, in float16."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: w.detach().to("cpu", torch.float16).contiguous() for name, w in model.state_dict().items()
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(model.config(), indent=1) + "\n")
    tokenizer.save_pretrained(folder)


def seal(name: str) -> None:
    """Note the hashes of a model's files, as they are now."""
    files = sorted(path for path in (WEIGHTS / name).iterdir() if path.is_file())
    sums = {**_sums(), name: {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}}
    SUMS.write_text(json.dumps(sums, indent=1, sort_keys=True) + "\n")
