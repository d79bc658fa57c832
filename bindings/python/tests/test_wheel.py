"""test_wheel.py: the wheel holds all that it needs, and is what it was."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import secscan

OUT = Path(os.environ["SECSCAN_WHEEL_DIR"])
ROOT = Path(__file__).resolve().parents[3]
# Of glibc, the C++ runtime, and zlib, which PEP 600 promises with them: a second
# one beside Python's own would only be trouble.
SYSTEM = re.compile(
    r"(libz|libc|libm|libdl|libpthread|librt|libresolv|libutil|libstdc\+\+"
    r"|libgcc_s|ld-linux-x86-64|ld-linux-aarch64)\.so\.\d+$")


def wheel():
    found, = (OUT / "wheel").glob("*.whl")
    return found


def test_wheel__is_for_all_pythons_and_says_its_glibc():
    assert re.fullmatch(r"secscan-%s-cp310-abi3-manylinux_2_\d+_\w+\.whl"
                        % re.escape(secscan.__version__), wheel().name)


@pytest.fixture(scope="module")
def binaries(tmp_path_factory):
    """Path in the wheel -> (NEEDED, RUNPATH or RPATH)."""
    folder = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(wheel()).extractall(folder)
    found = {}
    for path in folder.rglob("*"):
        if not path.is_file() or path.read_bytes()[:4] != b"\x7fELF":
            continue
        shown = subprocess.run(["readelf", "-d", path], text=True, check=True,
                               stdout=subprocess.PIPE).stdout
        found[path.relative_to(folder)] = (
            re.findall(r"\(NEEDED\).*\[(.*)\]", shown),
            ":".join(re.findall(r"\((?:RUN|R)PATH\).*\[(.*)\]", shown)))
    return found


def test_wheel__every_needed_library_is_in_it_or_of_the_system(binaries):
    assert len(binaries) > 10
    names = {path.name: path for path in binaries}
    for path, (needed, search) in binaries.items():
        folders = [os.path.normpath(str(path.parent / part[8:]))
                   for part in search.split(":")
                   if part == "$ORIGIN" or part.startswith("$ORIGIN/")]
        assert len(folders) == len([p for p in search.split(":") if p]), (
            "%s looks outside of the wheel: %s" % (path, search))
        for library in needed:
            if SYSTEM.match(library):
                continue
            assert library in names, "%s needs %s" % (path, library)
            assert str(names[library].parent) in folders, (
                "%s does not find %s" % (path, library))


def test_wheel__the_module_keeps_to_the_stable_abi(binaries):
    module, = (path for path in binaries if path.name.startswith("_native"))
    assert module.name == "_native.abi3.so"


def test_wheel__has_the_program_with_its_mode_and_licences():
    files = {info.filename: info
             for info in zipfile.ZipFile(wheel()).infolist()}
    assert files["secscan/bin/secscan"].external_attr >> 16 & 0o111 == 0o111
    assert "secscan/licenses/secscan" in files
    if os.path.exists("/usr/bin/dpkg-query"):
        assert "secscan/licenses/libhyperscan5" in files
        table = zipfile.ZipFile(wheel()).read("secscan/licenses/table.tsv")
        assert re.search(r"^libhyperscan5\t\S+\tBSD-3-Clause\t",
                         table.decode(), re.M)


def test_wheel__has_a_bill_of_materials(tmp_path):
    with zipfile.ZipFile(wheel()) as packed:
        bills = [packed.extract(name, tmp_path) for name in packed.namelist()
                 if name.endswith(".cdx.json")]
    assert any("libgit2-dev" in Path(bill).read_text() for bill in bills)
    subprocess.run([ROOT / "build/venv/bin/python",
                    ROOT / "tests/package/validate.py", *bills], check=True)


def test_wheel__its_checksum_is_beside_it():
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"],
                   cwd=wheel().parent, check=True)


def made_at():
    """The time of the commit that it was built from."""
    bill = json.loads(zipfile.ZipFile(wheel()).read(
        "secscan/licenses/sbom.cdx.json"))
    made = datetime.fromisoformat(
        bill["metadata"]["timestamp"].replace("Z", "+00:00"))
    return str(int(made.timestamp()))


def test_wheel__built_again_it_is_the_same_file(tmp_path):
    """Of the same commit, also when there is another one meanwhile."""
    done = subprocess.run(
        [ROOT / "script/wheel", "--build", os.environ["SECSCAN_BUILD"],
         tmp_path], check=True, text=True, stdout=subprocess.PIPE,
        env={**os.environ, "SOURCE_DATE_EPOCH": made_at()})
    again = Path(done.stdout.strip())
    assert again.name == wheel().name
    assert again.read_bytes() == wheel().read_bytes()


COMPILER = re.compile(r"(.*-)?(cc|c\+\+|[gc]\d\d|gcc|g\+\+|clang|cpp|ld|as)\b")


def poor_environment(tmp_path):
    """No compiler is found, and pip has a folder of wheels, and no network."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for path in Path("/usr/bin").iterdir():
        if not COMPILER.match(path.name):
            (programs / path.name).symlink_to(path)
    assert not shutil.which("cc", path=programs)
    wheels = tmp_path / "wheels"
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "-d", wheels,
                    "cffi", "setuptools"], check=True)
    shutil.copy(wheel(), wheels)
    return {**os.environ, "PATH": str(programs), "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}


def test_wheel__pre_commit_installs_it_and_stops_a_commit(repository, tmp_path,
                                                          home):
    """As docs/pre-commit.md says, without a compiler."""
    from conftest import token

    env = poor_environment(tmp_path)
    mirror = tmp_path / "mirror"
    subprocess.run([ROOT / "script/pre-commit-mirror", secscan.__version__,
                    mirror], check=True,
                   env={**env, "PATH": os.environ["PATH"]})

    def run(*command):
        done = subprocess.run(command, cwd=repository.path, env=env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def commit(name, text):
        (repository.path / name).write_text(text)
        repository.git("add", "-A")
        return run("git", "commit", "-q", "-m", name)

    run(os.environ["SECSCAN_PRE_COMMIT"], "install")
    code, shown = commit(
        ".pre-commit-config.yaml",
        "repos:\n- repo: file://%s\n  rev: v%s\n  hooks: [{id: secscan}]\n"
        % (mirror, secscan.__version__))
    assert code == 0, shown
    first = repository.git("rev-parse", "HEAD")
    code, shown = commit("a.txt", "key = %s\n" % token())
    assert code == 1 and "a.txt:1" in shown, shown
    assert token() not in shown
    assert repository.git("rev-parse", "HEAD") == first
