"""Candidates from a causal language model in this process, through transformers.

Covered: a folder or a cached name (nothing is fetched), or a model with its tokenizer. Not covered:
batches, several devices; for these serve the model and use an EndpointProposer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from labkit.errors import BadInput, need

from . import prompts
from .study import Candidate, Turn
from .task import CodeTask


@dataclass(frozen=True)
class ModelProposer:
    """`model_or_path`: a folder, a cached name, or (model, tokenizer). Needs the extra `decode`."""

    model_or_path: Any
    device: str = field(default="cpu", kw_only=True)
    dtype: str = field(default="float32", kw_only=True)
    temperature: float = field(default=0.0, kw_only=True)
    max_new_tokens: int = field(default=1024, kw_only=True)
    prompt: str | prompts.Form = field(default="rich", kw_only=True)
    objective: str = field(default="time", kw_only=True)
    seed: int = field(default=0, kw_only=True)
    trajectory: int = field(default=0, kw_only=True)
    _held: dict = field(default_factory=dict, repr=False, compare=False, kw_only=True)

    def __post_init__(self) -> None:
        prompts.form_of(self.prompt)

    @property
    def name(self) -> str:
        return f"{self._origin}, {prompts.form_of(self.prompt).name} prompt"

    @property
    def _origin(self) -> str:
        return f"model:{self.model_or_path if isinstance(self.model_or_path, str) else 'given'}"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_held": {}}  # another process loads its own

    def for_trajectory(self, k: int) -> ModelProposer:
        return replace(self, trajectory=k)

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        """A candidate, or the named outcomes no_code and repeated. BadInput where no model can be loaded."""
        spent = {"tokens": 0.0, "usd": 0.0, "requests": 0.0}

        def ask(messages: prompts.Messages, attempt: int) -> tuple[str, str]:
            seed = (self.seed * 1009 + self.trajectory) * 1009 + len(history) * 2 + attempt
            return self._written(messages, seed, spent), ""

        try:
            source, note = prompts.proposed(task, history, self.objective, self.prompt, ask)
        except prompts.Failed as error:
            return Candidate("", self._origin, str(error), error.name, spent)
        return Candidate(source, self._origin, note, "", spent)

    def _written(self, messages: prompts.Messages, seed: int, spent: dict[str, float]) -> str:
        torch, (model, tokenizer) = need("torch", "decode"), self._loaded()
        if tokenizer.chat_template:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        else:
            text = "\n\n".join(message["content"] for message in messages) + "\n\n"
        given = tokenizer(text, return_tensors="pt", add_special_tokens=not tokenizer.chat_template)
        ids = given["input_ids"].to(model.device)
        how = (
            {"do_sample": True, "temperature": self.temperature} if self.temperature else {"do_sample": False}
        )
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(seed)
            made = model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=self.max_new_tokens,
                pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id, **how,
            )  # fmt: skip
        spent["tokens"] += made.shape[1]
        spent["requests"] += 1
        return tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True)

    def _loaded(self) -> tuple[Any, Any]:
        if not isinstance(self.model_or_path, str):
            return self.model_or_path
        if not self._held:
            auto, torch = need("transformers", "decode"), need("torch", "decode")
            path, only = self.model_or_path, {"local_files_only": True}
            try:
                model = auto.AutoModelForCausalLM.from_pretrained(
                    path, dtype=getattr(torch, self.dtype), **only
                )
                self._held["both"] = (
                    model.to(self.device).eval(),
                    auto.AutoTokenizer.from_pretrained(path, **only),
                )
            except (OSError, ValueError, AttributeError) as error:
                words = " ".join(str(error).split())[:200]
                raise BadInput(f"model {path!r} cannot be loaded: {words}; give a model's folder") from None
        return self._held["both"]
