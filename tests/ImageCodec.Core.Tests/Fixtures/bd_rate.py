"""Reference values of the BD-rate in exact rational arithmetic: each cubic piece as a polynomial, integrated term by term.

Run as `python3 bd_rate.py > bd-rate.json`. The end and inner slopes are those of Fritsch and Butland's PCHIP.
"""

import json
import math
from fractions import Fraction


def slopes(x, y):
    n = len(x)
    h = [x[i + 1] - x[i] for i in range(n - 1)]
    d = [(y[i + 1] - y[i]) / h[i] for i in range(n - 1)]

    def end(h0, h1, d0, d1):
        m = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
        if m * d0 <= 0:
            return Fraction(0)
        if d0 * d1 <= 0 and abs(m) > 3 * abs(d0):
            return 3 * d0
        return m

    inner = []
    for i in range(1, n - 1):
        if d[i - 1] * d[i] <= 0:
            inner.append(Fraction(0))
        else:
            w1, w2 = 2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1]
            inner.append((w1 + w2) / (w1 / d[i - 1] + w2 / d[i]))
    return [end(h[0], h[1], d[0], d[1]), *inner, end(h[-1], h[-2], d[-1], d[-2])]


def integral(x, y, low, high):
    m = slopes(x, y)
    total = Fraction(0)
    for i in range(len(x) - 1):
        a, b = max(low, x[i]), min(high, x[i + 1])
        if a >= b:
            continue
        h = x[i + 1] - x[i]
        d = (y[i + 1] - y[i]) / h
        c = [y[i], m[i], (3 * d - 2 * m[i] - m[i + 1]) / h, (m[i] + m[i + 1] - 2 * d) / h**2]
        for power, factor in enumerate(c):
            total += factor * ((b - x[i]) ** (power + 1) - (a - x[i]) ** (power + 1)) / (power + 1)
    return total


def bd_rate(anchor, test):
    curves = []
    for points in (anchor, test):
        points = sorted(points)
        curves.append(([Fraction(p) for _, p in points], [Fraction(math.log(r)) for r, _ in points]))
    low = max(x[0] for x, _ in curves)
    high = min(x[-1] for x, _ in curves)
    areas = [integral(x, y, low, high) for x, y in curves]
    return 100 * math.expm1(float((areas[1] - areas[0]) / (high - low)))


CURVES = {
    "jpeg": "0.142/23.82 0.258/26.66 0.450/29.14 0.610/30.49 0.869/32.17 1.213/33.92",
    "webp": "0.103/25.67 0.217/28.11 0.377/30.19 0.577/32.20 0.769/33.73 1.154/36.18",
    "avif": "0.066/25.93 0.135/27.99 0.191/29.18 0.286/30.74 0.420/32.42 0.599/34.23 0.832/36.10 1.091/37.78",
    "steep": "0.11/20.5 0.115/27.0 0.9/27.25 2.5/41.0",
    "kinked": "0.05/21.0 0.2/21.5 0.21/30.0 4.0/30.125",
}


def main():
    curves = {name: [tuple(map(float, p.split("/"))) for p in text.split()] for name, text in CURVES.items()}
    cases = [
        {"anchor": a, "test": t, "percent": bd_rate(curves[a], curves[t])} for a in curves for t in curves if a != t
    ]
    print(json.dumps({"curves": curves, "cases": cases}, indent=1))


main()
