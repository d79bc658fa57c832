#!/usr/bin/env python3
"""Write libsecscan/scan/pair_table.h: what neighbouring letters cost in names and words.

    tools/verdict/pairs.py FOLDER... > libsecscan/scan/pair_table.h

FOLDERs of source text, such as a language's standard library. Every run of letters, digits and
separators counts once, however often it stands there.
"""
import math
import os
import re
import sys

SYMBOLS = 29  # a-z, a digit, all else, an edge


def symbol(c):
    if c.isdigit():
        return 26
    return ord(c) - 97 if "a" <= c <= "z" else 27


def words(folders):
    found = set()
    for folder in folders:
        for place, dirs, files in os.walk(folder):
            dirs.sort()
            for name in sorted(files):
                if not name.endswith((".py", ".js", ".c", ".h", ".txt", ".md", ".rst")):
                    continue
                with open(os.path.join(place, name), encoding="latin-1") as f:
                    found.update(w.lower() for w in re.findall(r"[A-Za-z0-9_.-]{3,40}", f.read()) if re.search("[A-Za-z]{3}", w))
    return found


def main():
    counts = [[1] * SYMBOLS for _ in range(SYMBOLS)]
    for word in words(sys.argv[1:]):
        path = [28, *map(symbol, word), 28]
        for a, b in zip(path, path[1:]):
            counts[a][b] += 1
    print("/*\n * pair_table.h: what neighbours cost in names and words, in eighths of a\n"
          " * bit: a-z, a digit, all else, an edge. Made by tools/verdict/pairs.py.\n */\n"
          "#ifndef SS_PAIR_TABLE_H\n#define SS_PAIR_TABLE_H\n\n#include <stdint.h>\n\n"
          "/* clang-format off */\nstatic const uint8_t pair_costs[29][29] = {")
    for row in counts:
        total = sum(row)
        costs = [min(255, round(-8 * math.log2(n / total))) for n in row]
        text = ", ".join(map(str, costs))
        cut = text.rfind(",", 0, 72) + 1
        print(f"    {{{text[:cut]}\n     {text[cut:].strip()}}},")
    print("};\n/* clang-format on */\n\n#endif")


main()
