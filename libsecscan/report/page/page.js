/* The report's page. All that was scanned arrives as JSON in elements that do not
 * run, and reaches the page as text nodes only: no markup is ever made of it. */
"use strict";
(() => {
  const SEVERITIES = ["critical", "high", "medium", "low", "info"];
  const EVIDENCE = ["checksum", "structure", "pattern", "context"];
  const PAGE = 100;      /* rows that are shown at a time */
  const TOPS = 8;        /* rules, authors and paths that are listed */
  const MAX_BARS = 60;
  const MAX_PRINTED = 2000;
  const DAY = 86400000;

  const $ = (id) => document.getElementById(id);
  const read = (id) => JSON.parse($(id).textContent);
  const report = read("report"), run = read("run");
  const number = new Intl.NumberFormat("en");
  const count = (n, one, many) => number.format(n) + " " + (n === 1 ? one : many || one + "s");

  /* An element; strings become text. */
  function make(name, props, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(props || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key === "on") element.addEventListener("click", value);
      else if (key === "class") element.className = value;
      else element.setAttribute(key, value === true ? "" : value);
    }
    for (const child of children.flat())
      if (child !== null && child !== undefined && child !== "") element.append(child);
    return element;
  }

  /* ---- the findings as the page needs them ------------------------------- */

  const commits = run.commits;
  const timeOf = (id) => {
    const commit = Object.prototype.hasOwnProperty.call(commits, id) ? commits[id] : null;
    const time = commit && commit.date ? Date.parse(commit.date) : NaN;
    return Number.isNaN(time) ? null : time;
  };
  const kindOfUnit = (f) => f.source.replace(/-/g, " ");
  const unit = (place) => place.path !== null && place.path !== "" ? place.path
    : kindOfUnit(place) + (place.object ? " " + place.object.slice(0, 10) : "");
  const where = (place) => unit(place) + (place.line_start ? ":" + place.line_start + ":" + place.column_start : "");
  const written = (place) => (place.encodings.length ? " (" + place.encodings.join(" > ") + ")" : "");

  const all = report.findings.map((f, i) => {
    const entered = f.commits.map(timeOf).filter((t) => t !== null);
    const left = f.removed.map(timeOf).filter((t) => t !== null);
    return {
      f, i, entered, left, id: "f" + i,
      added: f.date ? Date.parse(f.date) : null,
      unit: unit(f), author: f.author,
      sev: SEVERITIES.indexOf(f.severity),
      rank: (f.gates ? 0 : 1e6) + SEVERITIES.indexOf(f.severity) * 1e5 +
        EVIDENCE.indexOf(f.evidence) * 1e4 + (100 - f.confidence),
      hay: [f.rule, f.description, f.category, f.path, f.author, f.email, f.commit, f.subject, f.fingerprint,
        f.secret, f.object, f.submodule, ...f.encodings, ...f.refs, ...f.also, ...f.places.slice(0, 20).map((p) => p.path || p.object)]
        .filter(Boolean).join("\n").toLowerCase(),
    };
  });

  /* ---- what is asked for ---------------------------------------------------- */

  const STATUSES = [
    ["all", "all findings", () => true],
    ["gates", "what gates", (x) => x.f.gates],
    ["head", "still in HEAD", (x) => x.f.in_head === true],
    ["gone", "in the history only", (x) => x.f.in_head === false],
    ["unreachable", "that no ref reaches", (x) => x.f.reach !== null && x.f.reach !== "ref" && x.f.reach !== "none"],
    ["suppressed", "suppressed", (x) => Boolean(x.f.suppressed_by)],
  ];
  const state = { query: "", severities: new Set(SEVERITIES), status: "all", rule: null, author: null, path: null,
    period: null, group: "", sort: "worst", rows: PAGE };
  const SORTS = {
    worst: (a, b) => a.rank - b.rank || a.i - b.i,
    newest: (a, b) => (b.added ?? -Infinity) - (a.added ?? -Infinity) || a.i - b.i,
    oldest: (a, b) => (a.added ?? Infinity) - (b.added ?? Infinity) || a.i - b.i,
    path: (a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : a.i - b.i),
  };
  const within = (times, period) => times.some((t) => t >= period.from && t < period.to);

  function matches(x, without) {
    if (!state.severities.has(x.f.severity)) return false;
    if (!STATUSES.find((s) => s[0] === state.status)[2](x)) return false;
    if (without !== "rule" && state.rule !== null && x.f.rule !== state.rule) return false;
    if (without !== "author" && state.author !== null && x.author !== state.author) return false;
    if (without !== "path" && state.path !== null && x.unit !== state.path) return false;
    if (without !== "period" && state.period && !within(x.entered, state.period) && !within(x.left, state.period)) return false;
    return state.query.split(/\s+/).every((word) => x.hay.includes(word));
  }
  const wanted = (without) => all.filter((x) => matches(x, without));

  /* ---- the head ---------------------------------------------------------------- */

  function showHead() {
    const target = report.target || "standard input";
    const named = target === "." ? "this directory" : target;
    document.title = run.verdict + ": secrets in " + named + " (secscan)";
    $("target").textContent = "Secrets in " + named;
    const when = run.began ? new Date(run.began).toISOString().replace("T", " ").slice(0, 16) + " UTC" : null;
    $("about").textContent = [when, "mode " + report.coverage.mode,
      report.coverage.range ? "range " + report.coverage.range : null,
      "secscan " + report.tool.version, count(report.tool.n_rules, "rule") +
      (report.tool.rules_version ? " (" + report.tool.rules_version + ")" : "")].filter(Boolean).join(" \u00b7 ");
    const gating = all.filter((x) => x.f.gates).length;
    const verdict = $("verdict");
    verdict.className = "verdict " + (report.exit_code === 0 ? "good" : report.exit_code === 3 ? "half" : "bad");
    verdict.append(run.verdict, make("span", null, " " + (gating ? count(gating, "secret")
      : all.length ? "nothing that gates" : "no secrets") +
      (report.complete ? ", complete" : ", but not everything was read") + ", exit " + report.exit_code));
    if (!report.complete) {
      $("incomplete").hidden = false;
      $("incomplete").append(make("b", null, "Not everything was read. "),
        report.coverage.warning || "What is missing is listed under \u201cWhat was read\u201d.");
    }
  }

  function setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    $("theme").textContent = isDark ? "Light theme" : "Dark theme";
    $("theme").onclick = () => {
      const next = isDark ? "light" : "dark";
      try { localStorage.setItem("secscan-theme", next); } catch { /* a file may have no storage */ }
      setTheme(next);
    };
  }

  /* ---- tiles -------------------------------------------------------------------- */

  function tile(n, label, cls, pressed, on) {
    const body = [make("b", { class: cls }, number.format(n)), make("span", null, label)];
    return make("li", null, on ? make("button", { type: "button", "aria-pressed": String(pressed), on }, body)
      : make("div", { class: "tile" }, body));
  }

  function showTiles() {
    const tiles = SEVERITIES.map((severity) => {
      const n = all.filter((x) => x.f.severity === severity).length;
      const only = state.severities.size === 1 && state.severities.has(severity);
      return n ? tile(n, severity, severity, only, () => {
        state.severities = new Set(only ? SEVERITIES : [severity]);
        update();
      }) : null;
    });
    for (const [id, label] of [["head", "still in HEAD"], ["gone", "in the history only"]]) {
      const n = all.filter(STATUSES.find((s) => s[0] === id)[2]).length;
      if (n) tiles.push(tile(n, label, "", state.status === id, () => {
        state.status = state.status === id ? "all" : id;
        update();
      }));
    }
    const secrets = new Set(all.map((x) => x.f.fingerprint)).size;
    if (secrets !== all.length) tiles.push(tile(secrets, "different secrets", ""));
    tiles.push(tile(new Set(all.map((x) => x.f.rule)).size, "kinds", ""));
    $("tiles").replaceChildren(...tiles.filter(Boolean));
  }

  /* ---- timeline -------------------------------------------------------------------- */

  const UNITS = [
    ["day", (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate()), (d) => d.setUTCDate(d.getUTCDate() + 1), 10],
    ["week", (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate() - (d.getUTCDay() + 6) % 7),
      (d) => d.setUTCDate(d.getUTCDate() + 7), 10],
    ["month", (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth()), (d) => d.setUTCMonth(d.getUTCMonth() + 1), 7],
    ["quarter", (d) => Date.UTC(d.getUTCFullYear(), d.getUTCMonth() - d.getUTCMonth() % 3),
      (d) => d.setUTCMonth(d.getUTCMonth() + 3), 7],
    ["year", (d) => Date.UTC(d.getUTCFullYear(), 0), (d) => d.setUTCFullYear(d.getUTCFullYear() + 1), 4],
    ["decade", (d) => Date.UTC(d.getUTCFullYear() - d.getUTCFullYear() % 10, 0),
      (d) => d.setUTCFullYear(d.getUTCFullYear() + 10), 4],
  ];

  /* Periods of one length from the first to the last time; clocks may lie, so
   * what lies outside of 1990 to 2100 is left to the table of findings. */
  function makePeriods(times) {
    const sane = times.filter((t) => t > Date.UTC(1990, 0) && t < Date.UTC(2100, 0));
    if (!sane.length) return [];
    const first = sane.reduce((a, b) => Math.min(a, b)), last = sane.reduce((a, b) => Math.max(a, b));
    for (const [name, start, step, digits] of UNITS) {
      const periods = [];
      for (let at = new Date(start(new Date(first))); at.getTime() <= last && periods.length <= MAX_BARS;) {
        const from = at.getTime();
        step(at);
        periods.push({ from, to: at.getTime(), entered: 0, left: 0,
          name: (name === "week" ? "week of " : "") + new Date(from).toISOString().slice(0, digits) +
            (name === "quarter" ? " (quarter)" : ""), short: new Date(from).toISOString().slice(0, digits) });
      }
      if (periods.length <= MAX_BARS) return periods;
    }
    return [];
  }

  const periods = makePeriods(all.flatMap((x) => [...x.entered, ...x.left]));

  function countPeriods(list) {
    for (const p of periods) p.entered = p.left = 0;
    const add = (t, key) => {
      let low = 0, high = periods.length;
      while (low < high) { const mid = (low + high) >> 1; if (periods[mid].to <= t) low = mid + 1; else high = mid; }
      if (low < periods.length && t >= periods[low].from) periods[low][key]++;
    };
    for (const x of list) {
      x.entered.forEach((t) => add(t, "entered"));
      x.left.forEach((t) => add(t, "left"));
    }
  }

  function bar(n, max, cls) {
    const i = make("i", { class: cls });
    i.style.height = n ? Math.max(3, 100 * n / max) + "%" : "0";
    return i;
  }

  function showTimeline() {
    $("timeline").hidden = !periods.length;
    if (!periods.length) return;
    countPeriods(wanted("period"));
    /* One scale for both; each side gets the room that its highest bar needs. */
    const most = (key) => Math.max(...periods.map((p) => p[key]));
    const entered = most("entered"), left = most("left"), max = Math.max(1, entered, left);
    const side = (cls, n, most, color) => {
      const span = make("span", { class: cls }, bar(n, Math.max(1, most), color));
      span.style.flexGrow = String(Math.max(most / max, 0.08));
      return span;
    };
    const every = Math.ceil(periods.length / 8);
    const current = Math.max(0, periods.findIndex((p) => state.period && p.from === state.period.from));
    $("bars").replaceChildren(...periods.map((p, i) => make("li", null,
      make("button", { type: "button", tabindex: i === current ? "0" : "-1",
        "aria-pressed": String(Boolean(state.period && state.period.from === p.from)),
        title: p.name + ": " + p.entered + " entered, " + p.left + " left",
        "aria-label": p.name + ": " + p.entered + " entered, " + p.left + " left",
        on: () => { state.period = state.period && state.period.from === p.from ? null : p; update(); $("bars").children[i].firstChild.focus(); } },
      side("up", p.entered, entered, "in"), side("down", p.left, left, "out")),
      i % every === 0 && (i + every <= periods.length || i === periods.length - 1)
        ? make("small", { "aria-hidden": "true", class: i / every % 2 ? "half" : null }, p.short) : null)));
    $("bars-table").tBodies[0].replaceChildren(...periods.filter((p) => p.entered || p.left).map((p) => make("tr", null,
      make("th", { scope: "row" }, p.name), make("td", null, number.format(p.entered)), make("td", null, number.format(p.left)))));
  }

  function moveBar(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (!step) return;
    const buttons = [...$("bars").querySelectorAll("button")];
    const at = Math.min(buttons.length - 1, Math.max(0, buttons.indexOf(document.activeElement) + step));
    buttons.forEach((b, i) => b.setAttribute("tabindex", i === at ? "0" : "-1"));
    buttons[at].focus();
    event.preventDefault();
  }

  /* ---- rules, authors, paths ------------------------------------------------------------ */

  const tallies = (list, key) => {
    const n = new Map();
    for (const x of list) { const k = key(x); if (k !== null && k !== undefined) n.set(k, (n.get(k) || 0) + 1); }
    return [...n].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  };
  const KEYS = { rule: (x) => x.f.rule, author: (x) => x.author, path: (x) => x.unit };

  function showTops(id, what) {
    const list = tallies(wanted(what), KEYS[what]);
    const max = list.length ? list[0][1] : 1;
    const items = list.slice(0, TOPS);
    const chosen = state[what] !== null && !items.some(([name]) => name === state[what])
      ? list.filter(([name]) => name === state[what]) : [];
    $(id).replaceChildren(...[...items, ...chosen].map(([name, n]) => {
      const share = make("i", { "aria-hidden": "true" });
      share.style.width = 100 * n / max + "%";
      return make("li", null, make("button", { type: "button", title: name, "aria-pressed": String(state[what] === name),
        on: () => { state[what] = state[what] === name ? null : name; update(); } },
      share, make("span", { class: "name" }, name), make("span", { class: "n" }, number.format(n))));
    }), ...(list.length > TOPS ? [make("li", null, make("p", null, "and " + number.format(list.length - TOPS) +
      " more: group the findings by " + what))] : []));
  }

  /* ---- the table --------------------------------------------------------------------------- */

  const day = (date) => date ? date.slice(0, 10) : "";

  function nowOf(f) {
    if (f.suppressed_by && !f.gates) return make("span", { class: "pill" }, "suppressed: " + f.suppressed_by);
    if (f.in_head === true) return make("span", { class: "pill live" }, "in HEAD");
    if (f.reach && f.reach !== "none") return make("span", { class: "pill" }, f.reach === "ref" ? "in the history" : f.reach + " only");
    return make("span", { class: "pill live" }, "in " + (f.source === "file" ? "the files" : "the " + kindOfUnit(f)));
  }

  function makeRow(x) {
    const f = x.f;
    const toggle = make("button", { type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": x.id,
      on: () => toggleRow(row, x) }, make("span", { class: "sev " + f.severity }, f.severity));
    const row = make("tr", null,
      make("td", null, toggle, f.gates ? null : make("span", { class: "sub" }, "report only")),
      make("td", { class: "what" }, make("b", null, f.description),
        make("span", { class: "sub" }, f.secret === null ? "" : make("code", null, f.secret), " ", f.rule)),
      make("td", null, make("code", null, where(f)), written(f),
        f.places.length > 1 ? make("span", { class: "sub" }, "and " + count(f.places.length - 1, "other place")) : null),
      make("td", null, f.commit ? [day(f.date), make("span", { class: "sub" }, f.author || "")] : ""),
      make("td", null, nowOf(f)));
    return row;
  }

  function toggleRow(row, x) {
    const toggle = row.querySelector(".toggle");
    const isOpen = toggle.getAttribute("aria-expanded") === "true";
    toggle.setAttribute("aria-expanded", String(!isOpen));
    row.classList.toggle("open", !isOpen);
    if (isOpen) row.nextElementSibling.remove();
    else row.after(make("tr", { class: "detail", id: x.id }, make("td", { colspan: "5" }, makeDetail(x))));
  }

  /* The line, with the masked secret marked in it. */
  function excerpt(f) {
    const pre = make("pre", null);
    const at = f.secret ? f.line.indexOf(f.secret) : -1;
    if (at < 0) pre.append(f.line);
    else pre.append(f.line.slice(0, at), make("mark", null, f.secret), f.line.slice(at + f.secret.length));
    return pre;
  }

  function commitText(id) {
    const c = Object.prototype.hasOwnProperty.call(commits, id) ? commits[id] : {};
    return [make("code", null, id.slice(0, 10)), " ", day(c.date), c.author ? " " + c.author : "",
      c.subject ? " \u2014 " + c.subject : ""];
  }

  function listOf(items, each, max) {
    const list = make("ul", null, items.slice(0, max).map((item) => make("li", null, each(item))));
    if (items.length > max) list.append(make("li", null, "and " + number.format(items.length - max) + " more"));
    return list;
  }

  const quote = (s) => (/^[\w./@%+:,-]+$/.test(s) ? s : "'" + s.replace(/'/g, "'\\''") + "'");

  function makeDetail(x) {
    const f = x.f, facts = make("dl", { class: "facts" });
    const fact = (name, ...value) => { if (value.flat().some(Boolean)) facts.append(make("dt", null, name), make("dd", null, ...value)); };
    const others = f.places.slice(1);
    fact("Why", f.evidence + ", " + f.confidence + "% sure" + (f.reason ? ": " + f.reason : ""));
    f.parts.forEach((p) => fact("With", (p.role || p.rule) + " ", make("code", null, p.secret), ", line " + p.line_start));
    if (f.commit) fact(f.boundary ? "Added at or before" : f.known ? "Repeated by" : "Added by", listOf(f.commits, commitText, 10));
    if (f.email) fact("Author", f.author + " <" + f.email + ">");
    if (f.removed.length) fact("Removed by", listOf(f.removed, commitText, 10));
    if (f.n_commits !== null) fact("Held by", count(f.n_commits, "commit") + ", at " + count(f.n_paths, "path"));
    if (f.refs.length) fact("Refs", listOf(f.refs, (r) => make("code", null, r), 8),
      f.n_refs > f.refs.length ? "of " + number.format(f.n_refs) : "");
    if (others.length) fact("Also at", listOf(others, (p) => [make("code", null, where(p)), written(p)], 20));
    if (f.submodule) fact("Submodule", make("code", null, f.submodule));
    if (f.also.length) fact("Also matches", f.also.join(", "));
    if (f.suppressed_by) fact("Suppressed", f.suppressed_by + (f.suppressed_reason ? ": " + f.suppressed_reason : ""));
    fact("Object", f.object ? make("code", null, f.object) : "");
    fact("Id", make("code", null, f.fingerprint));
    fact("Not a secret?", make("code", null, "secscan allow " + f.fingerprint +
      (f.path ? " --path " + quote(f.path) : "") + ' --reason "..."'));
    return [f.line !== null ? excerpt(f) : null,
      make("p", { class: "advice" }, make("b", null, "What to do: "),
        f.advice || "Revoke it where it was issued, issue a new one, and keep that out of the repository."), facts];
  }

  function groupRows(list) {
    const key = KEYS[state.group], groups = new Map();
    for (const x of list) {
      const k = key(x) ?? "no author";
      if (!groups.has(k)) groups.set(k, []);
      groups.get(k).push(x);
    }
    return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  }

  function makeGroup([name, list], i) {
    const body = make("tbody", null);
    const toggle = make("button", { type: "button", class: "toggle", "aria-expanded": "false", on: () => {
      const isOpen = toggle.getAttribute("aria-expanded") === "true";
      toggle.setAttribute("aria-expanded", String(!isOpen));
      while (body.children.length > 1) body.lastChild.remove();
      if (!isOpen) fill(body, list, 0);
    } }, make("span", null, name), make("span", { class: "n" }, count(list.length, "finding")));
    body.append(make("tr", { class: "group" }, make("th", { colspan: "5", scope: "rowgroup" }, toggle)));
    if (i < 3 && list.length <= PAGE) toggle.click();
    return body;
  }

  /* Rows of a group, a page at a time. */
  function fill(body, list, from) {
    list.slice(from, from + PAGE).forEach((x) => body.append(makeRow(x)));
    if (list.length <= from + PAGE) return;
    const row = make("tr", null, make("td", { colspan: "5", class: "more-cell" }, make("button", { type: "button", on: () => {
      row.remove();
      fill(body, list, from + PAGE);
    } }, "Show more of " + number.format(list.length))));
    body.append(row);
  }

  function moreButtons(n, shown, what) {
    if (shown >= n) return [];
    const more = (rows, label) => make("button", { type: "button", on: () => { state.rows = rows; showList(); } }, label);
    return [more(state.rows + PAGE, "Show " + Math.min(PAGE, n - shown) + " more"),
      n - shown > PAGE && n <= 5000 ? more(n, "Show all " + number.format(n) + " " + what) : null].filter(Boolean);
  }

  function showList() {
    const list = wanted().sort(SORTS[state.sort]);
    const table = $("list");
    while (table.tBodies.length) table.tBodies[0].remove();
    let shown = list.length, n = list.length, what = "findings";
    if (state.group) {
      const groups = groupRows(list);
      n = groups.length;
      shown = Math.min(n, state.rows);
      what = "groups";
      groups.slice(0, shown).forEach((g, i) => table.append(makeGroup(g, i)));
    } else {
      shown = Math.min(n, state.rows);
      table.append(make("tbody", null, list.slice(0, shown).map(makeRow)));
    }
    table.parentElement.hidden = !list.length;
    $("shown").textContent = (list.length === all.length ? count(all.length, "finding")
      : number.format(list.length) + " of " + count(all.length, "finding")) +
      (shown < n ? ", the first " + number.format(shown) + " " + what + " shown" : "");
    $("more").replaceChildren(...moreButtons(n, shown, what));
  }

  /* ---- filters ---------------------------------------------------------------------------------- */

  function showChips() {
    const chip = (text, drop) => make("li", null, make("button", { type: "button", "aria-label": "Remove filter " + text,
      on: () => { drop(); update(); } }, text + "  \u00d7"));
    const chips = [];
    for (const what of ["rule", "author", "path"])
      if (state[what] !== null) chips.push(chip(what + ": " + state[what], () => { state[what] = null; }));
    if (state.period) chips.push(chip("entered or left: " + state.period.name, () => { state.period = null; }));
    if (state.query) chips.push(chip("search: " + state.query, () => { state.query = ""; }));
    $("chips").replaceChildren(...chips);
  }

  function showFilters() {
    const present = SEVERITIES.filter((s) => all.some((x) => x.f.severity === s));
    $("severities").replaceChildren(...present.map((severity) => {
      const box = make("input", { type: "checkbox", value: severity, checked: state.severities.has(severity) });
      box.addEventListener("change", () => {
        if (box.checked) state.severities.add(severity); else state.severities.delete(severity);
        update();
        $("severities").querySelector('[value="' + severity + '"]').focus();
      });
      return make("label", { class: severity }, box, " " + severity);
    }));
    if ($("query").value.trim().toLowerCase() !== state.query) $("query").value = state.query;
    for (const id of ["status", "group", "sort"]) $(id).value = state[id];
  }

  function update() {
    state.rows = PAGE;
    showTiles();
    showTimeline();
    for (const [id, what] of [["rules", "rule"], ["authors", "author"], ["paths", "path"]]) showTops(id, what);
    showFilters();
    showChips();
    showList();
  }

  function listen() {
    let timer = 0;
    $("query").addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { state.query = $("query").value.trim().toLowerCase(); update(); }, 120);
    });
    $("filters").addEventListener("submit", (event) => event.preventDefault());
    for (const id of ["status", "group", "sort"])
      $(id).addEventListener("change", () => { state[id] = $(id).value; update(); });
    $("clear").addEventListener("click", () => {
      Object.assign(state, { query: "", severities: new Set(SEVERITIES), status: "all", rule: null, author: null, path: null, period: null });
      update();
    });
    $("bars").addEventListener("keydown", moveBar);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
      event.preventDefault();
      $("query").focus();
    });
    addEventListener("beforeprint", () => { state.rows = MAX_PRINTED; showList(); });
    addEventListener("afterprint", () => { state.rows = PAGE; showList(); });
  }

  /* ---- what was read -------------------------------------------------------------------------------- */

  function showRead() {
    const c = report.coverage, facts = $("coverage");
    const fact = (name, value) => { if (value) facts.append(make("dt", null, name), make("dd", null, value)); };
    for (const key of ["commits", "files", "blobs", "trees", "tags", "refs", "objects", "units", "containers", "members"])
      fact(key, c[key] ? number.format(c[key]) : "");
    fact("bytes", number.format(c.bytes));
    fact("decoded", c.decoded_bytes ? number.format(c.decoded_bytes) + " bytes" : "");
    fact("profile", c.profile);
    fact("found clean earlier", c.cached ? number.format(c.cached) : "");
    fact("not listed", c.unlisted ? count(c.unlisted, "finding") + ", by --min-severity and its like" : "");
    fact("suppressed", c.suppressed ? number.format(c.suppressed) +
      (c.suppressed_by && c.suppressed_by.length ? " (" + c.suppressed_by.map((s) => s.count + " by " + s.by).join(", ") + ")" : "") : "");
    fact("warning", c.warning);
    if (!report.skipped.length) return;
    const skips = [...report.skipped].sort((a, b) => b.incomplete - a.incomplete);
    $("skips").append(make("h3", null, "Not scanned"), make("div", { class: "table" }, make("table", null,
      make("thead", null, make("tr", null, ["What", "Why", "So"].map((t) => make("th", { scope: "col" }, t)))),
      make("tbody", null, skips.slice(0, 500).map((s) => make("tr", null,
        make("td", null, make("code", null, s.path ?? s.object ?? "")), make("td", null, s.reason + (s.detail ? ": " + s.detail : "")),
        make("td", null, s.incomplete ? make("b", { class: "high" }, "incomplete") : "noted")))))));
    if (skips.length > 500) $("skips").append(make("p", null, "and " + number.format(skips.length - 500) + " more"));
  }

  function start() {
    let theme = null;
    try { theme = localStorage.getItem("secscan-theme"); } catch { /* none */ }
    setTheme(theme === "dark" || theme === "light" ? theme : null);
    const shown = STATUSES.filter(([id, , test]) => id === "all" || all.some(test));
    $("status").replaceChildren(...shown.map(([id, label]) => make("option", { value: id }, label)));
    if (!all.some((x) => x.author !== null)) {
      $("authors-box").hidden = true;
      $("group").querySelector('[value="author"]').remove();
    }
    if (location.hash.startsWith("#s1:")) state.query = location.hash.slice(1).toLowerCase();
    $("where").hidden = !all.length;
    showHead();
    showRead();
    listen();
    update();
    document.documentElement.dataset.ready = "1";
  }

  start();
})();
