"use strict";
// Everything shown comes from the JSON in #data and, only when it is shown, from the blocks of pictures.
const data = JSON.parse(document.getElementById("data").textContent);
const findings = data.findings;
const byId = (id) => document.getElementById(id);

// ---- Building blocks ----

// element("p", {class: "x", onclick: f}, "text", child, ...); text is never taken for HTML.
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  set(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}
function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(node, attributes);
  node.append(...children);
  return node;
}
function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") node.style.cssText = value;
    else node.setAttribute(key, value);
  }
}
const badge = (text, kind = "") => element("span", {class: `badge ${kind}`}, text);
const count = (n) => n.toLocaleString("en");
const many = (n, one, more) => `${count(n)} ${n === 1 ? one : more}`;
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
function figure(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 100 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}
function quantile(sorted, share) {
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * share, below = Math.floor(at);
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (at - below);
}
const sorted = (values) => Float64Array.from(values).sort();
const median = (values) => quantile(sorted(values), 0.5);
const mean = (values) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length);

// ---- Light and dark ----

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
let chosenTheme = null;
try { chosenTheme = localStorage.getItem("dflare-theme"); } catch { /* not allowed for this file */ }
function showTheme() {
  const theme = chosenTheme ?? (systemIsDark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  byId("theme").textContent = theme === "dark" ? "☀ Light" : "☾ Dark";
}
byId("theme").addEventListener("click", () => {
  chosenTheme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  try { localStorage.setItem("dflare-theme", chosenTheme); } catch { /* lasts as long as the page */ }
  showTheme();
});
systemIsDark.addEventListener("change", showTheme);
showTheme();

// ---- Pictures ----

const picturesInBlock = 100;  // page.cpp has the same number
const blocks = new Map();
function pictureUrl(number) {
  const block = Math.floor(number / picturesInBlock);
  if (!blocks.has(block)) blocks.set(block, JSON.parse(byId(`pictures-${block}`).textContent));
  return `data:image/png;base64,${blocks.get(block)[number % picturesInBlock]}`;
}
async function pixelsOf(number) {
  const image = new Image();
  image.src = pictureUrl(number);
  await image.decode();
  const canvas = element("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
// As difference.png: 128 where nothing differs, else 128 + gain * (mutant - seed).
async function drawDifference(canvas, finding) {
  const [seed, mutant] = await Promise.all(finding.pictures.map(pixelsOf));
  const result = new ImageData(mutant.width, mutant.height);
  for (let i = 0; i < result.data.length; ++i)
    result.data[i] = i % 4 === 3 ? 255 : 128 + finding.gain * (mutant.data[i] - seed.data[i]);
  canvas.width = mutant.width;
  canvas.height = mutant.height;
  canvas.getContext("2d").putImageData(result, 0, 0);
  canvas.dataset.drawn = "yes";
}
function pictures(finding, large) {
  const kind = `picture${finding.thumbnail ? " thumbnail" : ""}`;
  const parts = ["seed", "mutant"].map((what, i) => {
    const image = element("img", {class: kind, alt: large ? `${what} of ${finding.seed}` : "", src: pictureUrl(finding.pictures[i])});
    if (large && finding.thumbnail) showFile(image, `${finding.url}/${what}.png`);
    return element("figure", {}, image, element("figcaption", {}, caption(finding, what, large)));
  });
  const canvas = element("canvas", {class: kind, role: "img", "aria-label": "difference, amplified"});
  drawDifference(canvas, finding).catch(() => { canvas.dataset.drawn = "no"; });
  const amplified = large ? `difference, amplified ${figure(finding.gain)} times` : "difference";
  parts.push(element("figure", {}, canvas, element("figcaption", {}, large ? fileLink(finding, "difference", amplified) : amplified)));
  return element("div", {class: "pictures"}, ...parts);
}
const caption = (finding, what, large) => (large ? fileLink(finding, what, what) : what);
const fileLink = (finding, what, text) => element("a", {href: `${finding.url}/${what}.png`, target: "_blank", rel: "noopener", style: "color:inherit"}, text);
// The whole picture in place of its thumbnail, where the findings' files are still beside the report.
function showFile(image, url) {
  const whole = new Image();
  whole.onload = () => { image.src = url; };
  whole.src = url;
}

// ---- What is chosen: filters, order, and the finding that is open; kept in the address ----

const controls = ["pair", "original", "compressed", "kind", "repaired", "right", "regret", "seed", "sort"];
const defaults = {sort: "regret", direction: "down"};
// What links call a pair: its name, which a number follows where an earlier pair has it.
const pairKeys = data.pairs.map((pair, i) => {
  const before = data.pairs.slice(0, i).filter((other) => other.name === pair.name).length;
  return before === 0 ? pair.name : `${pair.name}~${before + 1}`;
});
let direction = "down", shown = [], open = null;

// What findings can be sorted by: as page_data.cpp calls it, and in words.
const orders = [["regret", "regret"], ["margin", "margin"], ["queries", "queries"], ["l_inf", "L-inf"], ["l2", "L2"], ["ssim", "SSIM"], ["position", "seed"]];

function options(select, values) {
  select.replaceChildren(element("option", {value: ""}, "all"), ...values.map(([value, text]) => element("option", {value}, text)));
}
function fillControls() {
  byId("sort").replaceChildren(...orders.map(([value, text]) => element("option", {value}, text)));
  options(byId("pair"), data.pairs.map((pair, i) => [pairKeys[i], pairKeys[i]]));
  const labels = (i) => [...new Set(findings.map((f) => f.labels[i]))].sort((a, b) => a - b).map((l) => [String(l), String(l)]);
  options(byId("original"), labels(0));
  options(byId("compressed"), labels(1));
  byId("right-filter").hidden = !findings.some((f) => f.label !== null);
  byId("repaired-filter").hidden = !findings.some((f) => f.repaired !== undefined);
}
function matches(finding, wanted) {
  if (wanted.pair !== "" && pairKeys[finding.pair] !== wanted.pair) return false;
  if (wanted.original !== "" && finding.labels[0] !== Number(wanted.original)) return false;
  if (wanted.compressed !== "" && finding.labels[1] !== Number(wanted.compressed)) return false;
  if (wanted.kind !== "" && finding.as_it_is !== (wanted.kind === "as-it-is")) return false;
  if (wanted.right !== "" && rightOf(finding) !== wanted.right) return false;
  if (wanted.regret !== "" && finding.regret < Number(wanted.regret)) return false;
  if (wanted.repaired === "yes" && finding.repaired !== true) return false;
  if (wanted.repaired === "no" && finding.repaired !== false) return false;
  if (wanted.repaired === "control" && !(finding.repaired === true && finding.control === false)) return false;
  if (wanted.repaired === "worse" && !(finding.repaired === false && finding.control === true)) return false;
  return wanted.seed === "" || finding.seed.toLowerCase().includes(wanted.seed.toLowerCase());
}
// Which model says the true class; null where that is not known.
function rightOf(finding) {
  if (finding.label === null) return null;
  const original = finding.labels[0] === finding.label, compressed = finding.labels[1] === finding.label;
  return original && compressed ? "both" : original ? "original" : compressed ? "compressed" : "neither";
}
function choice() {
  return Object.fromEntries(controls.map((name) => [name, byId(name).value]));
}
function update() {
  const wanted = choice();
  shown = findings.filter((finding) => matches(finding, wanted));
  const sign = direction === "down" ? -1 : 1;
  // Stable: equals stay in the order of their pairs and seeds.
  shown.sort((a, b) => sign * (a[wanted.sort] - b[wanted.sort]));
  byId("direction").textContent = direction === "down" ? "↓ largest first" : "↑ smallest first";
  byId("count").textContent = shown.length === findings.length ? many(findings.length, "finding", "findings") : `${count(shown.length)} of ${many(findings.length, "finding", "findings")}`;
  for (const row of document.querySelectorAll("#pairs tbody tr")) row.classList.toggle("chosen", wanted.pair !== "" && pairKeys[row.dataset.pair] === wanted.pair);
  showDistributions();
  layOut(true);
  rememberChoice(wanted);
}
// The address: #pair/seed of the finding that is open, then ?filter=value&... of what is chosen.
function addressOf(wanted) {
  const kept = new URLSearchParams();
  for (const name of controls) if (wanted[name] !== (defaults[name] ?? "")) kept.set(name, wanted[name]);
  if (direction !== defaults.direction) kept.set("direction", direction);
  const query = kept.toString() === "" ? "" : `?${kept}`;
  return open === null ? query : `${encodeURIComponent(pairKeys[open.pair])}/${encodeURIComponent(open.seed)}${query}`;
}
// A finding that is opened or closed is a step that the browser's buttons take back; a filter is none.
function rememberChoice(wanted = choice(), isStep = false) {
  const address = addressOf(wanted);
  if (location.hash.slice(1) === address) return;
  const url = address === "" ? location.pathname + location.search : `#${address}`;
  try { if (isStep) history.pushState(null, "", url); else history.replaceState(null, "", url); } catch { /* not allowed for this file */ }
}
function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; /* typed by hand */ }
}
// The finding that the address names is returned.
function recallChoice() {
  const address = location.hash.slice(1), begin = address.indexOf("?");
  const kept = new URLSearchParams(begin === -1 ? "" : address.slice(begin + 1));
  for (const name of controls) {
    const control = byId(name);
    control.value = kept.get(name) ?? defaults[name] ?? "";
    if (control.selectedIndex === -1) control.value = defaults[name] ?? "";
  }
  direction = kept.get("direction") === "up" ? "up" : defaults.direction;
  const [pair, seed] = (begin === -1 ? address : address.slice(0, begin)).split("/").map(decoded);
  return seed === undefined ? undefined : findings.find((f) => pairKeys[f.pair] === pair && f.seed === seed);
}
for (const name of controls) byId(name).addEventListener(name === "seed" || name === "regret" ? "input" : "change", update);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
byId("direction").addEventListener("click", () => { direction = direction === "down" ? "up" : "down"; update(); });
byId("reset").addEventListener("click", () => {
  for (const name of controls) byId(name).value = defaults[name] ?? "";
  direction = defaults.direction;
  update();
});

// ---- Repairs ----

function tableRow(what, ...cells) {
  return element("tr", {}, element("th", {scope: "row"}, what), ...cells.map((cell) => element("td", {}, ...(Array.isArray(cell) ? [cell[0], element("small", {}, cell[1])] : [cell]))));
}
function repairRows(report) {
  const models = [report.before, report.control, report.repaired];
  const rows = [];
  const add = (what, get, text) => { if (models.some((m) => get(m) !== null && get(m) !== undefined)) rows.push(tableRow(what, ...models.map((m) => (get(m) === null || get(m) === undefined ? "" : text(get(m), m))))); };
  const between = (interval, text) => `${text(interval[0])} to ${text(interval[1])}`;
  for (const which of ["worst", "first"]) {
    const key = `${which}_repaired`, all = report.repaired[key];
    if (!all) continue;
    add(`${which} unseen triggering inputs repaired, of ${count(all.inputs)}`, (m) => m[key], (r) => [percent(r.share), between(r.interval, percent)]);
    const against = report.against_control?.[which];
    if (against) rows.push(tableRow("… more than the control", "", "", [`${against.more_share >= 0 ? "+" : ""}${(100 * against.more_share).toFixed(1)} points`, `p = ${against.mcnemar_p.toPrecision(2)}`]));
  }
  // Reports of older versions have margins alone.
  const ofRegret = (m) => (m.searches.worst?.mean_worst_regret === undefined ? null : m.searches.worst);
  add("mean worst regret of a fresh search", ofRegret, (s) => [s.mean_worst_regret.toFixed(3), between(s.worst_regret_interval, (x) => x.toFixed(3))]);
  add("… largest regret", ofRegret, (s) => s.largest_regret.toFixed(3));
  add("mean worst margin", (m) => m.searches.worst, (s) => [s.mean_worst_margin.toFixed(3), between(s.worst_margin_interval, (x) => x.toFixed(3))]);
  add("seeds that deviate under everyday()", (m) => m.searches.everyday, (s) => [percent(s.rate), between(s.rate_interval, percent)]);
  add("found by boundary (first deviation)", (m) => m.searches.first, (s) => [`${count(s.deviating)} of ${count(s.seeds)}`, `mean queries ${s.mean_queries.toFixed(1)}`]);
  add("found by dflare, as in the paper", (m) => m.searches.dflare, (s) => [`${count(s.deviating)} of ${count(s.seeds)}`, `mean queries ${s.mean_queries.toFixed(1)}`]);
  add(`labels unlike the original's, ${report.before.labels.of === "test" ? "test set" : "unseen seeds"}`, (m) => m.labels, (l) => `${count(l.disagreements)} of ${count(l.images)}`);
  add(`accuracy${report.original_accuracy === null ? "" : ` (the original: ${percent(report.original_accuracy, 2)})`}`, (m) => m.accuracy, (a) => percent(a, 2));
  add("file, bytes", (m) => m.file.bytes, count);
  add("distinct weights", (m) => m.file.distinct, count);
  add("weights that are zero", (m) => m.file.zeros, count);
  return rows;
}
function curve(rounds) {
  const width = 330, height = 130, left = 44, bottom = 20;
  const values = rounds.flatMap((r) => [r.validation, r.control_validation]).filter((v) => v > 0).map(Math.log10);
  if (values.length === 0 || rounds.length < 2) return null;
  const low = Math.min(...values), high = Math.max(...values, low + 1e-9);
  const x = (i) => left + (i / (rounds.length - 1)) * (width - left - 8);
  const y = (v) => 8 + ((high - Math.log10(Math.max(v, 10 ** low))) / (high - low)) * (height - bottom - 12);
  const line = (key, name) => svg("polyline", {class: `curve ${name}`, points: rounds.map((r, i) => `${x(i)},${y(r[key])}`).join(" ")});
  return svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "validation loss of each round, repair and control"},
    line("validation", ""), line("control_validation", "control"),
    svg("text", {x: 0, y: 14}, (10 ** high).toPrecision(2)), svg("text", {x: 0, y: height - bottom}, (10 ** low).toPrecision(2)),
    ...rounds.map((r, i) => svg("text", {x: x(i), y: height - 4, "text-anchor": i === 0 ? "start" : "end"}, i === 0 ? "before" : `round ${r.number}`)));
}
const repairVerdicts = {repaired: ["repaired", "good"], gates_not_met: ["gates not met", "bad"], nothing_found: ["nothing found", "good"]};
function showRepair({name, report}) {
  const [text, kind] = repairVerdicts[report.verdict] ?? [report.verdict, ""];
  const measured = report.before && report.control && report.repaired;
  return element("section", {class: "repair"},
    element("h2", {}, `Repair: ${name} `, badge(text, kind)),
    element("p", {class: "quiet"}, `${report.models.original} → ${report.models.compressed}; ${count(report.seeds?.size ?? 0)} seeds to train on, ${count(report.unseen?.size ?? 0)} unseen`),
    measured ? element("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": `Before and after, ${name}`}, element("table", {class: "before-after"},
      element("thead", {}, element("tr", {}, ...["", "before", "control", "repaired"].map((head) => element("th", {scope: "col"}, head)))),
      element("tbody", {}, ...repairRows(report)))) : null,
    element("div", {class: "two"},
      report.gates.length === 0 ? null : element("div", {class: "panel"}, element("h3", {}, "Gates"), element("ul", {class: "gates"}, ...report.gates.map((gate) => element("li", {}, badge(gate.met ? "met" : "not met", gate.met ? "good" : "bad"), ` ${gate.text}`)))),
      report.rounds.length === 0 ? null : element("div", {class: "panel"}, element("h3", {}, "Validation loss, by round"), curve(report.rounds),
        element("p", {class: "quiet"}, `Line: the repair, best after round ${report.best_round}; dashed: the control, after round ${report.control_best_round}. Logarithmic.`)),
      element("div", {class: "panel"}, element("h3", {}, "The compressed model"), ...String(report.recognised ?? "").split("\n").map((line) => element("div", {}, line)),
        ...(report.remarks ?? []).map((remark) => element("p", {class: "notice"}, remark)))));
}

// ---- Distributions: of all findings, and of those shown ----

const measures = [["queries", "Queries", (f) => !f.as_it_is], ["regret", "Regret", () => true], ["l_inf", "L-inf", (f) => !f.as_it_is], ["l2", "L2", (f) => !f.as_it_is]];
const histograms = measures.map(([key, name, counts]) => {
  const values = sorted(findings.filter(counts).map((f) => f[key]));
  const whole = key === "queries" || key === "l_inf";
  const low = key === "regret" ? 0 : values[0] ?? 0, high = Math.max(quantile(values, 0.99), low + (whole ? 1 : 1e-6));
  const step = whole ? Math.max(1, Math.ceil((high - low + 1) / 28)) : (high - low) / 28;
  const bins = Math.max(1, whole ? Math.ceil((high - low + 1) / step) : 28);
  const binOf = (value) => Math.min(bins - 1, Math.max(0, Math.floor((value - low) / step)));
  const all = new Array(bins).fill(0);
  for (const value of values) ++all[binOf(value)];
  const beyond = values.length > 0 && values[values.length - 1] > low + bins * step;
  return {key, name, counts, low, step, bins, binOf, all, beyond, empty: values.length === 0, end: low + bins * step};
});
function showDistributions() {
  byId("distributions-section").hidden = findings.length === 0;
  byId("distributions").replaceChildren(...histograms.filter((h) => !h.empty).map(histogram));
}
function histogram(h) {
  const values = shown.filter(h.counts).map((f) => f[h.key]);
  const bars = new Array(h.bins).fill(0);
  for (const value of values) ++bars[h.binOf(value)];
  const width = 300, height = 96, base = 80, tallest = Math.max(...h.all), one = width / h.bins;
  const rect = (name, n, i) => svg("rect", {class: name, x: (i * one + 0.5).toFixed(2), y: (base - (n / tallest) * base).toFixed(2), width: Math.max(one - 1, 0.5).toFixed(2), height: ((n / tallest) * base).toFixed(2)});
  const text = values.length === 0 ? "none shown" : `median ${figure(median(values))}, mean ${figure(mean(values))}`;
  return element("figure", {}, element("figcaption", {}, h.name, element("span", {}, text)),
    svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `${h.name} of ${values.length} findings: ${text}`},
      ...h.all.map((n, i) => rect("all", n, i)), ...bars.map((n, i) => rect("shown", n, i)),
      svg("line", {class: "axis", x1: 0, x2: width, y1: base, y2: base}),
      svg("text", {x: 0, y: height - 3}, figure(h.low)), svg("text", {x: width, y: height - 3, "text-anchor": "end"}, `${figure(h.end)}${h.beyond ? " and more" : ""}`)));
}

// ---- Gallery: cards exist only where they can be seen ----

const cardHeight = 270, gap = 14, narrowest = 310;
const cards = new Map();  // finding -> its card
function columns() {
  return Math.max(1, Math.floor((byId("gallery").clientWidth + gap) / (narrowest + gap)));
}
function layOut(anew = false) {
  const gallery = byId("gallery"), across = columns(), width = (gallery.clientWidth - gap * (across - 1)) / across;
  const rows = Math.ceil(shown.length / across);
  gallery.style.height = `${Math.max(0, rows * (cardHeight + gap) - gap)}px`;
  const top = -gallery.getBoundingClientRect().top, margin = 400;
  const firstRow = Math.max(0, Math.floor((top - margin) / (cardHeight + gap)));
  const lastRow = Math.min(rows - 1, Math.floor((top + innerHeight + margin) / (cardHeight + gap)));
  const wanted = new Set();
  let before = null;
  for (let i = firstRow * across; i < Math.min(shown.length, (lastRow + 1) * across); ++i) {
    const finding = shown[i];
    wanted.add(finding);
    if (!cards.has(finding)) cards.set(finding, card(finding));
    const node = cards.get(finding);
    node.style.cssText = `left:${(i % across) * (width + gap)}px;top:${Math.floor(i / across) * (cardHeight + gap)}px;width:${width}px`;
    node.setAttribute("aria-posinset", i + 1);
    node.setAttribute("aria-setsize", shown.length);
    // In the order of the findings, for the keyboard and for screen readers; a card in its place is left alone, for it may have the focus.
    const next = before === null ? gallery.firstElementChild : before.nextElementSibling;
    if (next !== node) gallery.insertBefore(node, next);
    before = node;
  }
  for (const [finding, node] of cards) {
    if (wanted.has(finding) || (!anew && node.contains(document.activeElement))) continue;
    node.remove();
    cards.delete(finding);
  }
}
let waiting = false;
function layOutSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; layOut(); });
}
addEventListener("scroll", layOutSoon, {passive: true});
new ResizeObserver(layOutSoon).observe(byId("gallery"));

function stateBadges(finding) {
  const badges = [];
  if (finding.as_it_is) badges.push(badge("as it is", "note"));
  if (finding.repaired !== undefined) badges.push(finding.repaired ? badge("repaired", "good") : badge("not repaired", "bad"));
  return badges;
}
function tops(finding, large) {
  const pair = data.pairs[finding.pair];
  const side = (kind, model) => element("div", {class: `of-${kind}`}, element("h4", {}, large ? `${kind}: ${model.name}` : kind),
    ...finding[kind].map(([label, score], i) => element("div", {class: `bar${i === 0 ? " first" : ""}`}, element("span", {}, String(label)), element("i", {}, element("b", {style: `width:${(100 * score).toFixed(1)}%`})), element("span", {}, percent(score)))));
  return element("div", {class: "tops"}, side("original", pair.original), side("compressed", pair.compressed));
}
function card(finding) {
  const title = `${finding.seed}: ${finding.labels[0]} → ${finding.labels[1]}`;
  const show = () => openDetail(finding);
  const onKey = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(); } };
  return element("article", {class: "card", role: "listitem", tabindex: "0", "data-seed": finding.seed, "aria-label": `Seed ${title}, regret ${figure(finding.regret)}`, onclick: show, onkeydown: onKey},
    element("div", {class: "top"}, element("span", {class: "name", title: finding.seed}, finding.seed), element("span", {}, ...stateBadges(finding), ` ${finding.labels[0]} → ${finding.labels[1]}`, finding.label === null ? "" : element("span", {class: "quiet"}, ` is ${finding.label}`))),
    pictures(finding, false), tops(finding, false),
    element("div", {class: "figures"}, element("span", {}, "regret ", element("b", {}, finding.regret.toFixed(3))), element("span", {}, many(finding.queries, "query", "queries")), element("span", {}, `L-inf ${figure(finding.l_inf)}`), element("span", {}, `SSIM ${finding.ssim.toFixed(2)}`)));
}

// ---- One finding ----

const whoIsRight = {original: "the original is right", compressed: "the compressed model is right", neither: "neither is right", both: "both are right"};

function openDetail(finding) {
  open = finding;
  const at = shown.indexOf(finding), dialog = byId("detail"), pair = data.pairs[finding.pair];
  const step = (by) => { const next = shown[at + by]; if (next !== undefined) openDetail(next); };
  const button = (text, label, action, disabled) => element("button", {type: "button", class: "plain", "aria-label": label, onclick: action, disabled: disabled ? "" : null}, text);
  const entry = (what, value) => [element("dt", {}, what), element("dd", {}, value)];
  const sheet = element("div", {class: "sheet"},
    element("div", {class: "top"}, element("h2", {id: "detail-title"}, `${finding.seed}: ${finding.labels[0]} → ${finding.labels[1]}`), ...stateBadges(finding),
      button("←", "Previous finding", () => step(-1), at <= 0), button("→", "Next finding", () => step(1), at < 0 || at + 1 >= shown.length), button("Close", "Close", () => dialog.close(), false)),
    pictures(finding, true), tops(finding, true),
    element("dl", {},
      ...entry("pair", pair.name),
      ...(finding.label === null ? [] : entry("true class", `${finding.label}: ${whoIsRight[rightOf(finding)]}`)),
      ...entry("regret", `${finding.regret.toFixed(3)} (margin ${finding.margin.toFixed(3)})`),
      ...entry("distances", `L-inf ${figure(finding.l_inf)}, L2 ${figure(finding.l2)}, SSIM ${finding.ssim.toFixed(3)}; ${finding.size[0]} x ${finding.size[1]} pixels`),
      ...entry("found", finding.as_it_is ? "as it is: the seed input itself deviates" : [many(finding.queries, "query", "queries"), finding.gradients > 0 && many(finding.gradients, "gradient", "gradients"), finding.paths > 0 && many(finding.paths, "path", "paths")].filter(Boolean).join(", ")),
      ...(finding.change === "" ? [] : entry("mutant", finding.change)),
      ...(finding.control === undefined ? [] : entry("control", finding.control ? "repaired too" : "not repaired"))),
    element("div", {class: "replay"}, element("code", {id: "replay"}, finding.replay), copyButton(finding.replay)));
  const focused = dialog.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : "Close";
  dialog.replaceChildren(sheet);
  dialog.onkeydown = (event) => { if (event.key === "ArrowLeft") step(-1); if (event.key === "ArrowRight") step(1); };
  if (!dialog.open) dialog.showModal();
  // Else the keyboard would have left the dialog with the button that was replaced.
  ([...sheet.querySelectorAll("button:enabled")].find((b) => b.getAttribute("aria-label") === focused) ?? sheet.querySelector('[aria-label="Close"]')).focus();
  rememberChoice(choice(), true);
}
function copyButton(text) {
  const button = element("button", {type: "button", class: "plain", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(byId("replay"));  // for the reader to copy
      button.textContent = "Selected";
    }
  }}, "Copy");
  return button;
}
byId("detail").addEventListener("close", () => {
  // Closed by an address, or another finding is open by now: this event comes with the next frame.
  if (open === null || byId("detail").open) return;
  const card = cards.get(open);
  open = null;
  rememberChoice(choice(), true);
  if (card) card.focus();
});
byId("detail").addEventListener("click", (event) => { if (event.target === byId("detail")) byId("detail").close(); });

// A link to #gallery would take the place of what the address keeps.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("filters").scrollIntoView();
  layOut();
  (byId("gallery").firstElementChild ?? byId("gallery")).focus();
});

// ---- Begin ----

function begin() {
  byId("findings-section").hidden = findings.length === 0 && data.pairs.length === 0;
  showHead();
  showPairs();
  byId("repairs").replaceChildren(...data.repairs.map(showRepair));
  fillControls();
  const wanted = recallChoice();
  open = wanted ?? null;  // so that the address stays as it is
  update();
  if (wanted !== undefined) openDetail(wanted);
  document.documentElement.dataset.ready = "yes";
}
addEventListener("hashchange", () => {
  const wanted = recallChoice();
  open = wanted ?? null;
  update();
  if (wanted !== undefined) openDetail(wanted);
  else byId("detail").close();
});
begin();
