"""Evaluate a sheet of named formulas that refer to each other.

In: lines, a list of str "name = formula". Out: a dict from name to int, in the order of lines. A formula
has whole numbers, names, + - * (usual precedence, from left to right) and parentheses, with any blanks
between. Names match [A-Za-z_]\\w*, each is defined once; a name that is not defined counts as 0.
Formulas may refer to later lines, never in a circle. All values are reduced modulo 1000003 (to
0..1000002). No lines: an empty dict.
"""

import re
from operator import add, mul, sub

FAMILY = "parsing"

EXAMPLES = [
    (([],), {}),
    ((["a = 7"],), {"a": 7}),
    ((["a = b + 1", "b = 2 * 3"],), {"a": 7, "b": 6}),
    ((["x = 10 - 2 - 3", "y = 2 + 3*4", "z=(2+3) * 4"],), {"x": 5, "y": 14, "z": 20}),
    ((["low = 1 - 2", "big = 1000003 * 5 + 1"],), {"low": 1000002, "big": 1}),
    ((["total = missing * 4 + q1", "q1 = ((3))"],), {"total": 3, "q1": 3}),
    ((["c = a*b - (a - b)", "a = 4", "b = a + a"],), {"c": 36, "a": 4, "b": 8}),
]


def tokenize(formula):
    tokens = []
    while formula.strip() != "":
        formula = formula.strip()
        token = re.match(r"\d+|\w+|[-+*()]", formula).group()
        tokens.append(token)
        formula = formula[len(token) :]
    return tokens


def evaluate(tokens, lines):
    depth = 0
    for operators in ("+-", "*"):
        for place in range(len(tokens) - 1, -1, -1):
            if tokens[place] == ")":
                depth += 1
            elif tokens[place] == "(":
                depth -= 1
            elif depth == 0 and tokens[place] in operators:
                left = evaluate(tokens[:place], lines)
                right = evaluate(tokens[place + 1 :], lines)
                return {"+": left + right, "-": left - right, "*": left * right}[tokens[place]]
    if tokens[0] == "(":
        return evaluate(tokens[1:-1], lines)
    return int(tokens[0]) if tokens[0].isdigit() else value_of(tokens[0], lines)


def value_of(name, lines):
    for line in lines:
        left, right = line.split("=")
        if left.strip() == name:
            return evaluate(tokenize(right), lines) % 1000003
    return 0


def evaluate_formulas(lines):
    values = {}
    for line in lines:
        name = line.split("=")[0].strip()
        values[name] = value_of(name, lines)
    return values


def inputs(seed=0, size=1.0):
    """Inputs: blocks of cells in levels that refer to the level below, shuffled, some with long formulas."""
    import random

    rng = random.Random(seed)
    result = []
    for blocks, levels, terms in ((4, 7, 2), (14, 5, 2), (13, 2, 6)):
        lines = []
        for block in range(max(1, int(blocks * size))):
            below = [str(rng.randrange(1000)) for _ in range(3)]
            for level in range(levels):
                names = [f"{rng.choice(['net', 'tax', 'sum'])}_{block}_{level}{letter}" for letter in "abc"]
                for name in names:
                    formula = rng.choice(below)
                    for _ in range(terms - 1):
                        formula += rng.choice([" + ", " - ", "*"]) + rng.choice(below)
                        if rng.random() < 0.4:
                            formula = f"({formula})" + rng.choice([" * 3", "+1", " - unset"])
                    lines.append(f"{name} = {formula}")
                below = names
        if terms == 2:
            rng.shuffle(lines)
        result.append((lines,))
    return result


def split_lines(lines):
    return {name.strip(): formula for name, formula in (line.split("=") for line in lines)}


def solution_memo(lines):
    """Recursive descent over tokens, each name evaluated once and remembered: linear."""
    formulas, values = split_lines(lines), {}

    def value(name):
        if name not in values:
            values[name] = total(re.findall(r"\w+|[-+*()]", formulas[name])[::-1]) if name in formulas else 0
        return values[name]

    def total(tokens):
        result = product(tokens)
        while tokens and tokens[-1] in "+-":
            result += product(tokens) if tokens.pop() == "+" else -product(tokens)
        return result % 1000003

    def product(tokens):
        result = 1
        while True:
            token = tokens.pop()
            if token == "(":
                result *= total(tokens)
                tokens.pop()
            else:
                result *= int(token) if token.isdigit() else value(token)
            if not tokens or tokens[-1] != "*":
                return result
            tokens.pop()

    return {name: value(name) for name in formulas}


def solution_eval(lines):
    """Python's own eval with a dict that computes missing names: linear, compiles each formula."""
    formulas = split_lines(lines)

    class Sheet(dict):
        def __missing__(self, name):
            text = re.sub(r"\b0+(?=\d)", "", formulas.get(name[1:], "0")).strip()
            text = re.sub(r"\b(?=[A-Za-z_])", "_", text)
            self[name] = eval(text, {}, self) % 1000003
            return self[name]

    sheet = Sheet()
    return {name: sheet["_" + name] for name in formulas}


def postfix(formula):
    output, waiting = [], []
    for token in re.findall(r"\w+|[-+*()]", formula):
        if token == "(":
            waiting.append(token)
        elif token in "+-*)":
            while waiting and waiting[-1] != "(" and (token != "*" or waiting[-1] == "*"):
                output.append(waiting.pop())
            if token == ")":
                waiting.pop()
            else:
                waiting.append(token)
        else:
            output.append(token)
    return output + waiting[::-1]


def run(program, values):
    stack = []
    for token in program:
        if token in "+-*":
            right = stack.pop()
            stack[-1] = {"+": add, "-": sub, "*": mul}[token](stack[-1], right)
        else:
            stack.append(int(token) if token.isdigit() else values.get(token, 0))
    return stack[0] % 1000003


def solution_postfix_order(lines):
    """Formulas in postfix form, run in the order a depth-first walk ends, no recursion: linear."""
    programs = {name: postfix(formula) for name, formula in split_lines(lines).items()}
    values = {}
    for root in programs:
        path = [root]
        while path:
            name = path[-1]
            needed = [token for token in programs[name] if token in programs and token not in values]
            if needed and name not in values:
                path += needed
                continue
            path.pop()
            if name not in values:
                values[name] = run(programs[name], values)
    return {name: values[name] for name in programs}


def solution_sweeps(lines):
    """Sweep over the open formulas, taking those whose names are known: n times depth."""
    formulas = split_lines(lines)
    values, left = {}, dict(formulas)
    while left:
        for name, formula in list(left.items()):
            program = postfix(formula)
            if not any(token in left for token in program):
                values[name] = run(program, values)
                del left[name]
    return {name: values[name] for name in formulas}


def solution_reduce_text(lines):
    """Put numbers for names, reduce innermost parentheses in the text by patterns until one is left."""
    formulas, values = split_lines(lines), {}

    def flat(match):
        total = 0
        for sign, term in re.findall(r"([-+]?)([^-+]+)", match[1]):
            value = 1
            for factor in term.split("*"):
                value *= int(factor)
            total += -value if sign == "-" else value
        return str(total % 1000003)

    def value(name):
        if name in formulas and name not in values:
            text = re.sub(r"[A-Za-z_]\w*", lambda match: str(value(match[0])), f"({formulas[name]})")
            while "(" in text:
                text = re.sub(r"\(([^()]*)\)", flat, text)
            values[name] = int(text)
        return values.get(name, 0)

    return {name: value(name) for name in formulas}
