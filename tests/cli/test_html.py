"""test_html.py: the HTML report in headless Chromium: what is scanned stays text,
nothing is loaded, and the page can be used with a keyboard."""

import json
import re
import unittest

import chromium
import harness

TOKEN = "ghp_{base62:30}{crc32}"
ATTACK = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1>"
NAME = "a\"'><img src=x onerror=window.hit=1>&lt;\u202e.env"
READY = "document.documentElement.dataset.ready"


def data_of(text, name):
    return json.loads(re.search(
        r'<script type="application/json" id="%s">(.*?)</script>' % name, text,
        re.S).group(1))


class HtmlTest(harness.Case):
    def hostile(self):
        """Names, authors, messages and lines that would like to run."""
        repo = self.repo("</title><script>window.hit=1")
        self.token = harness.expand(TOKEN)
        repo.commit("start", {"README": "x\n"})
        repo.commit(ATTACK + " javascript:window.hit=1", {
            NAME: "T = '%s' // %s <!-- <script>\n" % (self.token, ATTACK),
            "d/__proto__": "T = '%s'\n" % harness.expand(TOKEN, 2)},
            author="--><svg onload=window.hit=1> <a@\"onload=window.hit=1>")
        repo.commit("gone", {"d/__proto__": None})
        return repo

    def report(self, repo):
        run = self.secscan("-f", "html", "-o", "report.html", "--history",
                           repo.path)
        self.assertRun(run, 1)
        with open(self.path("report.html"), encoding="utf-8") as file:
            return file.read()

    def page(self, **how):
        page = chromium.Page(self.path("report.html"), self.dir, **how)
        self.addCleanup(page.close)
        page.wait(READY)
        return page

    # ---- the file

    def test_html__data_is_the_json_report(self):
        repo = self.hostile()
        text = self.report(repo)
        run = self.secscan("-f", "json", "--history", repo.path)
        self.assertEqual(data_of(text, "report"), run.json())

    def test_html__commits_have_their_dates(self):
        text = self.report(self.hostile())
        commits = data_of(text, "run")["commits"]
        removed = [f["removed"] for f in data_of(text, "report")["findings"]
                   if f["removed"]]
        self.assertEqual(len(removed), 1)
        self.assertEqual(commits[removed[0][0]]["date"],
                         "2026-11-21T10:03:00+01:00")

    def test_html__no_scanned_text_is_markup(self):
        text = self.report(self.hostile())
        data = text[text.index('id="report"'):text.rindex("<script>")]
        self.assertEqual(re.findall(r"<[^/!]\w*", data), ["<script"])
        self.assertNotIn(self.token[4:], text)

    def test_html__the_policy_allows_its_own_script_only(self):
        text = self.report(self.hostile())
        policy = re.search(r'Content-Security-Policy" content="(.*?)"',
                           text).group(1)
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertIsNone(re.search(r"https?://(?!docs\.)", text[
            :text.index('id="report"')]))

    # ---- the page

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__nothing_runs_and_nothing_is_loaded(self):
        self.report(self.hostile())
        page = self.page()
        page.evaluate("document.querySelectorAll('#list .toggle')"
                      ".forEach(b => b.click())")
        for group in ("rule", "author", "path", ""):
            page.evaluate("group.value = '%s', group.dispatchEvent("
                          "new Event('change'))" % group)
        self.assertIsNone(page.evaluate("window.hit"))
        self.assertEqual(page.evaluate(
            "document.querySelectorAll('img,svg,iframe,a[href^=java]').length"),
            0)
        self.assertEqual(page.requests,
                         ["file://" + self.path("report.html")])
        self.assertEqual(page.messages, [])
        shown = page.evaluate("list.textContent")
        self.assertIn("onerror=window.hit=1>&lt;", shown)

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__the_policy_stops_what_got_in(self):
        self.report(self.hostile())
        page = self.page()
        page.evaluate("(() => { const s = document.createElement('img');"
                      "s.src = 'http://127.0.0.1:9/x'; document.body.append(s);"
                      "return new Promise(r => setTimeout(r, 100)); })()")
        self.assertIn("refused", page.evaluate(
            "(() => { try { document.body.innerHTML = '<img src=x>'; }"
            "catch { return 'refused'; } })()"))
        self.assertTrue(any("Content Security Policy" in json.dumps(m)
                            for m in page.messages))

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__it_filters_and_shows(self):
        self.report(self.hostile())
        page = self.page()
        self.assertEqual(page.evaluate("shown.textContent"), "2 findings")
        self.assertFalse(page.evaluate("timeline.hidden"))
        page.evaluate("query.value = '__proto__', query.dispatchEvent("
                      "new Event('input'))")
        page.wait("shown.textContent === '1 of 2 findings'")
        page.evaluate("document.querySelector('#list .toggle').click()")
        detail = page.evaluate("document.querySelector('.detail').textContent")
        self.assertIn("Delete the token", detail)
        self.assertIn("Removed by", detail)
        self.assertIn("secscan allow s1:", detail)

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__a_keyboard_is_enough(self):
        self.report(self.hostile())
        page = self.page()
        page.press("/")
        self.assertEqual(page.evaluate("document.activeElement.id"), "query")
        page.evaluate("document.querySelector('#list .toggle').focus()")
        page.press("Enter")
        self.assertEqual(page.evaluate("document.activeElement"
                                       ".getAttribute('aria-expanded')"), "true")
        unnamed = page.evaluate(
            "[...document.querySelectorAll('button,input,select')].filter(e =>"
            "!(e.textContent.trim() || e.getAttribute('aria-label') ||"
            "(e.labels && e.labels.length))).length")
        self.assertEqual(unnamed, 0)
        self.assertEqual(page.evaluate(
            "['header', 'main', 'footer'].every("
            "n => document.querySelector(n)) && document.documentElement.lang"),
            "en")

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__it_is_dark_where_that_is_preferred(self):
        self.report(self.hostile())
        page = self.page(dark=True, width=390)
        color = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(page.evaluate(color), "rgb(20, 23, 28)")
        page.evaluate("theme.click()")
        self.assertEqual(page.evaluate(color), "rgb(246, 247, 249)")
        self.assertLessEqual(page.evaluate(
            "document.documentElement.scrollWidth"), 390)

    @unittest.skipUnless(chromium.PROGRAM, "no Chromium")
    def test_html__it_prints(self):
        self.report(self.hostile())
        self.assertTrue(self.page().pdf().startswith(b"%PDF"))

    def test_html__a_clean_scan_has_a_page_too(self):
        self.write("a", "hello\n")
        run = self.secscan("-f", "html", "a")
        self.assertRun(run, 0)
        self.assertEqual(data_of(run.out, "run")["verdict"], "PASSED")


if __name__ == "__main__":
    harness.main()
