"""Candidates from a scripted chat server that is right, slow, busy, broken, huge or gone."""

import json
import pickle
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from labkit.errors import BadInput
from labkit.refinement.endpoint import EndpointProposer
from labkit.refinement.study import Candidate, Turn
from labkit.refinement.task import CodeTask
from labkit.sandbox import Program
from labkit.stats import Outcome

FAST = "def f(x):\n    return x\n"
SLOW = "def f(x):\n    return x + 0\n"
TASK = CodeTask("t", Program(SLOW, "f"), ((1,),))
START = [Turn(0, 0, Candidate(SLOW, "start"), Outcome("ok"), None, True, "", 1.0)]


def chat(text, usage=True):
    more = {"usage": {"prompt_tokens": 10, "completion_tokens": 5}} if usage else {}
    return 200, {}, json.dumps({"choices": [{"message": {"content": text}}], **more}).encode()


GOOD = chat(f"```python\n{FAST}```")
SAME = chat(f"```python\n{SLOW}```")


@contextmanager
def server(*answers):
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.path, dict(self.headers), body))
            status, headers, data = answers[min(len(seen), len(answers)) - 1]
            time.sleep(float(headers.get("X-Sleep", 0)))
            try:
                self.send_response(status)
                for item in headers.items():
                    self.send_header(*item)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                pass

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}", seen
        finally:
            http.shutdown()
            thread.join()


def ask(answers, history=START, **options):
    with server(*answers) as (url, seen):
        given = {"api_key": "k-123", "backoff_s": 0.01, "retries": 1, **options}
        return EndpointProposer(url + "/v1", "m", **given).propose(TASK, history), seen


def test_a_right_answer_is_a_candidate_and_its_cost_is_counted():
    got, seen = ask([GOOD], usd_per_1k_in=1.0, usd_per_1k_out=2.0)
    assert got.source == FAST and got.problem == "" and got.origin == "endpoint:m"
    assert got.spent == {"tokens": 15, "usd": pytest.approx(0.02), "requests": 1}
    path, headers, body = seen[0]
    assert path == "/v1/chat/completions" and headers["Authorization"] == "Bearer k-123"
    assert body["model"] == "m" and body["seed"] == ask([GOOD])[1][0][2]["seed"]


@pytest.mark.parametrize(
    ("answers", "problem", "requests"),
    [
        ([(429, {"Retry-After": "1"}, b"")], "rate_limited", 2), ([(500, {}, b"oops")], "endpoint_error", 2),
        ([(404, {}, b"none of k-123")], "endpoint_error", 1), ([(200, {}, b"<html>")], "endpoint_garbage", 1),
        ([(307, {"Location": "http://example.org"}, b"")], "endpoint_error", 1),
        ([(200, {}, b'{"choices": []}')], "endpoint_garbage", 1), ([(200, {}, b"x" * (9 << 20))], "endpoint_garbage", 1),
        ([chat("I would rather not.")], "no_code", 1), ([SAME], "repeated", 2),
        ([(200, {"X-Sleep": "0.6"}, b"")], "endpoint_timeout", 1),
    ],
)  # fmt: skip
def test_what_goes_wrong_has_a_name(answers, problem, requests):
    got, seen = ask(answers, timeout_s=0.3 if problem == "endpoint_timeout" else 10)
    assert (got.problem, got.source, len(seen)) == (problem, "", requests)
    assert got.note and "k-123" not in repr(got) and got.spent["requests"] == requests


def test_what_passes_is_tried_again():
    assert ask([(500, {}, b""), GOOD])[0].source == FAST
    began = time.monotonic()
    assert ask([(429, {"Retry-After": "1"}, b""), GOOD])[0].source == FAST and time.monotonic() - began >= 1
    got, seen = ask([SAME, GOOD])
    assert (
        got.source == FAST
        and got.spent["tokens"] == 30
        and "tried already" in seen[1][2]["messages"][-1]["content"]
    )


def test_a_stream_is_understood_and_missing_usage_is_said():
    parts = [{"choices": [{"delta": {"content": piece}}]} for piece in ("```python\n", FAST, "```")]
    data = b"".join(b"data: " + json.dumps(part).encode() + b"\n\n" for part in parts) + b"data: [DONE]\n\n"
    got, _ = ask([(200, {"Content-Type": "text/event-stream"}, data)])
    assert got.source == FAST and "estimated" in got.note and got.spent["tokens"] > 0


def test_a_closed_port_is_down_and_a_spent_budget_ends_it():
    with server(GOOD) as (url, _):
        pass
    down = EndpointProposer(url, "m", api_key="k-123", retries=1, backoff_s=0.01)
    assert down.propose(TASK, START).problem == "endpoint_down" and "k-123" not in repr(down)
    assert pickle.loads(pickle.dumps(down)) == down
    out, seen = ask([SAME], max_total_tokens=15)
    assert out.problem == "budget_spent" and len(seen) == 1 and out.spent["tokens"] == 15
    told = Turn(0, 1, out, Outcome("budget_spent"), None, False, "", 1.0)
    assert down.propose(TASK, [*START, told]) is None
    odd = EndpointProposer(url, "m", api_key="k-\n123", retries=0).propose(TASK, START)
    assert odd.problem == "endpoint_down" and "123" not in odd.note
    for wrong in ("ftp://x", "http://h:port", "http://me:pw@h"):
        with pytest.raises(BadInput):
            EndpointProposer(wrong, "m")
