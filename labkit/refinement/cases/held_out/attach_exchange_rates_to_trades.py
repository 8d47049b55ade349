"""Attach to every trade the exchange rate that was in force when it was made (an as-of join).

In: trades, a list of (time, currency, amount) and rates, a list of (time, currency, rate), both unsorted;
times and amounts int, rates float, currencies str. Out: a list as long as trades, in the order of trades, of
(time, currency, amount, rate) with the rate of that currency with the latest time <= the trade's time; the
later row of rates wins where times are equal; rate is None where there is none. Empty trades give [].
"""

from bisect import bisect_right

FAMILY = "joins"

EXAMPLES = [
    (([], []), []),
    (([(5, "EUR", 10)], []), [(5, "EUR", 10, None)]),
    (([(5, "EUR", 10)], [(5, "EUR", 1.1)]), [(5, "EUR", 10, 1.1)]),
    (([(5, "EUR", 10)], [(6, "EUR", 1.1)]), [(5, "EUR", 10, None)]),
    (([(5, "EUR", 10)], [(3, "EUR", 1.1), (3, "EUR", 1.2), (1, "EUR", 1.3)]), [(5, "EUR", 10, 1.2)]),
    (
        ([(9, "USD", 1), (2, "USD", 2)], [(4, "USD", 2.0), (1, "USD", 3.0), (9, "GBP", 4.0)]),
        [(9, "USD", 1, 2.0), (2, "USD", 2, 3.0)],
    ),
    (([(1, "JPY", 7), (1, "JPY", 7)], [(0, "JPY", 0.5)]), [(1, "JPY", 7, 0.5), (1, "JPY", 7, 0.5)]),
]


def attach_exchange_rates_to_trades(trades, rates):
    result = []
    for when, currency, amount in trades:
        candidates = [row for row in rates if row[1] == currency]
        candidates = [row for row in candidates if row[0] <= when]
        candidates = sorted(candidates, key=lambda row: row[0])
        rate = candidates[-1][2] if candidates else None
        result = result + [(when, currency, amount, rate)]
    return result


def inputs(seed=0, size=1.0):
    """Many currencies with few rates, one dominant currency, and many rates for few trades."""
    import random

    rng = random.Random(seed)
    codes = "USD EUR GBP JPY CHF SEK NOK DKK PLN CZK HUF AUD CAD NZD ZAR".split()
    out = []
    for n, m, skew in ((1800, 1400, 1.0), (1400, 1600, 4.0), (600, 2600, 2.0)):

        def pick(skew=skew):
            return codes[int(len(codes) * rng.random() ** skew)]

        trades = [(rng.randrange(5000), pick(), rng.randrange(1, 9999)) for _ in range(int(n * size))]
        rates = [(rng.randrange(5000), pick(), round(rng.uniform(0.5, 20), 4)) for _ in range(int(m * size))]
        out.append((trades, rates))
    return out


def solution_one_pass_per_trade(trades, rates):
    """One scan of the rates a trade, keeping the latest: O(trades * rates), no lists in between."""
    result = []
    for when, currency, amount in trades:
        latest, rate = -1, None
        for time, code, value in rates:
            if code == currency and latest <= time <= when:
                latest, rate = time, value
        result.append((when, currency, amount, rate))
    return result


def solution_bucket_then_scan(trades, rates):
    """Rates grouped by currency and sorted once, scanned for every trade: O(trades * rates of one)."""
    tables = {}
    for row in rates:
        tables.setdefault(row[1], []).append(row)
    for table in tables.values():
        table.sort(key=lambda row: row[0])
        table.reverse()
    result = []
    for when, currency, amount in trades:
        rate = next((row[2] for row in tables.get(currency, ()) if row[0] <= when), None)
        result.append((when, currency, amount, rate))
    return result


def solution_bisect(trades, rates):
    """Sorted times and values per currency, binary search a trade: O((trades + rates) log rates)."""
    tables = {}
    for time, code, value in sorted(rates, key=lambda row: row[0]):
        times, values = tables.setdefault(code, ([], [None]))
        times.append(time)
        values.append(value)
    nothing = ([], [None])
    result = []
    for when, currency, amount in trades:
        times, values = tables.get(currency, nothing)
        result.append((when, currency, amount, values[bisect_right(times, when)]))
    return result


def solution_merge_sweep(trades, rates):
    """Both sides in order of time, swept together with the current rate per currency: O(n log n)."""
    order = sorted(range(len(trades)), key=lambda i: trades[i][0])
    rows = sorted(rates, key=lambda row: row[0])
    current, at = {}, 0
    result = [None] * len(trades)
    for i in order:
        when, currency, amount = trades[i]
        while at < len(rows) and rows[at][0] <= when:
            current[rows[at][1]] = rows[at][2]
            at += 1
        result[i] = (when, currency, amount, current.get(currency))
    return result


def solution_tagged_sort(trades, rates):
    """Rates and trades sorted as one list of tagged events, then one pass: O(n log n) with more memory."""
    events = [(time, 0, i, code) for i, (time, code, _) in enumerate(rates)]
    events += [(time, 1, i, code) for i, (time, code, _) in enumerate(trades)]
    current, rate_of = {}, {}
    for _, kind, i, code in sorted(events):
        if kind:
            rate_of[i] = current.get(code)
        else:
            current[code] = rates[i][2]
    return [(*trade, rate_of[i]) for i, trade in enumerate(trades)]
