"""Candidates from any chat server that speaks OpenAI's protocol.

Covered: retries, time-outs, streamed answers, budgets, and a name for whatever goes wrong. Not covered:
redirects (they are errors), proxies, tools. Budgets count one trajectory's turns, from its history.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from labkit.errors import BadInput

from . import prompts
from .prompts import Failed
from .study import Candidate, Turn
from .task import CodeTask

MOST_BYTES = 8 << 20
LONGEST_WAIT_S = 30.0
CHARS_PER_TOKEN = 4


@dataclass(frozen=True)
class EndpointProposer:
    """One chat completion a turn. `api_key`: by default OPENAI_API_KEY; it is never shown or recorded."""

    url: str
    model: str
    api_key: str | None = field(default=None, repr=False, kw_only=True)
    prompt: Literal["rich", "published"] | prompts.Form = field(default="rich", kw_only=True)
    objective: str = field(default="time", kw_only=True)
    temperature: float = field(default=0.7, kw_only=True)
    max_tokens: int = field(default=2048, kw_only=True)
    timeout_s: float = field(default=120.0, kw_only=True)
    retries: int = field(default=3, kw_only=True)
    backoff_s: float = field(default=0.5, kw_only=True)
    max_total_tokens: int | None = field(default=None, kw_only=True)
    max_usd: float | None = field(default=None, kw_only=True)
    usd_per_1k_in: float = field(default=0.0, kw_only=True)
    usd_per_1k_out: float = field(default=0.0, kw_only=True)
    seed: int = field(default=0, kw_only=True)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, kw_only=True)
    trajectory: int = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            _ = parts.port
        except ValueError as error:
            raise BadInput(f"url: {error}; give http://host:port or https://host") from None
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise BadInput("url: give http://host:port or https://host, without a user name in it")
        prompts.form_of(self.prompt)

    @property
    def name(self) -> str:
        return f"endpoint {self.model}, {prompts.form_of(self.prompt).name} prompt"

    def for_trajectory(self, k: int) -> EndpointProposer:
        return replace(self, trajectory=k)

    def propose(self, task: CodeTask, history: Sequence[Turn]) -> Candidate | None:
        """A candidate or a named outcome; None once the budget's end has been told."""
        if any(turn.candidate.problem == "budget_spent" for turn in history):
            return None
        spent = {"tokens": 0.0, "usd": 0.0, "requests": 0.0}
        try:
            source, note = prompts.proposed(
                task, history, self.objective, self.prompt,
                lambda messages, attempt: self._asked(messages, history, attempt, spent),
            )  # fmt: skip
            return Candidate(source, self._origin, note, "", spent)
        except Failed as error:
            return Candidate("", self._origin, self._safe(str(error)), error.name, spent)

    @property
    def _origin(self) -> str:
        return f"endpoint:{self.model}"

    def _seed(self, turn: int, attempt: int) -> int:
        return (self.seed * 1_000_003 + self.trajectory * 10_007 + turn * 2 + attempt) % 2**31

    def _within_budget(self, history: Sequence[Turn], spent: Mapping[str, float]) -> None:
        for unit, most in (("tokens", self.max_total_tokens), ("usd", self.max_usd)):
            total = spent[unit] + sum(turn.candidate.spent.get(unit, 0) for turn in history)
            if most is not None and total >= most:
                raise Failed("budget_spent", f"{total:g} of {most:g} {unit} are spent")

    def _asked(
        self, messages: prompts.Messages, history: Sequence[Turn], attempt: int, spent: dict[str, float]
    ) -> tuple[str, str]:
        """(the answer, a note); tries again what may pass, with longer and longer waits."""
        self._within_budget(history, spent)
        seed = self._seed(len(history), attempt)
        rng = random.Random(seed)
        for again in range(self.retries + 1):
            try:
                spent["requests"] += 1
                text, usage = _answer(*self._post(messages, seed))
                return text, self._count(messages, text, usage, spent)
            except Failed as error:
                if error.wait_s is None or again == self.retries:
                    raise
                wait_s = max(error.wait_s, self.backoff_s * 2**again * (0.5 + rng.random()))
                time.sleep(min(wait_s, LONGEST_WAIT_S))
        raise AssertionError("the last attempt returns or raises")

    def _count(self, messages: prompts.Messages, text: str, usage: Any, spent: dict[str, float]) -> str:
        counts = [
            usage.get(k) if isinstance(usage, dict) else None for k in ("prompt_tokens", "completion_tokens")
        ]
        told = all(isinstance(n, int) and n >= 0 for n in counts)
        if not told:
            counts = [len(s) // CHARS_PER_TOKEN + 1 for s in (json.dumps(messages), text)]
        spent["tokens"] += sum(counts)
        spent["usd"] += (counts[0] * self.usd_per_1k_in + counts[1] * self.usd_per_1k_out) / 1000
        return "" if told else "tokens are estimated: the server gave no usage"

    def _post(self, messages: prompts.Messages, seed: int) -> tuple[bytes, str]:
        deadline = time.monotonic() + self.timeout_s
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=self.timeout_s)
        body = {"model": self.model, "messages": messages, "temperature": self.temperature,
                "max_tokens": self.max_tokens, "seed": seed, "stream": False}  # fmt: skip
        headers = {"Content-Type": "application/json", "Connection": "close", **self.headers}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        path = parts.path.rstrip("/").removesuffix("/v1") + "/v1/chat/completions"
        try:
            connection.request("POST", path, json.dumps(body).encode(), headers)
            socket = connection.sock
            socket.settimeout(max(0.01, deadline - time.monotonic()))
            response = connection.getresponse()
            data = _read(response, socket, deadline)
        except TimeoutError:
            raise Failed("endpoint_timeout", f"no full answer within {self.timeout_s:g} s") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            words = "" if isinstance(error, ValueError) else f": {error}"  # a bad header's words show the key
            raise Failed("endpoint_down", f"no connection: {type(error).__name__}{words}", 0.0) from None
        finally:
            connection.close()
        if response.status != 200:
            raise _refused(response, data)
        return data, response.headers.get("Content-Type") or ""

    @property
    def _key(self) -> str:
        return self.api_key or os.environ.get("OPENAI_API_KEY", "")

    def _safe(self, words: str) -> str:
        for secret in (self._key, *self.headers.values()):
            words = words.replace(secret, "***") if secret else words
        return words


def _read(response: http.client.HTTPResponse, socket: Any, deadline: float) -> bytes:
    data = b""
    while chunk := response.read1(1 << 16):
        data += chunk
        if len(data) > MOST_BYTES:
            raise Failed("endpoint_garbage", f"an answer of more than {MOST_BYTES >> 20} MiB")
        if data.rstrip().endswith(b"data: [DONE]"):
            break
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        socket.settimeout(left_s)
    return data


def _refused(response: http.client.HTTPResponse, data: bytes) -> Failed:
    words = f"HTTP {response.status}: {' '.join(data[:200].decode(errors='replace').split())}"
    after = response.headers.get("Retry-After", "")
    wait_s = float(after) if after.isascii() and after.isdigit() else 0.0
    if response.status == 429:
        return Failed("rate_limited", words, wait_s)
    return Failed("endpoint_error", words, wait_s if response.status >= 500 else None)


def _answer(data: bytes, kind: str) -> tuple[str, Any]:
    """(text, usage) of an answer that came whole or as server-sent events."""
    try:
        if "event-stream" not in kind and not data.lstrip().startswith(b"data:"):
            whole = json.loads(data)
            text, usage = whole["choices"][0]["message"]["content"] or "", whole.get("usage")
        else:
            lines = [line[5:].strip() for line in data.splitlines() if line.startswith(b"data:")]
            events = [json.loads(line) for line in lines if line and line != b"[DONE]"]
            choices = [event["choices"][0] for event in events if event.get("choices")]
            if not choices:
                raise ValueError("a stream without choices")
            text = "".join((choice.get("delta") or {}).get("content") or "" for choice in choices)
            usage = next((event["usage"] for event in reversed(events) if event.get("usage")), None)
        if not isinstance(text, str):
            raise TypeError("the content is no text")
        return text, usage
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        words = f"not a chat completion ({type(error).__name__}): {data[:80]!r}"
        raise Failed("endpoint_garbage", words) from None
