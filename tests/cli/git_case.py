"""git_case.py: what the tests of repositories share: one rule for tokens that are
made at run time, one for paths, one allowlisted directory."""

import hashlib

import harness

RULES = r"""
[[rules]]
id = "test-token"
description = "test token"
category = "token"
severity = "high"
regex = '''(?<![A-Za-z0-9])tok_[A-Za-z0-9]{24}(?![A-Za-z0-9])'''

[[rules]]
id = "test-env"
description = "tracked .env"
category = "hygiene"
severity = "low"
path = '''(?:^|/)\.env$'''

[[allowlists]]
description = "test data"
paths = ['''^allowed/''']
"""


def token(seed):
    """A token that test-token finds: one for each seed."""
    digest = hashlib.sha256(str(seed).encode()).hexdigest()[:24]
    return "tok_" + digest.translate(str.maketrans("abcdef", "PQRSTU"))


class GitCase(harness.Case):
    def setUp(self):
        super().setUp()
        self.rules = self.write("rules.toml", RULES)

    def scan(self, repo, *args, **options):
        path = repo if isinstance(repo, str) else repo.path
        return self.secscan("--rules", self.rules, "--format", "jsonl", *args,
                            path, **options)

    def history(self, repo, *args, **options):
        return self.scan(repo, "--history", *args, **options)

    def found(self, run):
        """What was found: (rule, path, introducing commit) in order."""
        return [(f["rule"], f["path"], f["commit"]) for f in run.findings()]

    def paths(self, run):
        return [f["path"] for f in run.findings()]

    def reasons(self, run):
        """Reasons of what was skipped, each once."""
        return sorted({o["reason"] for o in run.jsonl()
                       if o["type"] == "skip"})
