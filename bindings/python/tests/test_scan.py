"""test_scan.py: buffers, files, trees and histories."""

import gc
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

import pytest
import secscan
from conftest import base62, token


def test_scan__finds_a_token_and_its_place():
    secret = token()
    found, = secscan.scan(("a\nkey = %s\n" % secret).encode(), "a.txt")
    assert (found.rule, found.secret) == ("github-pat-classic", secret.encode())
    assert (found.place.line_start, found.place.column_start) == (2, 7)
    assert found.place.path == "a.txt"
    assert found.severity >= secscan.Severity.HIGH
    assert found.evidence is secscan.Evidence.CHECKSUM


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview,
                                  lambda b: io.BytesIO(b).getbuffer()])
def test_scan__takes_what_has_a_buffer(kind):
    assert len(secscan.scan(kind(token().encode()))) == 1


def test_scan__empty_and_clean_buffers_have_no_findings():
    assert secscan.scan(b"") == []
    assert secscan.scan(memoryview(b"clean\0" * 100)) == []


def test_scan__text_is_a_type_error():
    with pytest.raises(TypeError, match="bytes-like"):
        secscan.scan("text")


def test_scan__a_class_of_bytes_is_as_long_as_its_bytes():
    class Longer(bytes):
        def __len__(self):
            return 2 ** 30

    assert len(secscan.scan(Longer(token().encode()))) == 1


NUL = {
    "buffer": lambda name: secscan.scan(b"", name),
    "stream": lambda name: secscan.scan_stream([], name),
    "file": lambda name: secscan.scan_file(name),
    "tree": lambda name: secscan.scan_tree(name),
    "git": lambda name: secscan.scan_git(name),
    "range": lambda name: secscan.scan_git(".", range=name),
    "policy": lambda name: secscan.Policy(name),
    "rules": lambda name: secscan.Rules(name),
    "without": lambda name: secscan.Rules(without=[name]),
}


@pytest.mark.parametrize("call", NUL)
def test_scan__a_name_with_a_nul_byte_is_not_that_of_another(call):
    with pytest.raises(secscan.ArgumentError, match="a NUL byte in 'a"):
        NUL[call]("a\0b")


def test_scan__a_skip_is_told_with_the_findings():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        info = tarfile.TarInfo("inner.txt")
        info.size = 40
        archive.addfile(info, io.BytesIO(token().encode()))
    found = secscan.scan(data.getvalue(), "a.tar.gz")
    assert [f.place.path for f in found] == ["a.tar.gz!inner.txt"]
    assert found[0].place.container == "a.tar.gz"
    assert found.is_complete
    damaged = secscan.scan(data.getvalue()[:-30], "a.tar.gz")
    assert damaged.skips and not damaged.is_complete


def test_scan__encodings_are_named():
    import base64
    data = base64.b64encode(("x = %s" % token()).encode())
    found, = secscan.scan(b"data: " + data)
    assert found.place.encodings == ("base64",)
    assert not secscan.Scanner(decode=False).scan(b"data: " + data)


def test_finding__shows_no_secret_unless_asked():
    secret = token()
    found, = secscan.scan(("key = %s" % secret).encode(), "a/%s" % secret)
    assert secret not in repr(found) and "gates=True" in repr(found)
    shown = json.dumps(found.to_dict())
    assert secret not in shown and "ghp_********" in shown
    assert found.to_dict(show_secrets=True)["secret"] == secret


def test_finding__shows_no_secret_of_a_commit_either(repository):
    repository.commit({"a.txt": "nothing"}, "use %s" % token())
    found, = secscan.scan_git(repository.path)
    assert found.introductions[0].commit.subject == "use %s" % token()
    assert token() not in repr(found) and "use ghp_********" in repr(found)
    assert token() not in json.dumps(found.to_dict())


def test_finding__to_dict_is_the_report_of_the_program(repository, tmp_path):
    repository.commit({"a.txt": "key = %s\n" % token()}, "first\n\nbody")
    repository.commit({"a.txt": "nothing\n"})

    def lines(*args):
        shown = subprocess.run(
            [sys.executable, "-m", "secscan", "--format", "jsonl", *args],
            cwd=tmp_path, text=True, stdout=subprocess.PIPE)
        found = [json.loads(line) for line in shown.stdout.splitlines()]
        return [f for f in found if f.get("type") == "finding"]

    (tmp_path / "b.txt").write_text("1\nkey = %s\n" % token(1))
    for wanted, scan in (
            (lines("b.txt"), secscan.scan_tree(tmp_path / "b.txt")),
            (lines("--history", "repository"),
             secscan.scan_git(tmp_path / "repository"))):
        made, = (finding.to_dict() for finding in scan)
        expected, = wanted
        del expected["type"]
        # The program shows the paths as it was given them.
        for report in (made, expected):
            for place in (report, *report["places"]):
                place["path"] = os.path.basename(place["path"])
        # A date is the same at any offset.
        assert (expected.pop("date") or "").replace("Z", "+00:00") == (
            made.pop("date") or "")
        assert made == {k: expected[k] for k in made}
        assert set(expected) - set(made) == set()


def test_finding__to_dict_hides_what_else_stands_there():
    text = "%s and %s\n" % (token(1), token(2))
    found = secscan.scan(text.encode(), "dir/%s/a" % token(1))
    assert len(found) == 2
    for shown in map(json.dumps, found.to_dicts()
                     + [found[0].to_dict()]):
        assert token(1) not in shown and token(2) not in shown


def pieces_of(secrets, text):
    return [secret[i:i + 12] for secret in secrets for i in range(4, 29)
            if secret[i:i + 12] in text]


def test_finding__to_dict_hides_what_its_line_ends_in():
    """A long one is cut, perhaps within another secret."""
    secrets = [token(i) for i in range(60)]
    for between in (" k=", "\":\""):
        found = secscan.scan(between.join(secrets).encode())
        assert len(found) == 60
        assert pieces_of(secrets, json.dumps(found.to_dicts())) == []
        for one in found:
            line = one.to_dict()["line"]
            assert pieces_of(secrets, line) == []
            assert line.count("ghp_********" + between) > 5


def test_findings__of_an_iterator_hide_what_own_rules_find(tmp_path):
    secrets = ["own_%s" % base62(3 ** 100 + i * 2 ** 99, 28) for i in (0, 1)]
    rules = secscan.Rules(toml="[[rules]]\nid = 'own'\ndescription = 'own'\n"
                               "regex = 'own_[0-9A-Za-z]{28}'\n")
    (tmp_path / "a").write_text(" and ".join(secrets))
    (tmp_path / "b.tar").write_bytes(b"\x1f\x8b\x08 is damaged")
    scan = secscan.Scanner(rules).scan_tree(tmp_path)
    found = secscan.Findings(scan)
    assert len(found) == 2 and found.skips == scan.skips
    assert found.is_complete == scan.coverage.is_complete
    assert pieces_of(secrets, json.dumps(found.to_dicts())) == []
    assert secscan.Findings().is_complete


def test_findings__of_a_row_of_thousands_are_reported_in_time():
    """Each hides all: minutes for a text of 300 KB, were they tried one by one."""
    secrets = [token(i) for i in range(6000)]
    found = secscan.scan("\n".join(secrets).encode())
    assert len(found) == 6000
    before = time.process_time()
    assert len(found.to_dicts()) == 6000
    assert time.process_time() - before < 30


def test_hidden__takes_the_longest_and_what_overlaps_it():
    from secscan.hidden import Hidden

    hidden = Hidden({b"abcdefgh": "1", b"abcdefghij": "2", b"ghijklmn": "3",
                     b"pass": "4", b"\xffabcdefg": "5"})
    assert hidden.in_excerpt(b"abcdefgh abcdefghi abcdefghij") == b"1 1i 2"
    assert hidden.in_excerpt(b"abcdefghijklmn pass") == b"2 4"
    assert hidden.in_report([{"a": "abcdefgh pass"}, 3, None]) == [
        {"a": "1 pass"}, 3, None]
    assert hidden.in_report("\ufffdabcdefg") == "5"


def test_finding__to_dict_shows_its_parts_without_their_secrets():
    key = base62(int.from_bytes(b"part of a pair of keys", "big"), 40)
    text = "AWS_ACCESS_KEY_ID=AKIA%s\nAWS_SECRET_ACCESS_KEY=%s\n" % (
        base62(2 ** 82, 16).upper(), key[:40])
    for finding in secscan.scan(text.encode(), ".env"):
        assert key[:40] not in json.dumps(finding.to_dict())


def test_scan_file__is_an_iterator_with_coverage(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(token())
    scan = secscan.scan_file(path)
    assert scan.coverage is None
    assert [f.place.path for f in scan] == [str(path)]
    assert scan.coverage.findings == 1 and scan.coverage.exit_code == 1
    assert list(scan) == []


def test_scan_file__a_missing_one_is_a_skip(tmp_path):
    scan = secscan.scan_file(tmp_path / "none")
    assert list(scan) == []
    assert [skip.reason for skip in scan.skips] == ["unreadable"]
    assert not scan.coverage.is_complete and scan.coverage.exit_code == 3


def test_scan_tree__comes_in_the_order_of_paths(tmp_path):
    for i in range(50):
        (tmp_path / ("%02d" % i)).write_text(token(i))
    paths = [f.place.path for f in secscan.scan_tree(tmp_path)]
    assert paths == sorted(paths) and len(paths) == 50


def test_scan_tree__names_that_are_no_text_open_their_files(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff.txt"
    with open(name, "w") as file:
        file.write(token())
    found, = secscan.scan_tree(tmp_path)
    assert os.path.exists(found.place.path)
    shown = found.to_dict()
    assert shown["path"].endswith("/\ufffd.txt")
    json.dumps(shown, ensure_ascii=False).encode()


def test_scan_tree__closing_stops_it(tmp_path):
    for i in range(2000):
        (tmp_path / str(i)).write_text(token(i))
    with secscan.scan_tree(tmp_path) as scan:
        next(scan)
        thread = scan._channel.thread
        assert thread.is_alive()
    assert not thread.is_alive()
    assert list(scan) == []


def test_scan_file__closing_stops_it_inside_of_the_file(tmp_path):
    size = 2 ** 38  # a hole, of many minutes
    with open(tmp_path / "large", "wb") as file:
        file.truncate(size)
    with secscan.scan_file(tmp_path / "large") as scan:
        scan._begin()
        while not scan.progress.bytes_done:
            time.sleep(0.01)
        assert scan.progress.bytes_total == size
    assert not scan._channel.thread.is_alive()
    assert scan.coverage is None or scan.coverage.bytes < size


def test_scan_tree__dropping_it_stops_it(tmp_path):
    for i in range(2000):
        (tmp_path / str(i)).write_text(token(i))
    scan = secscan.scan_tree(tmp_path)
    next(scan)
    thread = scan._channel.thread
    del scan
    gc.collect()
    thread.join(60)
    assert not thread.is_alive()


def test_scan_tree__dropped_in_a_cycle_by_its_own_thread_it_stops(tmp_path):
    """The collector runs on the thread that scans, which must not wait for
    itself."""
    for i in range(2000):
        (tmp_path / str(i)).write_text(token(i))
    scan = secscan.scan_tree(tmp_path)
    scan.itself = scan
    next(scan)
    channel = scan._channel
    thread = channel.thread
    put = channel.put

    def collect_and_put(item):
        gc.collect()
        put(item)

    channel.put = collect_and_put
    gc.disable()
    try:
        del scan
        while not channel.queue.empty(): # room, for the next `put`
            channel.queue.get()
        thread.join(60)
        assert not thread.is_alive()
    finally:
        gc.enable()


def test_scan_tree__an_open_one_does_not_keep_the_program_from_ending(
        tmp_path):
    for i in range(1000):
        (tmp_path / str(i)).write_text(token(i))
    subprocess.run(
        [sys.executable, "-c", "import secscan, sys; "
         "scan = secscan.scan_tree(sys.argv[1]); next(scan)", tmp_path],
        check=True, timeout=120)


def test_scan_tree__closing_ends_who_waits_on_another_thread(tmp_path):
    """A reader of a queue that nobody fills any more would wait for ever."""
    for i in range(2000):
        (tmp_path / str(i)).write_text(token(i))
    scan = secscan.scan_tree(tmp_path)
    next(scan)
    found = []
    reader = threading.Thread(target=lambda: found.extend(scan))
    reader.start()
    scan.close()
    reader.join(60)
    assert not reader.is_alive() and len(found) < 2000


def test_scan_tree__its_end_is_that_of_all_who_read(tmp_path):
    for i in range(50):
        (tmp_path / str(i)).write_text(token(i))
    scan = secscan.scan_tree(tmp_path)
    found = []
    readers = [threading.Thread(target=lambda: found.extend(scan))
               for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert len(found) == 50
    assert not any(reader.is_alive() for reader in readers)


def test_scan_tree__without_a_thread_it_is_over(tmp_path, monkeypatch):
    def fail(thread):
        raise RuntimeError("can't start new thread")

    scan = secscan.scan_tree(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        with pytest.raises(RuntimeError):
            next(scan)
    assert list(scan) == [] and scan.coverage is None


def test_scan_tree__a_child_has_no_part_in_it(tmp_path):
    """Of what its parent has begun there is nobody left to wait for."""
    for i in range(1000):
        (tmp_path / str(i)).write_text(token(i))
    program = """if True:
        import os, secscan, signal, sys
        scan = secscan.scan_tree(sys.argv[1])
        next(scan)
        child = os.fork()
        if not child:
            signal.alarm(60)
            try:
                next(scan)
            except RuntimeError:
                scan.close()
                sys.exit(len(list(secscan.scan_tree(sys.argv[1] + "/1"))))
        assert os.waitpid(child, 0)[1] == 1 << 8
        assert len(list(scan)) == 999
    """
    subprocess.run([sys.executable, "-c", program, tmp_path], check=True,
                   timeout=120)


@pytest.mark.parametrize("kind", ["file", "stream"])
def test_scan__goes_on_without_its_scanner(tmp_path, kind):
    """Which has had the name of the library that opens containers."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", token())
    path = tmp_path / "a.zip"
    path.write_bytes(data.getvalue())
    scanner = secscan.Scanner()
    scan = (scanner.scan_file(path) if kind == "file"
            else scanner.scan_stream([data.getvalue()], path))
    del scanner
    kept = [secscan._native.ffi.new("char[]", b"x" * size)
            for size in range(1, 400) for _ in range(9)]
    assert [f.place.path for f in scan] == ["%s!a.txt" % path]
    assert scan.skips == () and kept


def lines(count=3000):
    """Tokens among words: more than one piece of a stream."""
    words = b"The quick brown fox jumps over the lazy dog.\n" * 20
    return [words + b"key = %s\n" % token(i).encode()
            for i in range(count)]


def test_scan_stream__finds_what_the_buffer_has():
    data = b"".join(lines(500))
    wanted = secscan.scan(data, "a.txt")
    assert len(wanted) == 500
    scan = secscan.scan_stream(io.BytesIO(data), "a.txt")
    assert list(scan) == wanted
    assert scan.skips == () and scan.coverage.bytes == len(data)
    for size in (7, 4096, len(data)):
        pieces = (data[i:i + size] for i in range(0, len(data), size))
        assert list(secscan.scan_stream(pieces, "a.txt")) == wanted


def test_scan_stream__takes_files_and_pieces_of_any_kind(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(token().encode())
    with open(path, "rb") as file:
        assert len(list(secscan.scan_stream(file))) == 1
    pieces = [b"", bytearray(token()[:9].encode()),
              memoryview(token()[9:].encode())]
    found, = secscan.scan_stream(pieces)
    assert found.secret == token().encode() and found.place.path is None
    assert list(secscan.scan_stream([])) == []
    assert list(secscan.scan_stream(io.BytesIO())) == []


def test_scan_stream__what_gives_no_bytes_is_a_type_error(tmp_path):
    for wrong in (token().encode(), token(), 3, None):
        with pytest.raises(TypeError):
            secscan.scan_stream(wrong)
    for wrong in (["text"], [3], io.StringIO("text")):
        with pytest.raises(TypeError):
            list(secscan.scan_stream(wrong))

    class Empty(io.RawIOBase):
        def read(self, size=-1):
            return None

    with pytest.raises(BlockingIOError):
        list(secscan.scan_stream(Empty()))


def test_scan_stream__reads_no_more_than_it_is_asked_for():
    read = []

    def pieces():
        for piece in lines():
            read.append(len(piece))
            yield piece

    with secscan.scan_stream(pieces()) as scan:
        next(scan)
        assert len(read) < 2000
    assert list(scan) == [] and scan.coverage is None


def test_scan_stream__what_the_source_raises_ends_it():
    def pieces():
        yield from lines(1000)
        raise KeyError("mine")

    scan = secscan.scan_stream(pieces())
    with pytest.raises(KeyError):
        list(scan)
    assert list(scan) == [] and scan.coverage is None


def test_scan_stream__may_be_closed_from_anywhere():
    """By its own source, by another thread, by the collector."""
    def closing():
        yield lines(1)[0]
        scan.close()
        yield lines(2)[1]

    scan = secscan.scan_stream(closing())
    assert list(scan) == []

    is_fed, found = threading.Event(), []

    def endless():
        while True:
            yield b"".join(lines(50))
            is_fed.set()

    scan = secscan.scan_stream(endless())
    reader = threading.Thread(target=lambda: found.extend(scan))
    reader.start()
    assert is_fed.wait(60)
    scan.close()
    reader.join(60)
    assert not reader.is_alive()

    scan = secscan.scan_stream(endless())
    next(scan)
    del scan
    gc.collect()


def test_scan_git__says_who_brought_it_in(repository):
    secret = token()
    first = repository.commit({"a.txt": "key = %s\n" % secret}, "bring it in")
    second = repository.commit({"a.txt": "nothing\n"}, "take it out")
    found, = secscan.scan_git(repository.path)
    assert found.introductions[0].commit.id == first
    assert found.introductions[0].commit.subject == "bring it in"
    assert [c.id for c in found.removals] == [second]
    assert not found.in_head and found.reach == "ref"


@pytest.mark.parametrize("written, wanted", [
    ("1700000000 +0230", "2023-11-15T00:43:20+02:30"),
    ("-5 -0100", "1969-12-31T22:59:55-01:00"),
    ("1700000000 +9959", "2023-11-14T22:13:20+00:00"),
    ("253402300799 +0100", None),
    ("99999999999999999 +0000", None)])
def test_scan_git__a_commit_may_say_of_any_time(repository, written, wanted):
    """Who makes one says when, and must not end a report by that."""
    repository.commit({"a.txt": token()})
    raw = "tree %s\nauthor A <a@example.org> %s\n" \
          "committer A <a@example.org> %s\n\nm\n" % (
              repository.git("rev-parse", "HEAD^{tree}"), written, written)
    repository.git("update-ref", "HEAD", subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=repository.path, input=raw, text=True, check=True,
        stdout=subprocess.PIPE).stdout.strip())
    found, = secscan.scan_git(repository.path)
    assert found.to_dict()["date"] == wanted


def test_scan_git__range_and_staged(repository):
    repository.commit({"a.txt": token(1)})
    repository.commit({"b.txt": token(2)})
    found, = secscan.scan_git(repository.path, range="HEAD~1..HEAD")
    assert found.place.path == "b.txt"
    (repository.path / "c.txt").write_text(token(3))
    repository.git("add", "c.txt")
    found, = secscan.scan_git(repository.path, staged=True)
    assert found.place.path == "c.txt"


ZEROS = "0" * 40


def test_scan_git__closing_and_dropping_it_stop_it(repository):
    for i in range(3):
        repository.commit({"%d.txt" % j: token(100 * i + j)
                           for j in range(30)})
    for n in (0, 1, 40):
        scan = secscan.scan_git(repository.path)
        assert len([next(scan) for _ in range(n)]) == n
        scan.close()
        assert list(scan) == []
        scan = secscan.scan_git(repository.path)
        assert len([next(scan) for _ in range(n)]) == n
        del scan
        gc.collect()


def test_scan_git__a_push_is_what_it_would_publish(repository):
    old = repository.commit({"a.txt": token(1)})
    new = repository.commit({"b.txt": token(2)})
    update = secscan.Update("refs/heads/main", old, new)
    found, = secscan.scan_git(repository.path, updates=[update])
    assert found.place.path == "b.txt"
    made = ("refs/heads/main", ZEROS, new)
    assert len(list(secscan.scan_git(repository.path, updates=[made]))) == 2
    # What a remote has is known there.
    repository.git("update-ref", "refs/remotes/origin/main", old)
    repository.git("remote", "add", "origin", "nowhere")
    found, = secscan.scan_git(repository.path, updates=[made], remote="origin")
    assert found.place.path == "b.txt"
    with pytest.raises(secscan.GitError):
        list(secscan.scan_git(repository.path, receive=True, updates=[
            ("refs/heads/main", "1" * 40, new)]))


def test_scan_git__commits_are_a_range(repository):
    ids = [repository.commit({"%d.txt" % i: token(i)}) for i in range(3)]
    found = secscan.scan_git(repository.path, commits=ids[1:])
    assert {f.place.path for f in found} == {"1.txt", "2.txt"}


def test_scan_git__wrong_options_are_type_errors(repository):
    with pytest.raises(TypeError, match="no such option: rang"):
        secscan.scan_git(repository.path, rang="HEAD")
    with pytest.raises(TypeError, match="only one"):
        secscan.scan_git(repository.path, range="HEAD", updates=[])


def test_policy__of_a_change_is_that_of_its_base(repository):
    """What is judged cannot hide itself."""
    repository.commit({"a.txt": "text"})
    fingerprint = secscan.scan(token().encode())[0].fingerprint
    repository.commit({"b.txt": token(),
                       ".secscanignore": fingerprint + " path:b.txt # mine\n"})
    options = {"range": "HEAD~1..HEAD"}
    for adopt, wanted in ((False, 1), (True, 0)):
        policy = secscan.Policy.git(repository.path, adopt=adopt, **options)
        scan = secscan.Scanner(policy=policy).scan_git(repository.path,
                                                       **options)
        assert len([f for f in scan if f.gates]) == wanted


def test_scan_git__failures_are_exceptions(repository, tmp_path):
    repository.commit({"a.txt": "text"})
    with pytest.raises(secscan.GitError) as caught:
        list(secscan.scan_git(tmp_path))
    assert caught.value.code is secscan.Status.ERR_GIT
    with pytest.raises(secscan.GitError, match="repository at .*none"):
        list(secscan.scan_git(tmp_path / "none"))
    with pytest.raises(secscan.ArgumentError):
        list(secscan.scan_git(repository.path, range="no-such..HEAD"))


def test_scanner__what_fails_below_c_is_raised_and_it_goes_on(tmp_path,
                                                              monkeypatch):
    """A callback that raises ends the scan, and no other."""
    data = token().encode()
    (tmp_path / "a").write_bytes(data)
    scanner = secscan.Scanner()
    for scan in (lambda: scanner.scan(data),
                 lambda: list(scanner.scan_stream([data])),
                 lambda: list(scanner.scan_file(tmp_path / "a")),
                 lambda: list(scanner.scan_tree(tmp_path))):
        for failure in (KeyboardInterrupt, ZeroDivisionError):
            def fail(c):
                raise failure

            with monkeypatch.context() as patch:
                patch.setattr(secscan.convert, "finding", fail)
                with pytest.raises(failure):
                    scan()
        assert len(scan()) == 1


@pytest.mark.parametrize("scan", [
    lambda scanner, data: scanner.scan(data),
    lambda scanner, data: list(scanner.scan_stream([data]))])
def test_scanner__what_a_signal_raises_is_raised(scan):
    """Python handles it where the library calls it: in front of the first line
    of what takes a finding."""
    def late(number, frame):
        raise TimeoutError("mine")

    scanner = secscan.Scanner()
    data = (b"The quick brown fox jumps over the lazy dog.\n" * 100000
            + token().encode() + b"\n") * 5
    before = signal.signal(signal.SIGALRM, late)
    try:
        with pytest.raises(TimeoutError, match="mine"):
            signal.setitimer(signal.ITIMER_REAL, 0.005)
            scan(scanner, data)
        assert len(scan(scanner, token().encode())) == 1
    finally:
        signal.signal(signal.SIGALRM, before)


def test_scanner__is_used_from_many_threads():
    scanner = secscan.Scanner()
    wrong = []

    def work(seed):
        for i in range(200):
            secret = token(seed * 1000 + i)
            found = scanner.scan(("key = %s" % secret).encode())
            if [f.secret for f in found] != [secret.encode()]:
                wrong.append(secret)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(scanner._idle) <= 9


def test_scanner__releases_the_gil():
    """While one thread scans, another one goes on."""
    scanner = secscan.Scanner()
    data = b"The quick brown fox jumps over the lazy dog. %d\n" * 400000
    counts = []
    is_over = threading.Event()

    def count():
        n = 0
        while not is_over.is_set():
            n += 1
        counts.append(n)

    thread = threading.Thread(target=count)
    thread.start()
    scanner.scan(data)
    is_over.set()
    thread.join()
    assert counts[0] > 1000


def test_scanner__settings_choose():
    data = token().encode()
    assert not secscan.Scanner(categories=["webhook"]).scan(data)
    assert secscan.Scanner(categories=["token"]).scan(data)
    assert not secscan.Scanner(not_categories=["token"]).scan(data)
    found, = secscan.Scanner(gate_severity=secscan.Severity.CRITICAL).scan(data)
    assert found.gates == (found.severity is secscan.Severity.CRITICAL)
    with pytest.raises(secscan.ArgumentError):
        secscan.Scanner(categories=["no-such"])
    with pytest.raises(secscan.ArgumentError):
        secscan.Scanner(fingerprint_key=b"short")
    with pytest.raises(secscan.ArgumentError, match="one of report, block"):
        secscan.Scanner(profile="blocks")
    with pytest.raises(TypeError, match="a Rules is required, not 'str'"):
        secscan.Scanner("rules.toml")
    with pytest.raises(TypeError, match="a Policy is required, not 'str'"):
        secscan.Scanner(policy=".")


def test_scanner__a_key_makes_other_fingerprints():
    data = token().encode()
    plain, = secscan.scan(data)
    keyed, = secscan.Scanner(fingerprint_key=b"k" * 32).scan(data)
    assert plain.fingerprint != keyed.fingerprint


def test_scanner__a_key_may_be_wiped(tmp_path):
    (tmp_path / "a").write_text(token())
    key = bytearray(b"k" * 32)
    scanner = secscan.Scanner(fingerprint_key=key)
    wanted, = scanner.scan_file(tmp_path / "a")
    key[:] = bytes(32)
    key.clear()
    found, = scanner.scan_file(tmp_path / "a")
    assert found.fingerprint == wanted.fingerprint
    assert found.fingerprint != secscan.scan(token().encode())[0].fingerprint


def test_policy__hides_what_is_marked(tmp_path):
    data = ("key = %s # gitleaks:allow\n" % token()).encode()
    assert secscan.scan(data)
    policy = secscan.Policy(tmp_path)
    assert not secscan.Scanner(policy=policy).scan(data)
    found, = secscan.Scanner(policy=policy, show_suppressed=True).scan(data)
    assert found.suppressed_by == "inline" and not found.gates
    found, = secscan.Scanner(policy=policy, suppress=False).scan(data)
    assert found.suppressed_by == "inline" and found.gates


def test_policy__what_hides_nothing_is_noted(repository):
    repository.commit({".secscanignore": "no entry at all\n", "a.txt": "a"})
    scanner = secscan.Scanner(policy=secscan.Policy(repository.path))
    scan = scanner.scan_tree(repository.path)
    assert list(scan) == []
    note, = scan.coverage.notes
    assert (note.kind, note.line) == ("unread", 1)
    assert note.file.endswith(".secscanignore") and note.text


RULE = '''[[rules]]
id = "mine"
description = "A word of ours"
regex = "word_[a-z]{8}"
keywords = ["word_"]
'''


def test_rules__own_ones_stand_alone(tmp_path):
    rules = secscan.Rules(toml=RULE)
    assert [rule.id for rule in rules] == ["mine"]
    assert "mine" in rules and "github-pat-classic" not in rules
    assert rules["mine"].regex == "word_[a-z]{8}"
    path = tmp_path / "own.toml"
    path.write_text(RULE)
    assert secscan.Rules(path).version == rules.version
    found, = secscan.Scanner(rules).scan(b"a word_qvzkwxjt here")
    assert found.secret == b"word_qvzkwxjt"


def test_rules__of_others_read_no_other_file(tmp_path):
    (tmp_path / "own.toml").write_text(RULE)
    text = "[extend]\npath = '%s/own.toml'\n" % tmp_path
    assert "mine" in secscan.Rules(toml=text, extend_root=tmp_path)
    for root in ("", tmp_path / "below"):
        with pytest.raises(secscan.RuleError, match=r"\[extend\] path"):
            secscan.Rules(toml=text, untrusted=True, extend_root=root)


def test_rules__a_mistake_has_its_line_and_column():
    with pytest.raises(secscan.RuleError) as caught:
        secscan.Rules(toml=RULE + "regexp = 1\n[[rules]]\nid = 3\n",
                      name="own.toml")
    assert caught.value.code is secscan.Status.ERR_RULE
    assert caught.value.line >= 6 and caught.value.column >= 1
    assert str(caught.value).startswith("own.toml:")


def test_rules__builtin_ones_are_many():
    rules = secscan.Rules()
    assert len(rules) > 1000 and rules["github-pat-classic"].is_builtin
    with pytest.raises(KeyError):
        rules["no-such-rule"]
    for name in ("github-pat-classic\0", "\ud800", 3):
        assert name not in rules
        with pytest.raises(KeyError):
            rules[name]


def test_main__is_the_program():
    shown = subprocess.run([sys.executable, "-m", "secscan", "--version"],
                           text=True, stdout=subprocess.PIPE, check=True)
    assert shown.stdout.startswith("secscan %s\n" % secscan.__version__)
    script = os.path.join(os.path.dirname(sys.executable), "secscan")
    done = subprocess.run([script, "--stdin"], input=token().encode(),
                          stdout=subprocess.PIPE)
    assert done.returncode == 1


def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_scan__memory_stays_flat_over_many_small_scans():
    """SECSCAN_SOAK=1000000 for the slow one. One in 64 finds something, and
    three fail, each in a way of its own."""
    scanner = secscan.Scanner()
    clean = b"x = 1\n"
    dirty = ("key = %s" % token()).encode()
    count = int(os.environ.get("SECSCAN_SOAK", "200000"))
    failing = {
        1: (TypeError, lambda: scanner.scan("text")),
        2: (secscan.RuleError, lambda: secscan.Rules(
            toml="[[rules]]\nid = 'own'\nregex = 'a('")),
        3: (KeyError, lambda: list(scanner.scan_stream({}[0] for _ in [1]))),
    }

    def scan(n):
        for i in range(n):
            wanted, call = failing.get(i % 64, (None, None))
            if call is None:
                scanner.scan(dirty if i % 64 == 0 else clean)
            else:
                with pytest.raises(wanted):
                    call()
        gc.collect()
        return memory()

    before = scan(count // 4)
    assert scan(count) - before < 4 << 20


def test_scan__memory_stays_flat_over_iterators(tmp_path):
    (tmp_path / "a").write_text(token())

    def scan(n):
        for _ in range(n):
            list(secscan.scan_file(tmp_path / "a"))
            secscan.scan_file(tmp_path / "a")
        return memory()

    gc.collect()
    gc.disable() # it must not need the collector of cycles
    try:
        before = scan(60)
        assert scan(120) - before < 16 << 20
    finally:
        gc.enable()
