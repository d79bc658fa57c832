"""test_masking.py: text and log records without their secrets."""

import base64
import io
import logging
import zipfile

import pytest
import secscan
from conftest import base62, token


def test_mask__leaves_the_rest_of_the_text():
    text = "é key = %s; and %s\n" % (token(1), token(2))
    assert secscan.mask(text) == "é key = ghp_********; and ghp_********\n"
    assert secscan.mask("clean \ud800") == "clean \ud800"


def test_mask__hides_what_is_encoded():
    data = base64.b64encode(("x = %s" % token()).encode()).decode()
    masked = secscan.mask("data: %s." % data)
    assert "********" in masked and not secscan.scan(masked.encode())


@pytest.mark.parametrize("scanner", [None, secscan.Scanner(every_place=True)])
def test_mask__hides_what_stands_there_plainly_and_encoded(scanner):
    line = "x = %s" % token()
    data = base64.b64encode(line.encode()).decode()
    masked = secscan.mask("%s\ndata: %s\n" % (line, data), scanner)
    assert masked.startswith("x = ghp_********\n")
    assert not secscan.scan(masked.encode())


def test_mask__hides_all_when_nobody_says_where_it_is():
    """In an archive its place is one of that, further on than the text's own
    lines, or on another of them."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "p\n" * 500 + "x = %s\n" % token())
    text = "data: %s\n" % base64.b64encode(data.getvalue()).decode()
    assert secscan.mask("a\n" + text + "b\n" * 1000) == "********"
    assert secscan.mask("x = %s\n" % token() + text) == "********"


def test_mask__a_rule_may_end_within_a_letter():
    rules = secscan.Rules(toml="[[rules]]\nid = 'own'\ndescription = 'own'\n"
                               "regex = 'own_[^ ]{21}'\n")
    text = "own_" + base62(2 ** 118, 20) + "\u00e9 \ud800"
    masked = secscan.mask(text, secscan.Scanner(rules))
    assert masked.startswith("own_********") and text[4:24] not in masked


def test_scan__every_place_is_told_to_who_asks():
    line = "x = %s" % token()
    data = ("%s\ndata: %s\n"
            % (line, base64.b64encode(line.encode()).decode())).encode()
    assert len(secscan.scan(data)) == 1
    assert [f.place.encodings for f in
            secscan.Scanner(every_place=True).scan(data)] == [(), ("base64",)]


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(secscan.MaskFilter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    return logger, stream


def test_filter__masks_arguments_and_leaves_other_records(log):
    logger, stream = log
    logger.warning("got %s for %d", token(), 3)
    logger.warning("clean %s", "text")
    assert stream.getvalue() == "got ghp_******** for 3\nclean text\n"


def test_filter__masks_tracebacks(log):
    logger, stream = log
    try:
        raise ValueError("no access with " + token())
    except ValueError:
        logger.exception("failed")
    assert token() not in stream.getvalue()
    assert "ValueError: no access with ghp_********" in stream.getvalue()


class OneLine(logging.Formatter):
    """As those for JSON do."""

    def format(self, record):
        if not record.exc_info:
            return super().format(record)
        kind, value, _ = record.exc_info
        return "%s because of %s" % (record.getMessage(), value)


def test_filter__leaves_tracebacks_to_formatters_unless_they_hold_a_secret(log):
    logger, stream = log
    logger.handlers[0].setFormatter(OneLine())
    for text in ("nothing", token()):
        try:
            raise ValueError(text)
        except ValueError:
            logger.exception("failed")
    first, rest = stream.getvalue().split("\n", 1)
    assert first == "failed because of nothing"
    assert "ValueError: ghp_********" in rest and token() not in rest


def test_filter__a_record_that_cannot_be_formatted_shows_nothing(log):
    logger, stream = log
    logger.warning("%d", token())
    assert token() not in stream.getvalue()
    try:
        raise ValueError("no access with " + token())
    except ValueError:
        logger.exception("%d", token())
    assert token() not in stream.getvalue()
    assert "ValueError: no access with ghp_********" in stream.getvalue()


def test_filter__raises_nothing(log, monkeypatch):
    logger, stream = log

    def fail(text, scanner):
        raise secscan.LimitError("mine")

    monkeypatch.setattr(secscan.masking, "mask", fail)
    try:
        raise ValueError(token())
    except ValueError:
        logger.exception("text")
    assert stream.getvalue() == "(a log record that cannot be formatted)\n"


PRINTS = '''
import zlib, random
%s
def test_it():
    print("my key is " + token())
    assert %s
'''


def source(verdict):
    import inspect
    import conftest
    return PRINTS % ("DIGITS = %r\n%s\n%s" % (
        conftest.DIGITS, inspect.getsource(conftest.base62),
        inspect.getsource(conftest.token)), verdict)


@pytest.mark.parametrize("verdict", ["True", "token() == 1"])
def test_plugin__fails_a_run_whose_output_holds_a_secret(pytester, verdict):
    pytester.makepyfile(source(verdict))
    result = pytester.runpytest_subprocess("--secscan", "-rA")
    assert result.ret == 1
    shown = result.stdout.str()
    assert token() not in shown
    result.stdout.fnmatch_lines(["*test_it: *stdout*: github-pat-classic: ghp_*"])


REASONS = """
import warnings, pytest
SECRETS = %r
@pytest.mark.skipif(True, reason="skip " + SECRETS[0])
def test_skip(): pass
def test_skip_inside(): pytest.skip("skip " + SECRETS[1])
@pytest.mark.xfail(reason="fails " + SECRETS[2])
def test_expected(): assert False
@pytest.mark.xfail(reason="fails " + SECRETS[3])
def test_unexpected(): pass
def test_warns(): warnings.warn("beware of " + SECRETS[4])
@pytest.mark.parametrize("secret", SECRETS[5:])
def test_name(secret): print(secret)
"""


def test_plugin__sees_reasons_and_warnings(pytester):
    """Those of skips are no text, and pytest relies on that."""
    secrets = [token(seed) for seed in range(6)]
    pytester.makepyfile(REASONS % secrets)
    result = pytester.runpytest_subprocess("--secscan", "-rsxX")
    assert result.ret == 1
    shown = result.stdout.str()
    assert [secret for secret in secrets if secret in shown] == []
    for reason in ("skip", "fails", "beware of"):
        assert reason + " ghp_********" in shown
    result.assert_outcomes(passed=2, skipped=2, xfailed=1, xpassed=1,
                           warnings=1)


def test_plugin__does_nothing_unless_asked(pytester):
    pytester.makepyfile(source("True"))
    assert pytester.runpytest_subprocess().ret == 0
    pytester.makeini("[pytest]\nsecscan = true\n")
    assert pytester.runpytest_subprocess().ret == 1


def test_plugin__clean_runs_pass(pytester):
    pytester.makepyfile("def test_it():\n    print('hello')\n")
    assert pytester.runpytest_subprocess("--secscan").ret == 0
