"""Reference values of SSIMULACRA2: the scores that the reference program gives for pictures worked out with whole numbers.

Run as `python3 ssimulacra2.py PROGRAM > ssimulacra2.json`, with the program `ssimulacra2`, version 2.1, of github.com/cloudinary/ssimulacra2. The test draws
the same pictures. The program refuses sides below 8, so their last pixels are repeated here.
"""

import json
import os
import subprocess
import sys
import tempfile


def wave(value):
    """From 0 up to 255 and down again."""
    value %= 510
    return 510 - value if value > 255 else value


def original(x, y, c):
    return wave([3 * x + 2 * y, 2 * x + x * y // 16, (x * x + y * y) // 24 + 5 * y][c])


def restored(x, y, c, damage):
    value = original(x, y, c)
    if damage == "noise":
        value += (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 41 - 20
    elif damage == "faint":
        value += (x * 31 + y * 17 + c * 7) * (x + 3 * y + 1) % 5 - 2
    elif damage == "coarse":
        value = value // 16 * 16 + 8
    elif damage == "blurred":
        value = (original(max(x - 1, 0), y, c) + 2 * value + original(x + 1, y, c)) // 4
    elif damage == "blocks":
        value = original(x // 8 * 8, y // 8 * 8, c)
    elif damage == "inverse":
        value = 255 - value
    return min(255, max(0, value))


def write(path, width, height, damage):
    with open(path, "wb") as file:
        file.write(b"P6\n%d %d\n255\n" % (max(width, 8), max(height, 8)))
        for y in range(max(height, 8)):
            file.write(bytes(
                restored(min(x, width - 1), min(y, height - 1), c, damage) for x in range(max(width, 8)) for c in range(3)))


def main():
    cases = []
    with tempfile.TemporaryDirectory() as folder:
        first, second = os.path.join(folder, "first.ppm"), os.path.join(folder, "second.ppm")
        for width, height, damage in [
            (1, 1, "inverse"), (7, 9, "noise"), (8, 8, "noise"), (8, 8, "none"), (9, 8, "blurred"), (12, 200, "coarse"), (15, 33, "blocks"), (16, 16, "inverse"),
            (31, 40, "coarse"), (64, 48, "noise"), (112, 113, "blocks"), (113, 113, "blocks"), (131, 117, "blurred"), (150, 128, "faint"), (257, 130, "noise"),
            (240, 300, "coarse"), (130, 257, "none"),
        ]:
            write(first, width, height, "none")
            write(second, width, height, damage)
            there, back = (
                float(subprocess.run([sys.argv[1], *names], check=True, capture_output=True, text=True).stdout)
                for names in ((first, second), (second, first)))
            cases.append({"width": width, "height": height, "damage": damage, "score": there, "swappedScore": back})
    print(json.dumps(cases, indent=1))


main()
