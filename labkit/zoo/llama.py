"""The family's network, small enough to read: Llama's blocks with exits at every depth.

Parameters have the names that `transformers` gives them, so that weights are plain LlamaForCausalLM files; a
test holds the two to the same logits. For training and evaluation, on whole sequences. Not covered: caches
and generation (`labkit.decoding`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

from labkit.errors import BadInput

EPS, THETA = 1e-5, 10_000.0


@dataclass(frozen=True)
class Size:
    """`width` of the residual stream, `inner` of a block's two-armed layer; heads are `head` wide."""

    layers: int
    width: int
    inner: int
    head: int = 64
    vocabulary: int = 4096
    context: int = 2048

    @property
    def heads(self) -> int:
        return self.width // self.head

    @property
    def parameters(self) -> int:
        block = 4 * self.width**2 + 3 * self.width * self.inner + 2 * self.width
        return self.vocabulary * self.width + self.layers * block + self.width


class Block(nn.Module):
    """Attention, then a gated layer, each added to the stream."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        width, inner = size.width, size.inner
        self.head = size.head
        self.input_layernorm = nn.RMSNorm(width, EPS)
        self.self_attn = nn.ModuleDict(
            {f"{name}_proj": nn.Linear(width, width, bias=False) for name in ("q", "k", "v", "o")}
        )
        self.post_attention_layernorm = nn.RMSNorm(width, EPS)
        self.mlp = nn.ModuleDict(
            {
                "gate_proj": nn.Linear(width, inner, bias=False),
                "up_proj": nn.Linear(width, inner, bias=False),
                "down_proj": nn.Linear(inner, width, bias=False),
            }
        )

    def forward(self, x: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        a, normed = self.self_attn, self.input_layernorm(x)
        shape = (*x.shape[:2], -1, self.head)
        q, k, v = (a[f"{n}_proj"](normed).view(shape).transpose(1, 2) for n in "qkv")
        q, k = (turned(each, turn).to(v.dtype) for each in (q, k))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + a["o_proj"](seen.transpose(1, 2).flatten(2))
        normed = self.post_attention_layernorm(x)
        m = self.mlp
        return x + m["down_proj"](F.silu(m["gate_proj"](normed)) * m["up_proj"](normed))


def turned(x: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotary positions, as Llama has them: halves, not pairs."""
    cos, sin = turn
    one, two = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-two, one), dim=-1) * sin


class Llama(nn.Module):
    """tokens [B, T] → the stream after some depths, [B, T, width] each; `logits` of a stream."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        self.model = nn.ModuleDict(
            {
                "embed_tokens": nn.Embedding(size.vocabulary, size.width),
                "layers": nn.ModuleList(Block(size) for _ in range(size.layers)),
                "norm": nn.RMSNorm(size.width, EPS),
            }
        )
        for name, weight in self.named_parameters():
            if weight.dim() > 1:
                out = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(weight, std=0.02 / ((2 * size.layers) ** 0.5 if out else 1.0))

    def forward(
        self, tokens: torch.Tensor, depths: Sequence[int] = (), skip: Sequence[int] = ()
    ) -> list[torch.Tensor]:
        """The stream after each of `depths` blocks (all of them when none is given), in that order; `skip`:
        blocks that are left out."""
        depths = depths or (self.size.layers,)
        x = self.model["embed_tokens"](tokens)
        turn = self._turn(tokens.shape[1], x)
        found = {}
        for i, block in enumerate(self.model["layers"], 1):
            if i > max(depths):
                break
            if i - 1 not in skip:
                x = block(x, turn)
            found[i] = x
        return [found[depth] for depth in depths]

    def logits(self, stream: torch.Tensor) -> torch.Tensor:
        return F.linear(self.model["norm"](stream), self.model["embed_tokens"].weight)

    def _turn(self, length: int, like: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        half = torch.arange(0, self.size.head, 2, device=like.device) / self.size.head
        angles = torch.arange(length, device=like.device)[:, None] * THETA**-half
        angles = torch.cat((angles, angles), dim=-1)
        return angles.cos().to(like.dtype), angles.sin().to(like.dtype)

    def config(self) -> dict:
        """What `config.json` says of it."""
        s = self.size
        return {
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": s.vocabulary,
            "hidden_size": s.width, "intermediate_size": s.inner, "num_hidden_layers": s.layers,
            "num_attention_heads": s.heads, "num_key_value_heads": s.heads, "head_dim": s.head,
            "hidden_act": "silu", "max_position_embeddings": s.context, "rms_norm_eps": EPS,
            "rope_theta": THETA, "tie_word_embeddings": True, "torch_dtype": "float16",
            "attention_bias": False, "mlp_bias": False,
            "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0,
        }  # fmt: skip


def read(folder: Path) -> Llama:
    """A model of the family from its folder, in float32. Raises BadInput."""
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "config.json").read_text())
        size = Size(
            config["num_hidden_layers"], config["hidden_size"], config["intermediate_size"],
            config["head_dim"],
            config["vocab_size"], config["max_position_embeddings"],
        )  # fmt: skip
        model = Llama(size)
        weights = load_file(folder / "model.safetensors")
        model.load_state_dict({name: weight.float() for name, weight in weights.items()})
    except Exception as error:
        raise BadInput(f"{folder} holds no model of the zoo's family: {error}") from None
    return model.eval()
