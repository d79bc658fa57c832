"""What is decoded and opened, and what that may cost: options, settings, locks.
What the limits do is tested where they are (test_hostile.py)."""

import harness

BUDGETS = {
    "max-depth": ("3", "3"),
    "max-decoded": ("10M", "10485760"),
    "max-entries": ("500", "500"),
    "max-member": ("2G", "2147483648"),
    "max-unpacked": ("1T", "1099511627776"),
    "max-ratio": ("20", "20"),
    "container-timeout": ("90s", "90000ms"),
}
COSTS = sorted(set(BUDGETS) - {"max-depth"})


class BudgetsTest(harness.Case):
    def setting(self, name, *args, **kwargs):
        """Value and origin of a line of config show."""
        run = self.secscan("config", "show", *args, **kwargs)
        self.assertRun(run, 0)
        for line in run.out.splitlines():
            words = line.split(None, 2)
            if words[0] == name:
                return words[1], words[2]
        raise AssertionError(run.out)

    def test_budgets__each_is_an_option_and_a_variable(self):
        for name, (value, shown) in BUDGETS.items():
            self.assertEqual(self.setting(name, "--" + name, value)[0], shown)
            variable = "SECSCAN_" + name.upper().replace("-", "_")
            self.assertEqual(self.setting(name, env={variable: value}),
                             (shown, "the environment"))

    def test_budgets__scans_take_all_of_them(self):
        args = [a for name, (value, _) in BUDGETS.items()
                for a in ("--" + name, value)]
        repo = self.repo("r")
        repo.commit("Start", {"a.txt": "text\n"})
        for mode in (["--history"], ["--range", "HEAD"], ["--staged"], []):
            self.assertRun(self.secscan(*mode, *args, repo.path), 0)
        self.assertRun(self.secscan("--stdin", *args, stdin="text\n"), 0)

    def test_budgets__nought_is_none(self):
        for name in BUDGETS:
            run = self.secscan("--" + name, "0", ".")
            self.assertRun(run, 2)
            self.assertIn("--%s takes " % name, run.err)
        run = self.secscan("--max-depth", "17", ".")
        self.assertRun(run, 2)
        self.assertIn("--max-depth takes a number from 1 to 16", run.err)

    def test_budgets__of_what_is_not_looked_into_are_a_mistake(self):
        for name in COSTS:
            other = ("--no-decode" if name == "max-decoded"
                     else "--no-containers")
            run = self.secscan(other, "--" + name, BUDGETS[name][0], ".")
            self.assertRun(run, 2)
            self.assertIn("--" + name, run.err)
        self.assertRun(self.secscan("--no-decode", "--max-depth", "2", "."), 0)
        self.assertRun(self.secscan("--no-decode", "--no-containers",
                                    "--max-depth", "2", "."), 2)

    def test_budgets__a_repository_says_what_not_what_it_costs(self):
        repo = self.repo("r")
        repo.write(".secscan.toml", "[settings]\nno-decode = true\n"
                                    "no-containers = true\nmax-depth = 2\n")
        self.assertEqual(self.setting("max-depth", repo.path)[0], "2")
        self.assertEqual(self.setting("no-decode", repo.path)[0], "true")
        self.assertEqual(self.setting("no-containers", repo.path)[0], "true")
        for name in COSTS:
            repo.write(".secscan.toml", '[settings]\n%s = "%s"\n'
                       % (name, BUDGETS[name][0]))
            run = self.secscan(repo.path)
            self.assertRun(run, 2)
            self.assertIn("'%s' is not for a repository's file" % name,
                          run.err)

    def test_budgets__a_policy_holds_what_it_locks(self):
        repo = self.repo("r")
        policy = self.write("policy.toml", """
            locked = ["no-decode", "no-containers", "max-depth", "max-ratio"]
            [settings]
            no-decode = false
            no-containers = false
            max-depth = 6
            max-ratio = 100
            """)
        repo.write(".secscan.toml", "[settings]\nno-decode = true\n"
                                    "no-containers = true\nmax-depth = 2\n")
        run = self.secscan("--policy", policy, repo.path)
        for name, value in (("no-decode", "false"), ("no-containers", "false"),
                            ("max-depth", "6")):
            self.assertIn("'%s' is locked by the policy: passed over" % name,
                          run.err)
            self.assertEqual(self.setting(name, "--policy", policy, repo.path),
                             (value, policy + ", locked"))
        repo.write(".secscan.toml", "[settings]\nmax-depth = 9\n")
        self.assertEqual(self.setting("max-depth", "--policy", policy,
                                      repo.path)[0], "9")
        for args in (["--no-decode"], ["--no-containers"],
                     ["--max-depth", "5"], ["--max-ratio", "101"],
                     ["--max-ratio", "99"]):
            run = self.secscan("--policy", policy, *args, repo.path)
            self.assertRun(run, 2)
            self.assertIn("is locked by the policy", run.err)

    def test_budgets__a_start_loads_none_of_the_libraries(self):
        self.write("a.txt", "text\n")
        run = self.secscan("a.txt", env={"LD_DEBUG": "files"})
        self.assertIn("libhs", run.err)
        for library in ("archive", "qpdf", "sqlite", "crypto.so",
                        "libsecscan"):
            self.assertNotIn(library, run.err)


if __name__ == "__main__":
    harness.main()
