"""Join each trade with the quote that was valid when it happened.

In: trades, a list of (time, symbol, quantity); quotes, a list of (time, symbol, price); int, str, int
each, in any order. Out: a list, in the order of trades, of (time, symbol, quantity, price). The price is
that of the symbol's quote with the greatest time not after the trade's; among equal times the one latest
in the list; None if there is none.
"""

from bisect import bisect_right

FAMILY = "joins"

EXAMPLES = [
    (([], [(1, "A", 5)]), []),
    (([(3, "A", 10)], []), [(3, "A", 10, None)]),
    (([(3, "A", 10)], [(3, "A", 7), (4, "A", 8)]), [(3, "A", 10, 7)]),
    (([(3, "A", 10)], [(4, "A", 8), (2, "B", 1)]), [(3, "A", 10, None)]),
    (([(5, "A", 1), (2, "A", 2)], [(1, "A", 7), (5, "A", 9), (5, "A", 3)]), [(5, "A", 1, 3), (2, "A", 2, 7)]),
    (([(9, "B", 1)], [(8, "B", 4), (2, "B", 3), (8, "A", 5)]), [(9, "B", 1, 4)]),
    (([(9, "B", 1), (9, "B", 1)], [(9, "B", 4)]), [(9, "B", 1, 4), (9, "B", 1, 4)]),
]


def quotes_at_trades(trades, quotes):
    joined = []
    for time, symbol, quantity in trades:
        valid = [quote for quote in quotes if quote[1] == symbol and quote[0] <= time]
        valid = sorted(valid, key=lambda quote: quote[0])
        price = valid[-1][2] if valid else None
        joined.append((time, symbol, quantity, price))
    return joined


def inputs(seed=0, size=1.0):
    """Inputs: a trading day with a few busy symbols, quotes nearly in order of time."""
    import random

    rng = random.Random(seed)
    result = []
    for trade_count, quote_count, symbols in ((300, 4000, 40), (700, 1500, 3), (500, 2500, 300)):
        names = [f"{'XYZQW'[n % 5]}{n:03}" for n in range(symbols)]
        quotes, time = [], 34_200
        for _ in range(max(3, int(quote_count * size**0.5))):
            time += rng.choice([0, 1, 1, 3])
            symbol = names[min(symbols - 1, int(rng.expovariate(4 / symbols)))]
            quotes.append((time - rng.choice([0, 0, 0, 5]), symbol, 10_000 + rng.randint(-50, 50)))
        trades = [
            (rng.randint(34_100, time + 50), rng.choice(quotes)[1], 100 * rng.randint(1, 20))
            for _ in range(max(3, int(trade_count * size**0.5)))
        ]
        result.append((trades, quotes))
    return result


def solution_bisect(trades, quotes):
    """Quotes sorted by time for each symbol, binary search a trade: (n + m) log m."""
    by_symbol = {}
    for quote in sorted(quotes, key=lambda quote: quote[0]):
        times, prices = by_symbol.setdefault(quote[1], ([], []))
        times.append(quote[0])
        prices.append(quote[2])
    joined = []
    for time, symbol, quantity in trades:
        times, prices = by_symbol.get(symbol, ((), ()))
        place = bisect_right(times, time)
        joined.append((time, symbol, quantity, prices[place - 1] if place else None))
    return joined


def solution_replay(trades, quotes):
    """Sort trades and quotes by time and replay both, holding the current price of each symbol: n log n."""
    order = sorted(range(len(trades)), key=lambda number: trades[number][0])
    stream = sorted(quotes, key=lambda quote: quote[0])
    current, joined, place = {}, [None] * len(trades), 0
    for number in order:
        time, symbol, quantity = trades[number]
        while place < len(stream) and stream[place][0] <= time:
            current[stream[place][1]] = stream[place][2]
            place += 1
        joined[number] = (time, symbol, quantity, current.get(symbol))
    return joined


def solution_scan(trades, quotes):
    """One pass over all quotes a trade, keeping the best, no lists: n times m, no extra memory."""
    joined = []
    for time, symbol, quantity in trades:
        best, price = None, None
        for when, name, offer in quotes:
            if name == symbol and when <= time and (best is None or when >= best):
                best, price = when, offer
        joined.append((time, symbol, quantity, price))
    return joined


def solution_symbol_lists(trades, quotes):
    """Quotes listed by symbol, scanned for each trade: n times quotes of a symbol."""
    by_symbol = {}
    for when, name, price in quotes:
        by_symbol.setdefault(name, []).append((when, price))
    joined = []
    for time, symbol, quantity in trades:
        valid = [quote for quote in by_symbol.get(symbol, ()) if quote[0] <= time]
        latest = max([when for when, _ in valid], default=None)
        price = next((offer for when, offer in reversed(valid) if when == latest), None)
        joined.append((time, symbol, quantity, price))
    return joined


def solution_events(trades, quotes):
    """One merged event list with quotes before trades at equal times, sorted whole: n log n, more memory."""
    events = [(when, 0, number) for number, (when, _, _) in enumerate(quotes)]
    events += [(when, 1, number) for number, (when, _, _) in enumerate(trades)]
    events.sort()
    current, prices = {}, [None] * len(trades)
    for _, kind, number in events:
        if kind:
            prices[number] = current.get(trades[number][1])
        else:
            current[quotes[number][1]] = quotes[number][2]
    return [(*trade, price) for trade, price in zip(trades, prices)]


def solution_wanted_only(trades, quotes):
    """For each symbol traded, sort its trade times and walk them with its quotes: small sorts only."""
    wanted, offers = {}, {}
    for number, trade in enumerate(trades):
        wanted.setdefault(trade[1], []).append((trade[0], number))
    for when, name, price in quotes:
        if name in wanted:
            offers.setdefault(name, {})[when] = price
    joined = [(*trade, None) for trade in trades]
    for symbol, requests in wanted.items():
        steps = sorted(offers.get(symbol, {}).items(), reverse=True)
        price = None
        for time, number in sorted(requests):
            while steps and steps[-1][0] <= time:
                price = steps.pop()[1]
            joined[number] = (*trades[number], price)
    return joined
