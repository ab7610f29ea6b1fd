// ---- Head and pairs ----
// Functions alone: this stands after page.js, which calls them.

function modelText(model) {
  return [model.runtime.startsWith(model.backend) ? "" : model.backend, model.runtime, model.engine && `engine ${model.engine}`, model.device !== "cpu" && model.device, model.answers].filter(Boolean).join(", ");
}
function modelLines(model) {
  return [element("div", {class: "model"}, model.name || "?"), element("small", {}, [model.sha256 && `SHA-256 ${model.sha256.slice(0, 12)}`, modelText(model)].filter(Boolean).join(" · "))];
}
function verdictBadges(pair) {
  const badges = [];
  if (pair.error) badges.push(badge("not tested", "bad"));
  if (pair.verdict) badges.push(pair.verdict.passed ? badge("passed", "good") : badge("failed", "bad"));
  if (pair.unfinished > 0) badges.push(badge("unfinished", "note"));
  if (pair.remarks.length > 0) badges.push(badge(many(pair.remarks.length, "note", "notes"), "note"));
  return badges.flatMap((node) => [node, " "]);
}
function accuracies({labels}) {
  return labels === null || labels.labelled === 0 ? "" : `${percent(labels.original_right / labels.labelled)} → ${percent(labels.compressed_right / labels.labelled)}`;
}
// How the models do on the seed inputs as they are, and who is right where they deviate, in words.
function labelEntries({labels}) {
  if (labels === null) return [];
  const rows = [["labels", `agree on ${count(labels.agreed)} of ${many(labels.evaluated, "seed input", "seed inputs")} as they are (${percent(labels.agreed / labels.evaluated)})`]];
  if (labels.labelled > 0) rows.push(["accuracy", `original ${percent(labels.original_right / labels.labelled)}, compressed ${percent(labels.compressed_right / labels.labelled)}, of ${count(labels.labelled)} with a known class`]);
  if (labels.deviations > 0) rows.push(["right", `of ${many(labels.deviations, "deviation", "deviations")} of known class, the original in ${count(labels.deviations_original_right)}, the compressed model in ${count(labels.deviations_compressed_right)}, neither in ${count(labels.deviations_neither_right)}`]);
  return rows.flatMap(([what, text]) => [element("dt", {}, what), element("dd", {}, text)]);
}
function pairRow(pair, index) {
  const own = findings.filter((f) => f.pair === index);
  const found = own.filter((f) => !f.as_it_is);
  const numbers = (key, of = own) => of.map((f) => f[key]);
  const middle = (key, of) => (of.length === 0 ? "" : figure(median(numbers(key, of))));
  const rate = pair.rate === undefined ? "" : percent(pair.rate);
  const choose = () => { byId("pair").value = byId("pair").value === pairKeys[index] ? "" : pairKeys[index]; update(); };
  const largest = own.length === 0 ? "" : `largest ${figure(numbers("regret").reduce((a, b) => Math.max(a, b), 0))}`;
  const worst = pair.worst === null ? [] : [`mean worst ${figure(pair.worst.mean_regret)}`, pair.worst.interval.map(figure).join(" to ")];
  return element("tr", {"data-pair": index},
    element("th", {scope: "row"}, element("button", {type: "button", class: "link", onclick: choose, title: "Show this pair's findings alone"}, pair.name), " ", ...verdictBadges(pair), element("small", {}, pair.verdict ? pair.verdict.expectation : ""), pair.corpus ? element("small", {class: "corpus"}, `corpus: ${pair.corpus}`) : ""),
    element("td", {class: "left"}, ...modelLines(pair.original), ...modelLines(pair.compressed)),
    element("td", {}, count(pair.judged ?? pair.seed_count), element("small", {}, pair.runs > 1 ? `${pair.runs} shards` : "")),
    element("td", {}, pair.labels === null ? "" : percent(pair.labels.agreed / pair.labels.evaluated), element("small", {}, accuracies(pair))),
    element("td", {}, count(own.length), element("small", {}, `${count(own.length - found.length)} as it is`)),
    element("td", {}, rate, element("small", {}, pair.interval ? `${percent(pair.interval[0])} to ${percent(pair.interval[1])}` : "")),
    element("td", {}, middle("queries", found)),
    element("td", {}, middle("regret", own), ...[largest, ...worst].map((text) => element("small", {}, text))),
    element("td", {}, middle("margin", own)),
    element("td", {}, middle("l_inf", found), element("small", {}, found.length === 0 ? "" : `L2 ${middle("l2", found)}`)));
}
function showPairs() {
  byId("pairs-section").hidden = data.pairs.length === 0;
  const heads = ["pair", "original, compressed", "seeds", "labels agree", "findings", "rate (95 %)", "queries", "regret", "margin", "L-inf"];
  byId("pairs").replaceChildren(
    element("caption"),
    element("thead", {}, element("tr", {}, ...heads.map((head, i) => element("th", {scope: "col", class: i < 2 ? "left" : null}, head)))),
    element("tbody", {}, ...data.pairs.map(pairRow)));
  byId("pairs").caption.textContent = "Labels agree on this share of the seed inputs as they are; below it the accuracies, original → compressed. Queries, regret, margin, L-inf and L2 are medians; queries and distances over the findings found by search.";
  byId("pair-details").replaceChildren(...data.pairs.map(pairDetails));
}
function modelEntries(what, model) {
  return [element("dt", {}, what), element("dd", {}, `${model.name} `, element("span", {class: "quiet"}, modelText(model)), model.sha256 ? element("div", {}, element("code", {}, model.sha256)) : null)];
}
function pairDetails(pair) {
  const failed = pair.error !== "" || (pair.verdict !== null && !pair.verdict.passed);
  const outcomes = pair.outcomes ? Object.entries(pair.outcomes).filter(([, n]) => n > 0).map(([what, n]) => `${what} ${count(n)}`).join(", ")
    : pair.duplicates > 0 ? `runs overlap, and are not added up; ${many(pair.duplicates, "finding", "findings")} of the same seeds left out` : "the run did not finish";
  return element("details", {}, element("summary", {}, `${pair.name}: what was compared`, failed ? " " : null, failed ? badge(pair.error ? "not tested" : "failed", "bad") : null),
    element("dl", {}, ...modelEntries("original", pair.original), ...modelEntries("compressed", pair.compressed),
      element("dt", {}, "seeds"), element("dd", {}, `${count(pair.seed_count)} ${pair.seeds}`),
      element("dt", {}, "outcomes"), element("dd", {}, outcomes),
      ...labelEntries(pair),
      ...(pair.started ? [element("dt", {}, "started"), element("dd", {}, pair.started)] : []),
      ...(pair.verdict ? [element("dt", {}, "expected"), element("dd", {}, `${pair.verdict.expectation}: ${pair.verdict.passed ? "passed" : "failed"}`)] : []),
      ...(pair.error ? [element("dt", {}, "error"), element("dd", {}, pair.error)] : [])),
    ...pair.remarks.map((remark) => element("p", {class: "notice"}, remark)),
    ...(pair.verdict ? pair.verdict.messages.map((message) => element("pre", {tabindex: "0"}, message)) : []),
    element("h3", {}, "Options"),
    element("ul", {class: "options"}, ...Object.entries(pair.options).map(([name, value]) => element("li", {}, `${name}: `, element("code", {}, value)))));
}
function showHead() {
  const failed = data.pairs.filter((p) => p.error !== "" || (p.verdict && !p.verdict.passed)).length;
  const parts = [];
  if (data.pairs.length > 0) parts.push(many(data.pairs.length, "pair", "pairs"), many(findings.length, "finding", "findings"));
  if (data.repairs.length > 0) parts.push(many(data.repairs.length, "repair", "repairs"));
  if (failed > 0) parts.push(`${failed} failed`);
  const models = new Set(data.pairs.map((p) => `${p.original.name} → ${p.compressed.name}`));
  if (models.size === 1) parts.unshift([...models][0]);
  byId("tagline").textContent = parts.join(" · ");
  byId("foot").textContent = `Made by dflare ${data.dflare}. Regret is how much the original prefers its own label over what the compressed model says. Replay lines are as seen from this file's folder.`;
}
