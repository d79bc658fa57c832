"""The completions and the man page know every option that --help shows."""

import os
import re
import shutil
import subprocess
import unittest

import harness

COMPLETIONS = os.path.join(harness.ROOT, "cli", "completions")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


FORMATS = ("text", "json", "jsonl", "sarif", "html", "markdown", "github",
           "gitlab", "junit", "csv", "gitleaks", "hook")


class CompletionsTest(harness.Case):
    def options(self):
        run = self.secscan("--help")
        self.assertRun(run, 0)
        return sorted(set(re.findall(r"^  (?:-\w,|   ) --([a-z-]+)", run.out,
                                     re.M)))

    def test_completions__bash_is_registered(self):
        done = subprocess.run(
            ["bash", "--norc", "-c",
             'source "$1"; complete -p secscan; '
             'COMP_WORDS=(secscan --hi); COMP_CWORD=1; _secscan; '
             'echo "${COMPREPLY[@]}"; '
             'COMP_WORDS=(secscan --format ""); COMP_CWORD=2; _secscan; '
             'echo "${COMPREPLY[@]}"',
             "bash", os.path.join(COMPLETIONS, "secscan.bash")],
            stdout=subprocess.PIPE, check=True, text=True, cwd=self.dir)
        self.assertEqual(done.stdout.splitlines(),
                         ["complete -o filenames -F _secscan secscan",
                          "--history", " ".join(FORMATS)])

    def test_completions__bash_knows_every_option(self):
        words = re.findall(r"--([a-z-]+)",
                           read(os.path.join(COMPLETIONS, "secscan.bash")))
        self.assertLessEqual(set(self.options()), set(words))

    def test_completions__zsh_knows_every_option(self):
        words = re.findall(r"--([a-z-]+)",
                           read(os.path.join(COMPLETIONS, "_secscan")))
        self.assertLessEqual(set(self.options()), set(words))

    def test_completions__fish_knows_every_option(self):
        words = re.findall(r" -l ([a-z-]+)",
                           read(os.path.join(COMPLETIONS, "secscan.fish")))
        self.assertEqual(self.options(), sorted(words))

    def commands(self):
        """Those of the table in cli/main.c."""
        table = re.search(r"commands\[\] = \{(.*?)\n\};",
                          read(os.path.join(harness.ROOT, "cli", "main.c")),
                          re.S).group(1)
        return re.findall(r'\{"([a-z-]+)"', table)

    def test_completions__each_knows_every_command(self):
        self.assertIn("ci", self.commands())
        for name in ("secscan.bash", "_secscan", "secscan.fish"):
            text = read(os.path.join(COMPLETIONS, name))
            for command in self.commands():
                self.assertRegex(text, r"[ '\"]%s[ :'\"]" % command, name)

    def test_completions__bash_completes_topics(self):
        done = subprocess.run(
            ["bash", "--norc", "-c",
             'source "$1"; COMP_WORDS=("$2" help ga); COMP_CWORD=2; _secscan; '
             'echo "${COMPREPLY[@]}"', "bash",
             os.path.join(COMPLETIONS, "secscan.bash"), harness.BIN],
            stdout=subprocess.PIPE, check=True, text=True, cwd=self.dir)
        self.assertEqual(done.stdout, "gates\n")

    def test_completions__the_man_page_knows_every_command(self):
        page = read(os.path.join(harness.ROOT, "docs", "man", "secscan.1"))
        for command in self.commands():
            self.assertRegex(page, r"\.(It )?Cm %s\b" % command)

    @unittest.skipUnless(shutil.which("zsh"), "no zsh")
    def test_completions__zsh_parses(self):
        subprocess.run(["zsh", "-n", os.path.join(COMPLETIONS, "_secscan")],
                       check=True)

    @unittest.skipUnless(shutil.which("fish"), "no fish")
    def test_completions__fish_parses(self):
        subprocess.run(["fish", "-n",
                        os.path.join(COMPLETIONS, "secscan.fish")],
                       check=True)

    def test_completions__the_man_page_knows_every_option(self):
        page = read(os.path.join(harness.ROOT, "docs", "man", "secscan.1"))
        words = re.findall(r"^\.It.* Fl -([a-z-]+)|^\.It Fl \w , -([a-z-]+)",
                           page, re.M)
        self.assertEqual(self.options(), sorted(a or b for a, b in words))


if __name__ == "__main__":
    harness.main()
