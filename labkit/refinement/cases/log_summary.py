"""Summarise a log by file.

In: lines 'path:number LEVEL message', with some that do not fit. Out: for each path the count of each
level, the last line number and the longest message (the first one of that length). The log is made of
source lines."""

import re
from itertools import groupby

FAMILY = "parsing"

EXAMPLES = [
    (
        (["-- start --", "a.py:7 INFO hello", "b.py:1 ERROR no", "a.py:3 INFO x", "a.py:5 DEBUG olleh"],),
        {
            "a.py": {"levels": {"INFO": 2, "DEBUG": 1}, "last": 7, "longest": "hello"},
            "b.py": {"levels": {"ERROR": 1}, "last": 1, "longest": "no"},
        },
    ),
    (([],), {}),
    ((["", "a INFO x", "a:x INFO x", "a:1 BAD x", ":1 INFO x", " a:1 INFO x", "a:1 INFO"],), {}),
    ((["C:/a:12 ERROR b:3 INFO"],), {"C:/a": {"levels": {"ERROR": 1}, "last": 12, "longest": "b:3 INFO"}}),
    ((["a:0 INFO ", "a:0 INFO "],), {"a": {"levels": {"INFO": 2}, "last": 0, "longest": ""}}),
    ((["a:9 INFO  x ", "a:10 INFO yyy"],), {"a": {"levels": {"INFO": 2}, "last": 10, "longest": " x "}}),
]


def parse_line(line):
    match = re.match(r"(\S+):(\d+) (DEBUG|INFO|WARNING|ERROR) (.*)$", line)
    if match is None:
        return None
    path, number, level, message = match.groups()
    return path, int(number), level, message


def summarise_path(lines, path):
    levels = {}
    last = 0
    longest = ""
    for line in lines:
        record = parse_line(line)
        if record is None or record[0] != path:
            continue
        levels[record[2]] = levels.get(record[2], 0) + 1
        last = max(last, record[1])
        if len(record[3]) > len(longest):
            longest = record[3]
    return {"levels": levels, "last": last, "longest": longest}


def log_summary(lines):
    paths = {}
    for line in lines:
        record = parse_line(line)
        if record is not None:
            paths[record[0]] = None
    return {path: summarise_path(lines, path) for path in paths}


def inputs(seed=0, size=1.0):
    """Inputs: a list of tuples of arguments."""
    from labkit.refinement.corpus import log_lines

    count = int(900 * size)
    logs = []
    for part in range(2):
        # Files take turns in a real log: four short draws, dealt out in rounds.
        draws = [log_lines(count, seed, 10 * part + k) for k in range(4)]
        log = [line for group in zip(*draws, strict=True) for line in group]
        logs.append((["-- log opened --", *log, "-- log closed --"],))
    return logs


def solution_parse_once(lines):
    """Parse every line once, then still scan all records for each path, O(paths * lines)."""
    records = [record for record in map(parse_line, lines) if record is not None]
    summary = {}
    for path in dict.fromkeys(record[0] for record in records):
        _, numbers, levels, messages = zip(*[record for record in records if record[0] == path], strict=True)
        counts = {level: levels.count(level) for level in dict.fromkeys(levels)}
        summary[path] = {"levels": counts, "last": max(numbers), "longest": max(messages, key=len)}
    return summary


def solution_columns(lines):
    """One dict for each column of the summary, joined at the end, O(lines)."""
    levels, last, longest = {}, {}, {}
    for record in map(parse_line, lines):
        if record is not None:
            path, number, level, message = record
            levels[path, level] = levels.get((path, level), 0) + 1
            last[path] = max(last.get(path, 0), number)
            longest[path] = max(longest.get(path, ""), message, key=len)
    summary = {path: {"levels": {}, "last": last[path], "longest": longest[path]} for path in last}
    for (path, level), count in levels.items():
        summary[path]["levels"][level] = count
    return summary


def solution_sort(lines):
    """Sort the records by path (stable) and take runs; a dict made before keeps the order, O(n log n)."""
    records = [record for record in map(parse_line, lines) if record is not None]
    summary = {record[0]: {"levels": {}, "last": 0, "longest": ""} for record in records}
    records.sort(key=lambda record: record[0])
    for path, run in groupby(records, key=lambda record: record[0]):
        entry = summary[path]
        for _, number, level, message in run:
            entry["levels"][level] = entry["levels"].get(level, 0) + 1
            entry["last"] = max(entry["last"], number)
            entry["longest"] = max(entry["longest"], message, key=len)
    return summary


def solution_stream(lines):
    """One pass with a compiled pattern; only the summary itself is held in memory."""
    match = re.compile(r"(\S+):(\d+) (DEBUG|INFO|WARNING|ERROR) (.*)$").match
    summary = {}
    for found in filter(None, map(match, lines)):
        path, number, level, message = found.groups()
        entry = summary.setdefault(path, {"levels": {}, "last": 0, "longest": ""})
        entry["levels"][level] = entry["levels"].get(level, 0) + 1
        entry["last"] = max(entry["last"], int(number))
        if len(message) > len(entry["longest"]):
            entry["longest"] = message
    return summary


def solution_split(lines):
    """One pass that splits at the first two spaces and the last colon, no regular expression."""
    summary = {}
    for line in lines:
        parts = line.split(" ", 2)
        if len(parts) < 3 or parts[1] not in ("INFO", "DEBUG", "WARNING", "ERROR"):
            continue
        path, _, number = parts[0].rpartition(":")
        if not path or not number.isdecimal() or path.split() != [path]:
            continue
        entry = summary.get(path) or summary.setdefault(path, {"levels": {}, "last": 0, "longest": ""})
        entry["levels"][parts[1]] = entry["levels"].get(parts[1], 0) + 1
        entry["last"] = max(entry["last"], int(number))
        if len(parts[2]) > len(entry["longest"]):
            entry["longest"] = parts[2]
    return summary
