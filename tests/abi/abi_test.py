"""abi_test.py BUILD: the libraries of BUILD have the interface that is recorded
beside this file, and the comparison sees what it has to see."""

import os
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

import abi

BUILD = sys.argv.pop(1)
ADVICE = """
%s
This changes what programs that were linked to an earlier %s expect of it.
If that is meant: docs/abi.md says what it takes; then script/record-abi.
"""


def struct(root, name):
    return [c for c in root.iter("class-decl")
            if c.get("name") == name and c.findall("data-member")][0]


def grow(root, name):
    """A member more at the end of a struct."""
    found = struct(root, name)
    size = int(found.get("size-in-bits"))
    last = found.findall("data-member")[-1]
    member = ET.SubElement(found, "data-member", dict(
        last.attrib, **{"layout-offset-in-bits": str(size)}))
    number = [t for t in root.iter("typedef-decl")
              if t.get("name") == "uint64_t"][0]
    ET.SubElement(member, "var-decl", {
        "name": "one_more", "type-id": number.get("id"),
        "visibility": "default"})
    found.set("size-in-bits", str(size + 64))


def swap(root, name):
    """The names of the first two members of a struct, swapped."""
    first, second = [m.find("var-decl") for m in
                     struct(root, name).findall("data-member")[:2]]
    for key in ("name", "type-id"):
        one, two = first.get(key), second.get(key)
        first.set(key, two)
        second.set(key, one)


def drop(root, name):
    for kind in ("elf-symbol", "function-decl"):
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == kind and child.get("name") == name:
                    parent.remove(child)


class Same(unittest.TestCase):
    def check(self, name):
        with tempfile.TemporaryDirectory() as folder:
            after = os.path.join(folder, name + ".abi")
            abi.record(os.path.join(BUILD, abi.LIBRARIES[name]), after)
            said = abi.difference(abi.baseline(name), after)
        if said:
            self.fail(ADVICE % (said, name))

    def test_libsecscan(self):
        self.check("libsecscan")

    def test_libsecscan_git(self):
        self.check("libsecscan-git")

    def test_libsecscan_containers(self):
        self.check("libsecscan-containers")

    def test_constants(self):
        with open(abi.CONSTANTS) as file:
            wanted = file.read().splitlines()
        found = set(abi.constants().splitlines())
        changed = [line for line in wanted if line not in found]
        self.assertGreater(len(wanted), 70)
        if changed:
            self.fail(ADVICE % ("Gone, or of another value: %s" % changed,
                                "libsecscan"))

    def test_records_are_small(self):
        for name in abi.LIBRARIES:
            self.assertLess(os.path.getsize(abi.baseline(name)), 256 << 10)


class Comparison(unittest.TestCase):
    """Records that are changed by hand."""

    def after(self, change, *arguments):
        before = abi.baseline("libsecscan")
        tree = ET.parse(before)
        change(tree.getroot(), *arguments)
        with tempfile.TemporaryDirectory() as folder:
            after = os.path.join(folder, "after.abi")
            tree.write(after)
            return abi.difference(before, after)

    def test_what_carries_its_size_or_is_borrowed_may_grow(self):
        for name in ("secscan_scan_options", "secscan_sink", "secscan_finding",
                     "secscan_coverage"):
            with self.subTest(name):
                self.assertEqual(self.after(grow, name), "")

    def test_what_stands_in_arrays_or_is_the_callers_may_not(self):
        for name in ("secscan_error", "secscan_place", "secscan_rule_info",
                     "secscan_part", "secscan_policy_text"):
            with self.subTest(name):
                self.assertIn(name, self.after(grow, name))

    def test_order_of_members_counts(self):
        for name in ("secscan_finding", "secscan_scan_options", "secscan_sink"):
            with self.subTest(name):
                self.assertIn(name, self.after(swap, name))

    def test_functions_may_come_and_not_go(self):
        self.assertIn("secscan_scan_buffer",
                      self.after(drop, "secscan_scan_buffer"))
        before = ET.parse(abi.baseline("libsecscan"))
        drop(before.getroot(), "secscan_scan_buffer")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "before.abi")
            before.write(path)
            self.assertEqual(
                abi.difference(path, abi.baseline("libsecscan")), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
