"""The library that opens containers: loaded when one appears, and missed when it
is not there. What it opens is in test_hidden.py."""

import io
import os
import shutil
import zipfile

import harness

TOKEN = "ghp_{base62:30}{crc32}"


def zipped(name, text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, text)
    return out.getvalue()


class OpenerTest(harness.Case):
    def setUp(self):
        super().setUp()
        self.token = harness.expand(TOKEN)
        self.write("t/wow!/a.zip", zipped("in/b.env", "\nT=%s\n" % self.token))

    def test_opener__is_loaded_for_a_container_alone(self):
        env = {"LD_DEBUG": "files"}
        self.assertIn("libsecscan-containers",
                      self.secscan("t", env=env).err)
        self.assertNotIn("libsecscan-containers",
                         self.secscan("--no-containers", "t", env=env).err)
        self.assertNotIn("libsecscan-containers",
                         self.secscan("--stdin", env=env).err)

    def test_opener__that_is_missing_is_told(self):
        os.mkdir(self.path("bin"))
        alone = shutil.copy(harness.BIN, self.path("bin"))
        program, harness.BIN = harness.BIN, alone
        self.addCleanup(setattr, harness, "BIN", program)
        run = self.secscan("-f", "json", "t")
        self.assertRun(run, 3)
        self.assertEqual([(s["path"], s["reason"])
                          for s in run.json()["skipped"]],
                         [("t/wow!/a.zip", "unsupported")])
        self.assertRun(self.secscan("--no-containers", "t"), 0)

    def test_opener__places_name_the_file_that_is_there(self):
        run = self.secscan("-f", "json", "t")
        self.assertRun(run, 1)
        (finding,) = run.findings()
        self.assertEqual(
            [finding[k] for k in ("path", "container", "line_start")],
            ["t/wow!/a.zip!in/b.env", "t/wow!/a.zip", 2])
        run = self.secscan("-f", "sarif", "t").json()["runs"][0]
        place = run["results"][0]["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "t/wow!/a.zip")
        self.assertNotIn("region", place)

    def test_opener__places_of_a_history_do_so_too(self):
        repo = self.repo()
        repo.commit("Pack", {"wow!/a.zip": zipped("in/b.env", self.token)})
        self.check_history(repo, "wow!/a.zip")
        outer = self.repo("outer")
        outer.git("-c", "protocol.file.allow=always", "submodule", "add", "-q",
                  repo.path, "sub")
        outer.commit("Take it in", {"a": "text\n"})
        self.check_history(outer, "sub/wow!/a.zip")

    def check_history(self, repo, file):
        run = self.secscan("-f", "json", "--history", repo.path)
        self.assertRun(run, 1)
        (finding,) = run.findings()
        for place in (finding, *finding["places"]):
            self.assertEqual((place["path"], place["container"]),
                             (file + "!in/b.env", file))


if __name__ == "__main__":
    harness.main()
