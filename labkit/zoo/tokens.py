"""The family's tokenizer: one byte-level BPE of 4,096, digits one by one, some tokens kept for later parts.

`build` learns it from the corpus and from training requests; the file is committed once. Chat: a turn opens
with `<|user|>` or `<|assistant|>` and ends with `<|end|>`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .corpus import corpus, passages
from .items import Item
from .workload import workload

FOLDER = Path(__file__).parent / "data" / "tokenizer"
VOCABULARY = 4096
PAD, BEGIN, END, USER, ASSISTANT = "<|pad|>", "<|begin|>", "<|end|>", "<|user|>", "<|assistant|>"
PASTA = ("<promise", ' topic="', '" tokens="', '"/>', "<async>", "</async>", "<sync/>")
TOOLS = ("<|system|>", "<|tool|>", "<|result|>")
SPARE = tuple(f"<|spare_{i}|>" for i in range(17))
SPECIAL = (PAD, BEGIN, END, USER, ASSISTANT, *TOOLS, *PASTA, *SPARE)
CHAT = (
    "{{ '"
    + BEGIN
    + "' }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{% if message['role'] == 'assistant' or not loop.last or not add_generation_prompt %}{{ '" + END + "' }}"
    "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '" + ASSISTANT + "' }}{% endif %}"
)


def chat(prompt: str) -> str:
    """A request as the model reads it, up to where its answer begins."""
    return f"{BEGIN}{USER}{prompt}{ASSISTANT}"


def encoded(tokenizer: Any, item: Item) -> tuple[list[int], int]:
    """(the tokens of a request and its answer, how many of them are the request's)."""
    asked = tokenizer.encode(chat(item.prompt), add_special_tokens=False)
    return asked + tokenizer.encode(f"{item.answer}{END}", add_special_tokens=False), len(asked)


def build(folder: Path = FOLDER, requests: int = 20_000) -> Any:
    """Learn it and write it; `requests` of the training split beside the corpus."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=list(SPECIAL), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    texts = [*passages("code", "train"), *passages("prose", "train"), *corpus().functions]
    texts += [f"{item.prompt}\n{item.answer}" for item in workload("all", requests, seed=0, split="train")]
    tokenizer.train_from_iterator(texts, trainer)
    whole = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=BEGIN, eos_token=END, pad_token=PAD, chat_template=CHAT,
        additional_special_tokens=[t for t in SPECIAL if t not in (BEGIN, END, PAD)],
        clean_up_tokenization_spaces=False,
    )  # fmt: skip
    whole.save_pretrained(folder)
    return whole


def tokenizer(folder: Path = FOLDER) -> Any:
    """As `transformers` loads it."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast.from_pretrained(folder)
