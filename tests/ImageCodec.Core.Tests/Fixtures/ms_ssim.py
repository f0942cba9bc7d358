"""Reference values of MS-SSIM, worked out the slow way: every window's sums pixel by pixel, straight from the definition.

Run as `python3 ms_ssim.py > ms-ssim.json`. The test draws the same pictures.
"""

import json
import math

WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def picture(width, height):
    """Rows of (r, g, b): waves of whole numbers."""
    return [[(7 * x + 3 * y, x * x // 9 + 5 * y, x * y // 7) for x in range(width)] for y in range(height)]


def damaged(rows, kind):
    def change(value, x, y, c):
        value %= 256
        if kind == "noise":
            value += (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 41 - 20
        elif kind == "coarse":
            value = value // 32 * 32 + 16
        elif kind == "inverse":
            value = 255 - value
        return min(255, max(0, value))

    return [[tuple(change(v, x, y, c) for c, v in enumerate(p)) for x, p in enumerate(row)] for y, row in enumerate(rows)]


def plane(rows, channel):
    return [[float(p[channel]) for p in row] for row in rows]


def window(side):
    g = [[math.exp(-((i - (side - 1) / 2) ** 2 + (j - (side - 1) / 2) ** 2) / 4.5) for j in range(side)] for i in range(side)]
    total = sum(map(sum, g))
    return [(i, j, v / total) for i, row in enumerate(g) for j, v in enumerate(row)]


def ssim(a, b):
    """Means of luminance·contrast·structure and of contrast·structure, with centred moments."""
    side = min(11, len(a), len(a[0]))
    w = window(side)
    full, part = [], []
    for y in range(len(a) - side + 1):
        for x in range(len(a[0]) - side + 1):
            ma = sum(v * a[y + i][x + j] for i, j, v in w)
            mb = sum(v * b[y + i][x + j] for i, j, v in w)
            va = vb = cov = 0.0
            for i, j, v in w:
                da, db = a[y + i][x + j] - ma, b[y + i][x + j] - mb
                va += v * da * da
                vb += v * db * db
                cov += v * da * db
            cs = (2 * cov + C2) / (va + vb + C2)
            part.append(cs)
            full.append(cs * (2 * ma * mb + C1) / (ma * ma + mb * mb + C1))
    return math.fsum(full) / len(full), math.fsum(part) / len(part)


def halve(a):
    h, w = len(a), len(a[0])
    return [
        [sum(a[min(y + i, h - 1)][min(x + j, w - 1)] for i in (0, 1) for j in (0, 1)) / 4 for x in range(0, w, 2)]
        for y in range(0, h, 2)
    ]


def ms_ssim(a, b):
    scales, side = 1, min(len(a), len(a[0]))
    while scales < 5 and (side := -(-side // 2)) >= 11:
        scales += 1
    total = sum(WEIGHTS[:scales])
    result = 1.0
    for scale in range(scales):
        full, part = ssim(a, b)
        value = full if scale == scales - 1 else part
        result *= max(0.0, value) ** (WEIGHTS[scale] / total)
        a, b = halve(a), halve(b)
    return scales, result


def main():
    cases = []
    for width, height, kind in [
        (1, 1, "inverse"), (6, 20, "noise"), (11, 11, "coarse"), (20, 33, "noise"), (21, 21, "coarse"), (40, 37, "inverse"),
        (64, 48, "noise"), (83, 81, "coarse"), (162, 161, "noise"),
    ]:
        rows = picture(width, height)
        first, second = damaged(rows, "none"), damaged(rows, kind)
        results = [ms_ssim(plane(first, c), plane(second, c)) for c in range(3)]
        cases.append({
            "width": width, "height": height, "damage": kind, "scales": results[0][0],
            "msSsim": sum(r[1] for r in results) / 3,
        })
    print(json.dumps(cases, indent=1))


main()
