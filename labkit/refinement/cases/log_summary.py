"""Summarise a log by file.

In: lines 'path:number LEVEL message', with some that do not fit. Out: for each path the count of each
level, the last line number and the longest message (the first one of that length). The log is made of
source lines."""

import re


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
