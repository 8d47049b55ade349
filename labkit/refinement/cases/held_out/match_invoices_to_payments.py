"""Match every payment, in order, with the oldest invoice still open of the same customer and the same amount.

In: invoices, a list of (number, customer, amount, day) and payments, a list of (customer, amount, day):
numbers and customers str, amounts and days int; invoice numbers are unique. An invoice may be paid only on
its day or later. Oldest means the least day, then the earlier row of invoices. Out: a dict with "matched", a
list of (invoice number, payment row) in order of payment rows; "unmatched", the rows of payments that match
nothing; "open", the numbers of unpaid invoices in the order of invoices. Empty inputs give empty lists.
"""

import heapq
from collections import defaultdict, deque

FAMILY = "joins"

EXAMPLES = [
    (([], []), {"matched": [], "unmatched": [], "open": []}),
    (([("I1", "acme", 5, 1)], []), {"matched": [], "unmatched": [], "open": ["I1"]}),
    (([], [("acme", 5, 1)]), {"matched": [], "unmatched": [0], "open": []}),
    (
        ([("I1", "acme", 5, 3), ("I2", "acme", 5, 1)], [("acme", 5, 2), ("acme", 5, 2), ("acme", 5, 4)]),
        {"matched": [("I2", 0), ("I1", 2)], "unmatched": [1], "open": []},
    ),
    (
        ([("I1", "acme", 5, 1), ("I2", "acme", 5, 1)], [("acme", 5, 1)]),
        {"matched": [("I1", 0)], "unmatched": [], "open": ["I2"]},
    ),
    (
        ([("I1", "acme", 5, 1), ("I2", "bolt", 5, 1)], [("bolt", 5, 9), ("bolt", 6, 9)]),
        {"matched": [("I2", 0)], "unmatched": [1], "open": ["I1"]},
    ),
]


def match_invoices_to_payments(invoices, payments):
    paid = []
    matched = []
    unmatched = []
    for row, (customer, amount, day) in enumerate(payments):
        possible = []
        for invoice in invoices:
            if invoice[1] == customer and invoice[2] == amount and invoice[3] <= day:
                if invoice[0] not in paid:
                    possible.append(invoice)
        if possible:
            possible.sort(key=lambda invoice: invoice[3])
            paid.append(possible[0][0])
            matched.append((possible[0][0], row))
        else:
            unmatched.append(row)
    still_open = [invoice[0] for invoice in invoices if invoice[0] not in paid]
    return {"matched": matched, "unmatched": unmatched, "open": still_open}


def inputs(seed=0, size=1.0):
    """Monthly fees (few amounts, heavy repetition), one-off amounts, and one big customer."""
    import random

    rng = random.Random(seed)
    out = []
    for n, customers, amounts in ((840, 12, 3), (1200, 60, 40), (700, 1, 2)):
        n = int(n * size)
        deals = [(f"cust{int(customers * rng.random() ** 2)}", rng.randint(1, amounts)) for _ in range(2 * n)]
        invoices = [(f"INV-{i:05d}", *deal, rng.randrange(365)) for i, deal in enumerate(deals[:n])]
        out.append((invoices, [(*deal, rng.randrange(20, 400)) for deal in deals[n:]]))
    return out


def _report(invoices, payments, choice):
    """The result from a dict: payment row -> invoice number."""
    paid = set(choice.values())
    return {
        "matched": [(choice[row], row) for row in range(len(payments)) if row in choice],
        "unmatched": [row for row in range(len(payments)) if row not in choice],
        "open": [invoice[0] for invoice in invoices if invoice[0] not in paid],
    }


def solution_shrinking_list(invoices, payments):
    """One list sorted by day, scanned and shortened at every payment: O(invoices * payments)."""
    waiting = sorted(invoices, key=lambda invoice: invoice[3])
    choice = {}
    for row, (customer, amount, day) in enumerate(payments):
        for at, (number, who, owed, since) in enumerate(waiting):
            if since > day:
                break
            if owed == amount and who == customer:
                choice[row] = number
                del waiting[at]
                break
    return _report(invoices, payments, choice)


def solution_queue_per_key(invoices, payments):
    """A queue in order of days for each customer and amount; only its head can be the oldest: O(n log n)."""
    queues = defaultdict(deque)
    for number, customer, amount, day in sorted(invoices, key=lambda invoice: invoice[3]):
        queues[customer, amount].append((day, number))
    choice = {}
    for row, (customer, amount, day) in enumerate(payments):
        queue = queues.get((customer, amount))
        if queue and queue[0][0] <= day:
            choice[row] = queue.popleft()[1]
    return _report(invoices, payments, choice)


def solution_heap_per_key(invoices, payments):
    """A heap of (day, row) for each customer and amount: O(n log n)."""
    heaps = {}
    for at, (_, customer, amount, day) in enumerate(invoices):
        heapq.heappush(heaps.setdefault((customer, amount), []), (day, at))
    choice = {}
    for row, (customer, amount, day) in enumerate(payments):
        heap = heaps.get((customer, amount))
        if heap and heap[0][0] <= day:
            choice[row] = invoices[heapq.heappop(heap)[1]][0]
    return _report(invoices, payments, choice)


def solution_minimum_in_bucket(invoices, payments):
    """Invoices in a dict by customer and amount, the minimum sought and removed in a list: O(n * bucket)."""
    buckets = {}
    for number, customer, amount, day in invoices:
        buckets.setdefault((customer, amount), []).append((day, number))
    choice = {}
    for row, (customer, amount, day) in enumerate(payments):
        bucket = buckets.get((customer, amount), [])
        oldest = min(bucket, key=lambda item: item[0], default=None)
        if oldest is not None and oldest[0] <= day:
            bucket.remove(oldest)
            choice[row] = oldest[1]
    return _report(invoices, payments, choice)


def solution_group_both_sides(invoices, payments):
    """Both sides grouped by key, each group matched with two pointers: O(n log n)."""
    groups = defaultdict(lambda: ([], []))
    for at, invoice in enumerate(invoices):
        groups[invoice[1:3]][0].append(at)
    for row, payment in enumerate(payments):
        groups[payment[:2]][1].append(row)
    choice = {}
    for bills, rows in groups.values():
        bills.sort(key=lambda at: invoices[at][3])
        head = 0
        for row in rows:
            if head < len(bills) and invoices[bills[head]][3] <= payments[row][2]:
                choice[row] = invoices[bills[head]][0]
                head += 1
    return _report(invoices, payments, choice)
