"""Drop the packets that repeat a recently kept packet.

In: packets, a list of (time, sender, payload) with int, str, str, in non-decreasing time; window, an int
>= 0. Out: the kept packets, a list in input order. A packet is dropped if a kept packet before it in the
list has the same sender and payload and is less than `window` older. Dropped packets do not count for
later ones. A window of 0 keeps everything; no packets: an empty list.
"""

from collections import deque

FAMILY = "de-duplication"

EXAMPLES = [
    (([], 5), []),
    (([(1, "a", "x"), (1, "a", "x")], 0), [(1, "a", "x"), (1, "a", "x")]),
    (([(1, "a", "x"), (1, "a", "x")], 1), [(1, "a", "x")]),
    (([(0, "a", "x"), (4, "a", "x"), (5, "a", "x")], 5), [(0, "a", "x"), (5, "a", "x")]),
    (([(0, "a", "x"), (3, "a", "x"), (6, "a", "x"), (9, "a", "x")], 6), [(0, "a", "x"), (6, "a", "x")]),
    (([(0, "a", "x"), (0, "b", "x"), (0, "a", "y")], 9), [(0, "a", "x"), (0, "b", "x"), (0, "a", "y")]),
    (
        ([(2, "a", "x"), (2, "b", "x"), (3, "a", "x"), (30, "b", "x")], 9),
        [(2, "a", "x"), (2, "b", "x"), (30, "b", "x")],
    ),
]


def drop_retransmissions(packets, window):
    kept = []
    for packet in packets:
        time, sender, payload = packet
        recent = [(s, p) for t, s, p in kept if time - t < window]
        if (sender, payload) not in recent:
            kept.append(packet)
    return kept


def inputs(seed=0, size=1.0):
    """Inputs: traffic of a few busy and many quiet senders, with bursts of retransmission."""
    import random

    rng = random.Random(seed)
    result = []
    for count, window, repeats in ((1300, 40, 0.4), (1200, 2000, 0.25), (1100, 300, 0.6)):
        packets, time = [], 1_700_000_000
        for _ in range(max(5, int(count * size))):
            time += rng.choice([0, 0, 1, 1, 2, 9])
            if packets and rng.random() < repeats:
                _, sender, payload = packets[-min(len(packets), int(rng.expovariate(1 / 30)) + 1)]
            else:
                sender = f"10.0.{int(rng.paretovariate(1)) % 200}.{rng.randrange(9)}"
                payload = rng.choice(["PING", "SYN", "ACK", "DATA"]) + f" {rng.randrange(9999):04x}"
            packets.append((time, sender, payload))
        result.append((packets, window))
    return result


def solution_last_kept(packets, window):
    """Time of the last kept packet by (sender, payload): linear."""
    last, kept = {}, []
    for packet in packets:
        time, sender, payload = packet
        key = (sender, payload)
        before = last.get(key)
        if before is None or time - before >= window:
            last[key] = time
            kept.append(packet)
    return kept


def solution_expiring(packets, window):
    """A set of the keys inside the window and a queue that expires them: linear, memory of one window."""
    held, queue, kept = set(), deque(), []
    for packet in packets:
        time = packet[0]
        while queue and time - queue[0][0] >= window:
            held.discard(queue.popleft()[1:])
        key = packet[1:]
        if key not in held:
            kept.append(packet)
            if window > 0:
                held.add(key)
                queue.append(packet)
    return kept


def solution_backwards(packets, window):
    """Look back through the kept packets until they are too old: linear times packets in a window."""
    kept = []
    for packet in packets:
        time, key = packet[0], packet[1:]
        for earlier in reversed(kept):
            if time - earlier[0] >= window:
                kept.append(packet)
                break
            if earlier[1:] == key:
                break
        else:
            kept.append(packet)
    return kept


def solution_grouped(packets, window):
    """Sort places by key, decide each key on its own, restore the order: n log n."""
    order = sorted(range(len(packets)), key=lambda place: packets[place][1:])
    chosen, key, before = [], None, 0
    for place in order:
        time = packets[place][0]
        if packets[place][1:] != key or time - before >= window:
            key, before = packets[place][1:], time
            chosen.append(place)
    chosen.sort()
    return [packets[place] for place in chosen]


def solution_by_sender(packets, window):
    """A list of kept packets for each sender, scanned in full: quadratic for a busy sender."""
    senders, kept = {}, []
    for packet in packets:
        time, sender, payload = packet
        mine = senders.setdefault(sender, [])
        if not any(text == payload and time - when < window for when, text in mine):
            mine.append((time, payload))
            kept.append(packet)
    return kept


def solution_generations(packets, window):
    """Two dicts that take turns every `window` of time, so old keys go in bulk: linear."""
    if window <= 0:
        return list(packets)
    young, old, turn, kept = {}, {}, None, []
    for packet in packets:
        time, key = packet[0], packet[1:]
        if turn is None or time - turn >= window:
            old = young if turn is not None and time - turn < 2 * window else {}
            young, turn = {}, time if turn is None or time - turn >= 2 * window else turn + window
        before = young.get(key)
        if before is None:
            before = old.get(key)
        if before is None or time - before >= window:
            young[key] = time
            kept.append(packet)
    return kept
