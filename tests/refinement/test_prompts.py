"""What a model is told, and what is read out of its answers."""

import pytest

from labkit.errors import BadInput
from labkit.refinement.growth import Fit, Growth
from labkit.refinement.growth import fit as fitted
from labkit.refinement.prompts import extract_code, grows, published, rich
from labkit.refinement.rules import lab_screen
from labkit.refinement.study import Candidate, Turn
from labkit.refinement.task import CodeTask, Solution
from labkit.sandbox import Program
from labkit.stats import Outcome, Verdict

SLOW = "def f(x):\n    return x + 0\n"
TASK = CodeTask(
    "t",
    Program(SLOW, "f"),
    ((1,), (77,)),
    "Add.",
    examples=(((1,), 1),),
    solutions=(Solution("s", "SECRET"),),
)


def turn(n, source, outcome, accepted, verdict=None, reason=""):
    return Turn(0, n, Candidate(source, "who"), outcome, verdict, accepted, reason, 1.0)


def history():
    words = "result of input 1: expected 4242, got 3"
    wrong = Outcome("wrong_answer", {}, words, {"input": 1})
    near = Verdict("tie", 1.0, 0.91, 1.07, 10)
    return [
        turn(0, SLOW, Outcome("ok"), True),
        turn(1, "BAD", wrong, False, None, f"wrong_answer: {words}"),
        turn(2, "SAME", Outcome("ok"), False, near, "inside the noise"),
    ]


def test_prompts_tell_what_they_should_and_no_answers():
    short = published(TASK, history(), "memory")[0]["content"]
    assert "Passed: True / Time:" in short and "lower its memory" in short and SLOW in short
    long = rich(TASK, history(), "time", hot="line 2: 90 %", growth="n squared")[0]["content"]
    for words in ("0.91 to 1.07", "inside the noise", "line 2: 90 %", "n squared", "wrong answer on input 1"):
        assert words in long and words not in short
    assert "4242" not in long and "SECRET" not in long and "f(1,) == 1" in long
    assert "Passed: False / Time: 90 s" in published(TASK, [], "time")[0]["content"]


def test_growth_is_one_line_about_the_best():
    points = [(n, [1e-6 * n * n, 1.1e-6 * n * n]) for n in (10, 20, 40, 80)]
    grown = Growth(
        "t", "time", {"start": fitted([(n, [1e-6 * n**3]) for n, _ in points]), "best": fitted(points)}
    )
    assert grows(grown) == "time grows as n² (slope 2.00 [1.94, 2.06], n: elements in the input)"
    assert grows(grown, "start").startswith("time grows as n³ (slope 3.00 [")
    assert (
        f"How the cost grows:\n{grows(grown)}\n" in rich(TASK, history(), "time", growth=grown)[0]["content"]
    )
    untold = Growth("t", "memory", {"best": Fit((), None, "too little to tell (0 usable sizes)")})
    assert grows(untold) == "memory: too little to tell (0 usable sizes)"
    assert grows(Growth("t", "time", {})) == ""
    assert "How the cost grows" not in rich(TASK, [], "time", growth=Growth("t", "time", {}))[0]["content"]
    with pytest.raises(BadInput, match="no program 'b' here: there are start, best"):
        grows(grown, "b")


def test_all_reasons_of_a_refusal_are_told():
    bad = (
        "import os\nimport socket\ndef f(x):\n    eval('1')\n    return open('a').read() or os.system('b')\n"
    )
    reasons = lab_screen(bad, SLOW, "f")
    feedback = "; ".join(reasons)
    assert len(reasons) >= 4 and len(feedback) < 600
    refused = turn(3, bad, Outcome("refused", {}, feedback), False, None, f"refused: {feedback[:20]}")
    told = rich(TASK, [*history(), refused], "time")[0]["content"]
    assert f"- who: refused before it was run: {feedback}" in told
    assert feedback not in published(TASK, [*history(), refused], "time")[0]["content"]


def test_code_is_found_in_every_form():
    two = SLOW.replace("0", "1")
    for text in (
        f"Sure\n```python\n{SLOW}```\nDone", f"```\n{SLOW}```", f"~~~py\n{SLOW}~~~", f"```python\n{SLOW}", SLOW,
        f"```python\n{two}```\n```python\n{SLOW}```\n```python\nprint(f(1))\n```",
        f"<thinking>```python\n{two}```</thinking><solution>\n```python\n{SLOW}```\n</solution>",
    ):  # fmt: skip
        assert extract_code(text, "f").strip() == SLOW.strip(), text
    for text in ("no", "", "```python\ndef g(): pass\n```", "```\ndef f(:\n```", f"<think>```\n{SLOW}```"):
        assert extract_code(text, "f") is None, text
