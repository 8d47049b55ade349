"""Parse a settings text written as nested parenthesised lists.

In: text, a str of items with white space (space, tab, newline) between them: words (without white space,
parentheses and double quotes), strings in double quotes without escapes, and lists "( ... )" of items. Items
may touch ("a(b)"). Words that are an optional "-" and ASCII digits are ints. Out: the list of top-level items
(str, int and list); None for malformed text (unbalanced parentheses, an open quote). Empty text gives [].
"""

import json
import re

FAMILY = "parsing"

EXAMPLES = [
    (("",), []),
    (('(server (port 80)\n (name "my (1) pc"))',), [["server", ["port", 80], ["name", "my (1) pc"]]]),
    (("(a",), None),
    (("a)(b",), None),
    (('"open',), None),
    (('a(b)"c"d--1 - 007',), ["a", ["b"], "c", "d--1", "-", 7]),
    (('-12\t"7" "" ((()))',), [-12, "7", "", [[[]]]]),
]

TOKEN = re.compile(r'([()])|"([^"]*)"|([^ \t\n()"]+)|(")')


def to_value(word):
    digits = word[1:] if word.startswith("-") else word
    return int(word) if digits.isascii() and digits.isdigit() else word


def take_until(text, stops):
    taken = ""
    while text and text[0] not in stops:
        taken, text = taken + text[0], text[1:]
    return taken, text


def parse_items(text, depth):
    items = []
    while text:
        if text[0] == "(":
            inner, text = parse_items(text[1:], depth + 1)
            items = items + [inner]
        elif text[0] == ")":
            if depth == 0:
                raise ValueError("closing parenthesis without an opening one")
            return items, text[1:]
        elif text[0] == '"':
            string, text = take_until(text[1:], '"')
            if not text:
                raise ValueError("open quote")
            items, text = items + [string], text[1:]
        elif text[0] in " \t\n":
            text = text[1:]
        else:
            word, text = take_until(text, ' \t\n()"')
            items = items + [to_value(word)]
    if depth > 0:
        raise ValueError("missing closing parenthesis")
    return items, text


def parse_nested_settings(text):
    try:
        return parse_items(text, 0)[0]
    except ValueError:
        return None


def inputs(seed=0, size=1.0):
    """A tree of options, a flat list of many entries, and entries with long quoted strings."""
    import random

    rng = random.Random(seed)

    def option(depth):
        if depth == 0 or rng.random() < 0.3:
            return rng.choice(("on", "off", str(rng.randrange(-99, 9999)), '"/srv/data (old)"'))
        return "(" + "\n ".join(f"key{rng.randrange(50)} {option(depth - 1)}" for _ in range(3)) + ")"

    count = int(1500 * size)
    flat = [f"(user{i} {rng.randrange(1000)} {rng.choice(('admin', 'guest'))})" for i in range(count)]
    notes = ["see section (a) of the manual, " * rng.randrange(14) for _ in range(count // 2)]
    long = [f'(note{i} "{note}")\n' for i, note in enumerate(notes)]
    return [("\n".join(option(3) for _ in range(count // 4)),), (" ".join(flat),), ("".join(long),)]


def _build(tokens):
    """Nested lists by a stack from tokens as they stand in the text; a lone quote mark is an error."""
    items, stack = [], []
    for token in tokens:
        if token == "(":
            stack.append(items)
            items = []
        elif token == '"' or token == ")" and not stack:
            return None
        elif token == ")":
            stack[-1].append(items)
            items = stack.pop()
        else:
            items.append(token[1:-1] if token[0] == '"' else to_value(token))
    return None if stack else items


def solution_streaming_tokens(text):
    """A compiled pattern streams tokens into a stack of lists: O(n), little memory."""
    return _build(match[0] for match in TOKEN.finditer(text))


def solution_translate_to_json(text):
    """Tokens rewritten as a JSON text that the library parses: O(n) with a second text in between."""
    parts = ["["]
    for bracket, quoted, word, stray in TOKEN.findall(text):
        if stray:
            return None
        comma = "" if bracket == ")" or parts[-1] in ("[", ",[") else ","
        item = json.dumps(to_value(word) if word else quoted)
        parts.append(comma + {"(": "[", ")": "]"}.get(bracket, item))
    try:
        return json.loads("".join(parts) + "]")
    except ValueError:
        return None


def solution_reduce_innermost(text):
    """All tokens in a list; the first closing one is reduced with its partner, again and again: O(n ** 2)."""
    groups = [match.groups() for match in TOKEN.finditer(text)]
    tokens = [(mark or stray, to_value(word) if word else quoted) for mark, quoted, word, stray in groups]
    while (")", None) in tokens:
        close = start = tokens.index((")", None))
        while start >= 0 and tokens[start][0] != "(":
            start -= 1
        if start < 0:
            return None
        tokens[start : close + 1] = [(None, [value for _, value in tokens[start + 1 : close]])]
    return None if any(mark for mark, _ in tokens) else [value for _, value in tokens]


def solution_recursive_iterator(text):
    """A recursive builder that shares one iterator over all tokens: O(n), a list of tokens in memory."""
    tokens = iter(TOKEN.findall(text) + [(")", "", "", "")])

    def build():
        items = []
        for bracket, quoted, word, stray in tokens:
            if bracket == ")":
                return items
            if stray:
                break
            items.append(build() if bracket else to_value(word) if word else quoted)
        raise ValueError("unbalanced")

    try:
        items = build()
    except ValueError:
        return None
    return items if next(tokens, None) is None else None


def solution_split_at_quotes(text):
    """Quotes split the text, the rest is split at blanks once parentheses are padded: O(n), no pattern."""
    tokens, quoted = [], False
    pieces = text.split('"')
    for piece in pieces:
        if quoted:
            tokens.append(f'"{piece}"')
        else:
            tokens += piece.translate({40: " ( ", 41: " ) ", 9: " ", 10: " "}).split(" ")
        quoted = not quoted
    return _build(filter(None, tokens)) if quoted else None
