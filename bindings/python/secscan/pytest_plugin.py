"""pytest_plugin.py: `pytest --secscan` fails a run whose output holds a secret.

Looked at, for each phase of each test: captured output and logs, what a failure
prints, why a test is skipped or expected to fail, and warnings. Secrets are
masked there before pytest shows them. Output that is not captured (-s) is not
seen, and names of tests (that of a parameter) are left as they are.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from .findings import Finding
from .masking import mask
from .scanner import Scanner, default_scanner


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("secscan").addoption(
        "--secscan", action="store_true", default=False,
        help="fail the run if the output of a test holds a secret")
    parser.addini("secscan", "the same as --secscan", type="bool",
                  default=False)


def pytest_configure(config: pytest.Config) -> None:
    # Workers of pytest-xdist send their reports to the one that is looking.
    if hasattr(config, "workerinput"):
        return
    if config.getoption("--secscan") or config.getini("secscan"):
        config.pluginmanager.register(Watcher(default_scanner()),
                                      "secscan-watcher")


class Watcher:
    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.found: list[tuple[str, str, Finding]] = []

    def look(self, test: str, where: str, text: str) -> str:
        """Note what is in it; the text as it may be shown."""
        findings = self.scanner.scan(text.encode("utf-8", "surrogatepass"))
        if not findings:
            return text
        self.found += [(test, where, finding) for finding in findings]
        return mask(text, self.scanner)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.look_at(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.look_at(report)

    def look_at(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        # Each phase's report repeats the sections of those before it.
        seen = [text for _, text in report.sections]
        when = getattr(report, "when", None)
        for i, (title, text) in enumerate(report.sections):
            if when is None or title.endswith(when):
                seen[i] = self.look(report.nodeid, title, text)
            else:
                seen[i] = mask(text, self.scanner)
        report.sections = [(title, text) for (title, _), text
                           in zip(report.sections, seen)]
        self.look_why(report)

    def look_why(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if isinstance(report, pytest.TestReport):
            expected = getattr(report, "wasxfail", "")
            if expected:
                report.wasxfail = self.look(report.nodeid, "reason", expected)
        if isinstance(report.longrepr, tuple):
            path, line, reason = report.longrepr
            report.longrepr = (path, line,
                               self.look(report.nodeid, "reason", reason))
            return
        shown = report.longreprtext
        masked = self.look(report.nodeid, "failure", shown) if shown else shown
        if masked != shown:
            report.longrepr = masked

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(
            self, warning_message: warnings.WarningMessage,
            nodeid: str) -> None:
        shown = str(warning_message.message)
        masked = self.look(nodeid, "warning", shown)
        if masked != shown:
            warning_message.message = UserWarning(masked)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.found and session.exitstatus in (
                pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if not self.found:
            return
        terminalreporter.section("secrets in the output", red=True)
        for test, where, finding in self.found:
            terminalreporter.line("%s: %s: %s: %s" % (
                mask(test, self.scanner), where, finding.rule, finding.masked))
