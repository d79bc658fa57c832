"""test_baseline.py: secscan baseline create, update, prune, audit; real merges;
secscan allow."""

import os
import unittest

from git_case import token
from test_suppress import SuppressCase


class BaselineCase(SuppressCase):
    def setUp(self):
        super().setUp()
        self.repository = self.repo()
        self.repository.commit("one", {"a": "x = %s\n" % token(1),
                                       "src/b": "y = %s\n" % token(2)})

    def baseline(self, *args, **options):
        return self.secscan("baseline", *args, "--rules", self.rules,
                            cwd=self.repository.path, **options)

    def lines(self, name=".secscan-baseline"):
        with open(os.path.join(self.repository.path, name)) as file:
            return [line.rstrip("\n") for line in file
                    if line.startswith("s1:")]


class BaselineTest(BaselineCase):
    def test_baseline__create_knows_the_history(self):
        self.repository.commit("gone", {"a": None})
        run = self.baseline("create")
        self.assertRun(run, 0)
        self.assertEqual(self.lines(), sorted(
            [self.entry(1, "path:a # test-token").strip(),
             self.entry(2, "path:src/b # test-token").strip()]))
        self.assertHidden(self.history(self.repository), "baseline", 2)
        self.assertHidden(self.tree(self.repository), "baseline", 1)

    def test_baseline__create_does_not_write_over_one(self):
        self.assertRun(self.baseline("create"), 0)
        run = self.baseline("create")
        self.assertRun(run, 2)
        self.assertIn("update", run.err)

    def test_baseline__holds_no_lines_and_no_times(self):
        self.assertRun(self.baseline("create"), 0)
        before = self.lines()
        self.repository.commit("move", {"a": "\n\n\nx = %s\n" % token(1)})
        os.remove(os.path.join(self.repository.path, ".secscan-baseline"))
        self.assertRun(self.baseline("create"), 0)
        self.assertEqual(self.lines(), before)

    def test_baseline__update_adds_and_keeps(self):
        self.assertRun(self.baseline("create"), 0)
        self.assertRun(self.baseline("audit", stdin="f\nt\n"), 0)
        before = self.lines()
        self.repository.commit("more", {"c": "z = %s\n" % token(3),
                                        "d": "x = %s\n" % token(1)})
        self.assertRun(self.baseline("update"), 0)
        self.assertEqual(set(self.lines()) - set(before),
                         {self.entry(3, "path:c # test-token").strip(),
                          self.entry(1, "path:d # test-token").strip()})
        self.assertLessEqual(set(before), set(self.lines()))

    def test_baseline__prune_takes_out_what_is_found_no_more(self):
        self.assertRun(self.baseline("create"), 0)
        with open(os.path.join(self.repository.path, ".secscan-baseline"),
                  "a") as file:
            file.write(self.entry(7, "path:a") + self.entry(8, "everywhere"))
        self.repository.write(".secscanignore", self.entry(9, "path:q"))
        run = self.baseline("prune")
        self.assertRun(run, 0)
        self.assertIn("2 lines removed", run.out)
        self.assertIn(".secscanignore:1: ", run.out)
        self.assertEqual(len(self.lines()), 2)
        self.assertIn("0 lines removed", self.baseline("prune").out)

    def test_baseline__prune_keeps_what_is_only_in_the_history(self):
        self.assertRun(self.baseline("create"), 0)
        self.repository.commit("gone", {"a": None, "src/b": None})
        self.assertRun(self.baseline("prune"), 0)
        self.assertEqual(len(self.lines()), 2)

    def test_baseline__audit_asks_for_each_and_masks(self):
        self.assertRun(self.baseline("create"), 0)
        run = self.baseline("audit", stdin="x\nr\nf\n")
        self.assertRun(run, 0)
        self.assertNotIn(token(1), run.out)
        self.assertIn("a:1:5", run.out)
        self.assertIn("2 judged, 0 left", run.out)
        self.assertEqual(sorted(line.split(" # ")[0].split()[-1]
                                for line in self.lines()),
                         ["is:false", "is:real"])
        self.assertIn("0 judged, 0 left", self.baseline("audit").out)
        finding = self.history(self.repository,
                               "--no-suppress").findings()[0]
        self.assertEqual(finding["suppressed_reason"], "real: test-token")

    def test_baseline__audit_can_be_left(self):
        self.assertRun(self.baseline("create"), 0)
        self.assertIn("1 judged, 1 left",
                      self.baseline("audit", stdin="t\nq\n").out)
        self.assertIn("0 judged, 1 left", self.baseline("audit").out)
        self.assertIn("0 judged, 1 left",
                      self.baseline("audit", stdin="s\n").out)

    def test_baseline__a_file_of_another_name(self):
        path = self.path("known")
        self.assertRun(self.baseline("create", "--baseline", path), 0)
        self.assertRun(self.history(self.repository), 1)
        self.assertHidden(self.history(self.repository, "--baseline", path),
                          "baseline", 2)
        with open(path, "a") as file:
            file.write(self.entry(7, "path:a"))
        self.assertIn("1 line removed",
                      self.baseline("prune", "--baseline", path).out)

    def test_baseline__what_is_ignored_is_not_in_it(self):
        self.repository.write(".secscanignore", self.entry(1, "path:a"))
        self.assertRun(self.baseline("create"), 0)
        self.assertEqual(len(self.lines()), 1)

    def test_baseline__merges_of_real_git_do_not_conflict(self):
        repo = self.repository
        repo.add(".gitattributes", ".secscan-baseline merge=union\n")
        self.assertRun(self.baseline("create"), 0)
        repo.git("add", ".")
        repo.commit("baseline")
        repo.git("checkout", "-q", "-b", "topic")
        for seed in range(10, 16):
            repo.commit("topic", {"t%d" % seed: token(seed)})
        self.assertRun(self.baseline("update"), 0)
        repo.git("add", ".")
        repo.commit("topic's baseline")
        repo.git("checkout", "-q", "main")
        for seed in range(14, 20):
            repo.commit("main", {"m%d" % seed: token(seed),
                                 "t%d" % seed: token(seed)})
        self.assertRun(self.baseline("update"), 0)
        repo.git("add", ".")
        repo.commit("main's baseline")
        repo.git("merge", "-q", "--no-edit", "topic")
        self.assertEqual(self.history(repo).findings(), [])
        merged = set(self.lines())
        self.assertRun(self.baseline("update"), 0)
        self.assertEqual(set(self.lines()), merged)
        self.assertEqual(self.lines(), sorted(merged))

    def test_baseline__usage(self):
        for args in ((), ("show",), ("create", "a", "b")):
            self.assertRun(self.baseline(*args), 2)
        self.assertRun(self.baseline("create", self.path("none")), 2)
        self.assertRun(self.baseline("create", "--staged"), 2)
        self.assertRun(self.baseline("create", "--reason", "x"), 2)


class AllowTest(BaselineCase):
    def allow(self, *args, cwd=None):
        return self.secscan("allow", *args, "--rules", self.rules,
                            cwd=cwd or self.repository.path)

    def test_allow__writes_the_entry(self):
        run = self.allow(self.id_of(token(1)), "--path", "a", "--reason",
                         "made up", "--until", "2999-01-31")
        self.assertRun(run, 0)
        self.assertEqual(self.lines(".secscanignore"), [self.entry(
            1, "path:a until:2999-01-31 # test-token: made up").strip()])
        self.assertEqual(self.paths(self.tree(self.repository)), ["src/b"])

    def test_allow__takes_a_member_of_a_file_as_seen_from_here(self):
        self.repository.write("src/a.zip", "a file\n")
        for path, seen in (("a.zip!etc/x!y", "src/a.zip!etc/x!y"),
                           (os.path.join(self.repository.path, "src/a.zip!z"),
                            "src/a.zip!z"),
                           ("gone.zip!z", "gone.zip!z")):
            run = self.allow(self.id_of(token(1)), "--path", path, "--reason",
                             "made up",
                             cwd=os.path.join(self.repository.path, "src"))
            self.assertRun(run, 0)
            self.assertIn(" at %s\n" % seen, run.out)

    def test_allow__keeps_what_is_there_and_sorts(self):
        self.repository.write(".secscanignore",
                              "# ours\n\n" + self.entry(5, "path:q # old"))
        for seed, path in ((1, "a"), (2, "src/b"), (1, "a")):
            self.assertRun(self.allow(self.id_of(token(seed)), "--path", path,
                                      "--reason", "made up"), 0)
        lines = self.lines(".secscanignore")
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines, sorted(lines))
        with open(os.path.join(self.repository.path,
                               ".secscanignore")) as file:
            self.assertEqual(file.readline(), "# ours\n")
        self.assertHidden(self.history(self.repository), "ignore", 2)

    def test_allow__takes_the_start_of_an_id(self):
        short = self.id_of(token(2))[:15]
        self.assertRun(self.allow(short, "--path", "src/b", "--reason", "x"),
                       0)
        self.assertIn(self.id_of(token(2)), self.lines(".secscanignore")[0])

    def test_allow__a_secret_that_stands_twice_is_one(self):
        self.repository.write("a", "x = %s\ny = %s\n" % ((token(1),) * 2))
        self.assertRun(self.allow(self.id_of(token(1))[:15], "--path", "a",
                                  "--reason", "x"), 0)

    def test_allow__finds_the_start_of_an_id_in_the_history(self):
        self.repository.commit("gone", {"a": None})
        self.assertRun(self.allow(self.id_of(token(1))[:18], "--everywhere",
                                  "--reason", "x"), 0)
        self.assertEqual(self.lines(".secscanignore"), [self.entry(
            1, "everywhere # test-token: x").strip()])

    def test_allow__an_id_that_nothing_has_is_refused(self):
        run = self.allow("s1:000000000000", "--path", "a", "--reason", "x")
        self.assertRun(run, 2)
        self.assertFalse(os.path.exists(os.path.join(self.repository.path,
                                                     ".secscanignore")))
        # All of it may be about what is not here.
        self.assertRun(self.allow("s1:" + "0" * 24, "--path", "a", "--reason",
                                  "x"), 0)

    def test_allow__paths_are_those_of_the_root(self):
        src = os.path.join(self.repository.path, "src")
        self.assertRun(self.allow(self.id_of(token(2)), "--path", "b",
                                  "--reason", "x", cwd=src), 0)
        self.assertRun(self.allow(self.id_of(token(1)), "--path", "a",
                                  "--reason", "x", cwd=src), 0)
        self.assertHidden(self.history(self.repository), "ignore", 2)

    def test_allow__paths_with_blanks_and_quotes(self):
        name = 'a "b"\\c d'
        self.repository.commit("odd", {name: token(3)})
        self.assertRun(self.allow(self.id_of(token(3)), "--path", name,
                                  "--reason", "x"), 0)
        self.assertNotIn(name, self.paths(self.tree(self.repository)))

    def test_allow__needs_a_place_and_a_reason(self):
        whole = self.id_of(token(1))
        for args in ((), (whole,), (whole, "--path", "a"),
                     (whole, "--reason", "x"),
                     (whole, "--path", "a", "--reason", "  "),
                     (whole, "--path", "a", "--everywhere", "--reason", "x"),
                     ("s1:0123", "--path", "a", "--reason", "x"),
                     ("tok", "--path", "a", "--reason", "x"),
                     (whole, "--path", "a", "--reason", "x", "--history"),
                     (whole, "--path", "/etc/passwd", "--reason", "x"),
                     (whole, "--path", "a", "--reason", "x", "--until",
                      "tomorrow")):
            self.assertRun(self.allow(*args), 2)
        self.assertFalse(os.path.exists(os.path.join(self.repository.path,
                                                     ".secscanignore")))


if __name__ == "__main__":
    unittest.main()
