"""Split comma-separated text with quoted fields into rows.

In: text, a str without carriage returns. Out: a list of rows, each a list of str. Fields end at a comma,
rows at a newline; a newline at the very end starts no further row, and the empty text has no rows. A
field that begins with a double quote goes to the closing quote, holds commas and newlines as they are,
and two quotes in it stand for one; right after the closing quote the field ends. Quotes elsewhere are
plain characters. An empty line is a row of one empty field.
"""

import csv
import io
import re

FAMILY = "parsing"

EXAMPLES = [
    (("",), []),
    (("\n",), [[""]]),
    (("a,b\n1,2\n",), [["a", "b"], ["1", "2"]]),
    (("a,,\n\n,b",), [["a", "", ""], [""], ["", "b"]]),
    (('"x, y","say ""hi""",z',), [["x, y", 'say "hi"', "z"]]),
    (('"two\nlines",""\n""\n',), [["two\nlines", ""], [""]]),
    (('5" pipe, "q"\n""""',), [['5" pipe', ' "q"'], ['"']]),
    (("a,",), [["a", ""]]),
]


def take_field(text):
    field = ""
    if text.startswith('"'):
        text = text[1:]
        while not text.startswith('"') or text.startswith('""'):
            if text.startswith('""'):
                text = text[1:]
            field += text[0]
            text = text[1:]
        text = text[1:]
    else:
        while text and text[0] not in [",", "\n"]:
            field += text[0]
            text = text[1:]
    return field, text


def quoted_table(text):
    rows = []
    row = []
    while text:
        field, text = take_field(text)
        row = row + [field]
        if text.startswith(","):
            text = text[1:]
            if text == "" or text[0] == "\n":
                row = row + [""]
        if text == "" or text.startswith("\n"):
            rows = rows + [row]
            row = []
            text = text[1:]
    return rows


def inputs(seed=0, size=1.0):
    """Inputs: an order export, long quoted comments, a wide sheet of numbers with many gaps."""
    import random

    rng = random.Random(seed)
    things = ["bolt", '5" pipe', "hex nut", "washer, flat", "", 'the "big" one', "two\nlines", "ok"]

    def written(field):
        if field[:1] == '"' or "," in field or "\n" in field or (field and rng.random() < 0.1):
            return '"' + field.replace('"', '""') + '"'
        return field

    result = []
    for count, kind in ((40_000, "orders"), (45_000, "comments"), (30_000, "numbers")):
        lines, length = [], 0
        while length < count * size:
            if kind == "orders":
                row = [f"{rng.randrange(10**6):06}", rng.choice(things), f"{rng.randint(1, 99)}", "ok"]
            elif kind == "comments":
                row = [str(len(lines)), ", ".join(rng.choices(things, k=rng.randint(5, 60)))]
            else:
                row = [rng.choice(["", "", "0", f"{rng.random():.4f}"]) for _ in range(60)]
            lines.append(",".join(map(written, row)) if rng.random() < 0.98 else "")
            length += len(lines[-1]) + 1
        result.append(("\n".join(lines) + rng.choice(["", "\n"]),))
    return result


def solution_csv(text):
    """The csv module, with its empty rows filled: linear in C."""
    return [row or [""] for row in csv.reader(io.StringIO(text, newline=""))]


def solution_pattern(text):
    """One compiled pattern for a field and what ends it: linear."""
    rows, row = [], []
    if not text.endswith("\n"):
        text = text + "\n" if text else ""
    for quoted, plain, end in re.findall(r'(?:"((?:[^"]+|"")*)"|([^,\n]*))([,\n])', text):
        row.append(quoted.replace('""', '"') if quoted else plain)
        if end == "\n":
            rows.append(row)
            row = []
    return rows


def solution_states(text):
    """A state machine over the characters, fields collected in lists: linear, slow a character."""
    rows, row, field, state = [], [], [], "start"
    for letter in text:
        if state == "quoted" and letter != '"':
            field.append(letter)
        elif state == "quoted":
            state = "closing"
        elif state == "closing" and letter == '"':
            field.append(letter)
            state = "quoted"
        elif letter in ",\n":
            row.append("".join(field))
            field = []
            state = "start"
            if letter == "\n":
                rows.append(row)
                row = []
        elif letter == '"' and state == "start":
            state = "quoted"
        else:
            field.append(letter)
            state = "plain"
    if row or field or state != "start":
        rows.append(row + ["".join(field)])
    return rows


def solution_find(text):
    """Jump with find from mark to mark, slicing only whole fields: linear, few steps a field."""
    rows, row, place, size = [], [], 0, len(text)
    line_end = -1
    while place < size:
        if text[place] == '"':
            start = place + 1
            place = text.find('"', start)
            doubled = False
            while text.startswith('""', place):
                doubled = True
                place = text.find('"', place + 2)
            field = text[start:place]
            row.append(field.replace('""', '"') if doubled else field)
            place += 1
        else:
            if line_end < place:
                line_end = text.find("\n", place)
                line_end = size if line_end < 0 else line_end
            comma = text.find(",", place, line_end)
            end = line_end if comma < 0 else comma
            row.append(text[place:end])
            place = end
        if place < size and text[place] == ",":
            place += 1
            if place == size:
                row.append("")
        else:
            place += 1
            rows.append(row)
            row = []
    if row:
        rows.append(row)
    return rows


def solution_lines(text):
    """Split lines without quotes at commas, join others until their quotes close, then split those."""
    rows, pending = [], ""
    field = re.compile(r'"((?:[^"]|"")*)"(?:,|\Z)|([^,]*)(?:,|\Z)')
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    for line in lines:
        line = pending + line
        if '"' not in line:
            rows.append(line.split(","))
            continue
        row, place, pending = [], 0, ""
        while place <= len(line):
            if line.startswith('"', place):
                match = field.match(line, place)
                if match is None or match[1] is None:
                    pending = line + "\n"
                    break
                row.append(match[1].replace('""', '"'))
            else:
                match = field.match(line, place)
                row.append(match[2])
            place = match.end() if match[0].endswith(",") else len(line) + 1
        if not pending:
            rows.append(row)
    return rows
