#!/usr/bin/env python3
"""Train the scoring model of values of no known format; write libsecscan/scan/verdict_table.h.

    train.py --lines FOLDER --candidates FILE --clean FILE [--folds N --fold I] > verdict_table.h

FOLDER holds labelled lines (lines.jsonl and score.py), as docs/verdict.md tells; the FILEs are what
`candidates` wrote of these lines, as files, and of packages that hold few credentials. With --fold the
repositories of that fold (of N) are left out, to be judged with what the others taught.

Small boosted trees (LightGBM), cut to whole numbers. What stands in the packages and scores high with a
model that has not seen the package is left out: it is mostly an example of a credential.
"""
import argparse
import collections
import json
import math
import os
import sys

import lightgbm
import numpy

N_TREES, CLEAN_WEIGHT, N_PARTS, DOUBTFUL = 110, 0.05, 5, 0.5
PARAMETERS = dict(objective="binary", num_leaves=8, learning_rate=0.08, min_data_in_leaf=15, lambda_l2=5.0,
                  feature_fraction=0.5, bagging_fraction=0.8, bagging_freq=1, seed=1, num_threads=1, max_bin=255,
                  deterministic=True, force_row_wise=True, verbose=-1)


def read_candidates(path):
    with open(path, encoding="utf-8") as f:
        for candidate in map(json.loads, f):
            if candidate["possible"] and not candidate["placeholder"] and not candidate["read"]:
                yield candidate


def labelled(folder, path):
    """facts, is a credential, repository: of the candidates that a label is about."""
    sys.path.insert(0, folder)
    import score
    cases = score.read_cases()
    for candidate in read_candidates(path):
        case = cases[os.path.basename(candidate["path"]).split(".")[0]]
        start = candidate["offset"]
        end = start + len(candidate["secret"])
        labels = [label[0] for label in case["labels"]
                  if label[1] is None or label[2] is None or (start < label[2] and end > label[1])]
        if labels:
            yield candidate["facts"], "T" in labels, case["repo"]


def clean(path):
    """facts, package: each value once a package."""
    seen = set()
    for candidate in read_candidates(path):
        parts = candidate["path"].split("/")
        package = "/".join(parts[parts.index("train") + 1:][:2]) if "train" in parts else parts[0]
        key = (package, candidate["secret"])
        if key not in seen:
            seen.add(key)
            yield candidate["facts"], package


def fit(facts, truth, weights):
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(facts, truth, weight=weights), num_boost_round=N_TREES)


class Samples:
    def __init__(self, arguments):
        rows = list(labelled(arguments.lines, arguments.candidates))
        repositories = sorted({row[2] for row in rows})
        if arguments.fold is not None:
            left_out = set(repositories[arguments.fold::arguments.folds])
            rows = [row for row in rows if row[2] not in left_out]
        self.facts = numpy.array([row[0] for row in rows])
        self.truth = numpy.array([row[1] for row in rows], dtype=float)
        counts = collections.Counter(row[2] for row in rows)
        weights = numpy.array([1 / math.sqrt(counts[row[2]]) for row in rows])
        self.weights = weights * len(rows) / weights.sum()
        negatives = list(clean(arguments.clean))
        self.clean = numpy.array([row[0] for row in negatives])
        self.packages = numpy.array([row[1] for row in negatives])

    def fit(self, kept):
        facts = numpy.vstack([self.facts, self.clean[kept]])
        truth = numpy.concatenate([self.truth, numpy.zeros(kept.sum())])
        return fit(facts, truth, numpy.concatenate([self.weights, numpy.full(kept.sum(), CLEAN_WEIGHT)]))

    def without_doubtful(self):
        """Which of the clean packages' values no model of other packages takes for a credential."""
        names = sorted(set(self.packages))
        kept = numpy.ones(len(self.clean), dtype=bool)
        for part in range(N_PARTS):
            here = numpy.isin(self.packages, names[part::N_PARTS])
            kept[here] = self.fit(~here).predict(self.clean[here]) < DOUBTFUL
        return kept


def thousandths(value):
    return max(-32768, min(32767, round(value * 1000)))


def write_node(node, out):
    """In preorder; returns the number of nodes."""
    if "leaf_value" in node:
        out.append([0, thousandths(node["leaf_value"]), 0, 0])
        return 1
    here = [math.floor(node["threshold"]), thousandths(node["internal_value"]), node["split_feature"], 0]
    out.append(here)
    left = write_node(node["left_child"], out)
    here[3] = left + 1
    return 1 + left + write_node(node["right_child"], out)


def print_numbers(numbers):
    line = "   "
    for number in numbers:
        if len(line) + len(str(number)) > 76:
            print(line)
            line = "   "
        line += f" {number},"
    print(line)


def print_table(model):
    nodes, starts = [], []
    for tree in model.dump_model()["tree_info"]:
        starts.append(len(nodes))
        write_node(tree["tree_structure"], nodes)
    margins = [round(1000 * math.log((percent - 0.5) / (100.5 - percent))) for percent in range(1, 101)]
    print("/*\n * verdict_table.h: the scoring model. Made by tools/verdict/train.py.\n */\n"
          "#ifndef SS_VERDICT_TABLE_H\n#define SS_VERDICT_TABLE_H\n\n/* clang-format off */\n"
          "static const ss_tree_node verdict_nodes[] = {")
    print_numbers("{" + ", ".join(map(str, node)) + "}" for node in nodes)
    print("};\n\n/* Where each tree begins. */\nstatic const uint16_t verdict_trees[] = {")
    print_numbers(starts)
    print("};\n\n/* What the trees' sum is added to. */\nstatic const int verdict_base = 0;\n\n"
          "/* From which sum on the score is 1, 2, ... 100. */\nstatic const int verdict_margins[] = {")
    print_numbers(margins)
    print("};\n/* clang-format on */\n\n#endif")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", required=True)
    parser.add_argument("--candidates", required=True)
    parser.add_argument("--clean", required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=int)
    samples = Samples(parser.parse_args())
    kept = samples.without_doubtful()
    print(f"labelled {len(samples.truth)}, credentials {int(samples.truth.sum())}, clean {len(kept)}, "
          f"of which taken {int(kept.sum())}", file=sys.stderr)
    print_table(samples.fit(kept))


main()
