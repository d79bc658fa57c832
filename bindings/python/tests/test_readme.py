"""test_readme.py: the README's first program, copied into an empty folder, and
the examples."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Repository, token

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"


def programs():
    return re.findall(r"```python\n(.*?)```", README.read_text(), re.S)


def run(folder, *args, **options):
    done = subprocess.run([sys.executable, "-B", *args], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    return done.returncode, done.stdout


@pytest.fixture
def folder(tmp_path):
    repository = Repository(tmp_path / "empty")
    repository.commit({"settings.py": "\nKEY = '%s'\n" % token(1)})
    repository.commit({"settings.py": "\nKEY = '%s'\n" % token(2)})
    return repository


def test_readme__its_first_program_finds_secrets(folder):
    program = programs()[0]
    assert len(program.strip().splitlines()) <= 6
    (folder.path / "program.py").write_text(program)
    code, shown = run(folder.path, "program.py")
    assert code == 0, shown
    lines = shown.splitlines()
    assert lines[0] == "2 github-pat-classic ghp_********"
    assert len([line for line in lines[1:] if "settings.py" in line]) == 2
    assert token(1) not in shown and token(2) not in shown


def test_readme__its_other_programs_run(folder, tmp_path):
    assert len(programs()) > 1
    for i, program in enumerate(programs()[1:]):
        name = folder.path / ("program%d.py" % i)
        name.write_text(program)
        code, shown = run(folder.path, name.name)
        assert code == 0, program + shown
        assert token(1) not in shown and token(2) not in shown


def test_examples__tree_reports_what_a_folder_holds(folder):
    code, shown = run(folder.path, HERE.parent / "examples/report.py", ".")
    assert code == 1 and "settings.py" in shown, shown
    assert token(2) not in shown


def test_examples__pre_push_lets_no_secret_out(folder):
    def push(ref):
        return subprocess.run(
            ["git", "push", "-q", folder.path.parent / "bare", ref],
            cwd=folder.path, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)

    folder.git("init", "-q", "--bare", folder.path.parent / "bare")
    hook = folder.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nexec "%s" -B "%s" "$@"\n' % (
        sys.executable, HERE.parent / "examples/pre_push.py"))
    hook.chmod(0o755)
    done = push("HEAD:main")
    assert done.returncode and "settings.py 2 " in done.stdout, done.stdout
    assert token(1) not in done.stdout and token(2) not in done.stdout
    folder.git("checkout", "-q", "--orphan", "clean")
    folder.commit({"settings.py": "KEY = None\n"})
    done = push("HEAD:main")
    assert done.returncode == 0, done.stdout


def test_types__mypy_is_content_with_the_package_and_the_examples(tmp_path):
    folder = tmp_path / "readme"
    folder.mkdir()
    for i, program in enumerate(programs()):
        (folder / ("program%d.py" % i)).write_text(program)
    for target in (["-p", "secscan"], [str(HERE.parent / "examples")],
                   [str(folder)]):
        code, shown = run(tmp_path, "-m", "mypy", "--strict",
                          "--config-file", HERE.parent / "pyproject.toml",
                          "--python-version", "3.10",
                          "--cache-dir", tmp_path / "cache", *target)
        assert code == 0, shown
