"""secscan help TOPIC, COMMAND --help: every option and every command has its
place, on terminals of any width."""

import os
import re

import harness


class HelpTest(harness.Case):
    def topics(self):
        run = self.secscan("help")
        self.assertRun(run, 0)
        return re.findall(r"^  ([a-z-]+) ", run.out, re.M)

    def commands(self):
        with open(os.path.join(harness.ROOT, "cli", "main.c"),
                  encoding="utf-8") as file:
            table = re.search(r"commands\[\] = \{(.*?)\n\};", file.read(),
                              re.S).group(1)
        return re.findall(r'\{"([a-z-]+)"', table)

    def test_help__every_command_has_a_topic(self):
        missing = set(self.commands()) - set(self.topics()) - {"help"}
        self.assertEqual(missing, set(), "add them to topics in cli/help.c")

    def test_help__every_option_is_in_a_topic(self):
        shown = set()
        for topic in self.topics():
            run = self.secscan("help", topic)
            self.assertRun(run, 0)
            shown |= set(re.findall(r"^  (?:-\w,|   ) --([a-z-]+)", run.out,
                                    re.M))
        options = re.findall(r"^  (?:-\w,|   ) --([a-z-]+)",
                             self.secscan("--help").out, re.M)
        self.assertGreater(len(options), 20)
        self.assertEqual(set(options) - shown, set(),
                         "add their heading to topics in cli/help.c")

    def test_help__a_command_explains_itself(self):
        for command in self.commands():
            run = self.secscan(command, "--help")
            self.assertRun(run, 0)
            self.assertTrue(run.out.startswith("secscan " + command),
                            run.out[:200])

    def test_help__a_topic_that_there_is_not_names_the_nearest(self):
        run = self.secscan("help", "gate")
        self.assertRun(run, 2)
        self.assertIn("did you mean gates?", run.err)
        self.assertRun(self.secscan("help", "ci", "gates"), 2)

    def test_help__a_command_that_there_is_not_names_the_nearest(self):
        run = self.secscan("rulse", "list")
        self.assertRun(run, 2)
        self.assertIn("did you mean `secscan rules`?", run.err)
        self.assertNotIn("did you mean", self.secscan("some/file.txt").err)

    def test_help__options_fit_any_width(self):
        for columns in (30, 40, 60, 80, 200):
            for topic in ("list", "reports", "more"):
                run = self.secscan("help", topic,
                                   env={"COLUMNS": str(columns)})
                rows = [r for r in run.out.splitlines()
                        if r.startswith("        ")]
                self.assertTrue(rows)
                self.assertLessEqual(max(map(len, rows)), min(columns, 79))

    def test_help__is_ascii_and_without_colour(self):
        for args in (["help"], ["--help"], ["help", "ci"]):
            run = self.secscan(*args, env={"TERM": "xterm", "LC_ALL": "C"})
            self.assertTrue(run.out.isascii())
            self.assertNotIn("\x1b", run.out)


if __name__ == "__main__":
    harness.main()
