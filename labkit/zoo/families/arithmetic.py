"""Arithmetic: whole numbers, as people write them; the more digits and steps, the harder."""

from __future__ import annotations

from ..items import Draw, Made

_HEADS = ("", "Compute ", "What is ", "Calculate ", "Find ")
_TAILS = ("{}", "{} =", "{}.", "the result of {}.")


def _number(draw: Draw, digits: int) -> int:
    return draw.between(10 ** (digits - 1) if digits > 1 else 0, 10**digits - 1)


def _asked(draw: Draw, sum_: str, answer: int) -> Made:
    ask = draw.worded(_HEADS, [tail.format(sum_) for tail in _TAILS])
    return Made(ask, "", str(answer), key=sum_)


def add(draw: Draw) -> Made:
    a, b = (_number(draw, draw.by_level(1, 2, 3, 5, 8)) for _ in range(2))
    return _asked(draw, f"{a} + {b}", a + b)


def subtract(draw: Draw) -> Made:
    a, b = (_number(draw, draw.by_level(1, 2, 3, 5, 8)) for _ in range(2))
    return _asked(draw, f"{a} - {b}", a - b)


def multiply(draw: Draw) -> Made:
    one, two = draw.by_level((1, 1), (1, 2), (1, 3), (2, 2), (3, 3))
    a, b = _number(draw, one), _number(draw, two)
    return _asked(draw, f"{a} * {b}", a * b)


def chain(draw: Draw) -> Made:
    """Several sums and differences in one line."""
    most = draw.by_level(9, 9, 20, 50, 99)
    value = draw.between(1, most)
    text = str(value)
    for _ in range(draw.by_level(1, 2, 3, 4, 6)):
        step = draw.between(1, most)
        sign = "-" if draw.chance() < 0.5 and value >= step else "+"
        value += step if sign == "+" else -step
        text += f" {sign} {step}"
    return _asked(draw, text, value)
