#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <sstream>
#include <vector>

#include "dflare/repair.hpp"
#include "retest/retest.hpp"

namespace dflare::repair {
namespace {

using Row = std::vector<std::string>;  // what, before, control, repaired

std::string percent(double share, int digits = 1) {
  return fmt::format("{:.{}f} %", 100 * share, digits);
}

std::string mean_text(double mean, const Interval& interval) {
  return fmt::format("{:.3f} ({:.3f} to {:.3f})", mean, interval.low, interval.high);
}

std::string share_text(const std::optional<Repaired>& repaired) {
  if (!repaired || repaired->inputs == 0) return "";
  const Interval interval = repaired->interval();
  return fmt::format("{} ({:.1f} to {:.1f})", percent(repaired->share()), 100 * interval.low,
                     100 * interval.high);
}

/// A row of a figure of all three models, where `before` has it.
template <class Get, class Text>
void add_row(const Result& r, const std::string& what, Get get, Text text, std::vector<Row>& rows) {
  if (!get(r.before)) return;
  const auto of = [&](const Measured& model) {
    return get(model) ? text(*get(model)) : std::string();
  };
  rows.push_back({what, of(r.before), of(r.control), of(r.repaired)});
}

void add_repaired_rows(const Result& r, std::vector<Row>& rows) {
  const auto add = [&](const char* what, const std::optional<Repaired>& of_repair,
                       const std::optional<Repaired>& of_control) {
    if (!of_repair || of_repair->inputs == 0) return;
    rows.push_back(
        {fmt::format("{} unseen triggering inputs repaired, of {}", what, of_repair->inputs), "",
         share_text(of_control), share_text(of_repair)});
    if (!of_control) return;
    const double points = 100 * (of_repair->share() - of_control->share());
    rows.push_back({"  more than the control", "", "",
                    fmt::format("{:+.1f} points (p = {:.2g})", points,
                                mcnemar(of_repair->each, of_control->each))});
  };
  add("worst", r.repaired.worst, r.control.worst);
  add("first", r.repaired.first, r.control.first);
}

void add_search_rows(const Result& r, std::vector<Row>& rows) {
  const auto worst = [](const Measured& m) { return m.worst_search; };
  const auto first = [](const Measured& m) { return m.first_search; };
  const auto everyday = [](const Measured& m) { return m.everyday_search; };
  const auto by_dflare = [](const Measured& m) { return m.dflare_search; };
  const auto found = [](const Summary& s) {
    return fmt::format("{} of {}", s.deviating(), s.judged);
  };
  const auto queries = [](const Summary& s) { return fmt::format("{:.1f}", s.mean_queries); };
  add_row(
      r, "mean worst regret of a fresh search", worst,
      [](const Summary& s) { return mean_text(s.mean_worst_regret, s.worst_regret_interval); },
      rows);
  add_row(
      r, "  largest regret", worst,
      [](const Summary& s) { return fmt::format("{:.3f}", s.largest_regret); }, rows);
  add_row(
      r, "  mean worst margin", worst,
      [](const Summary& s) { return mean_text(s.mean_worst_margin, s.worst_margin_interval); },
      rows);
  add_row(
      r, "seeds that deviate under everyday()", everyday,
      [](const Summary& s) {
        return fmt::format("{} ({:.1f} to {:.1f})", percent(s.rate), 100 * s.interval.low,
                           100 * s.interval.high);
      },
      rows);
  add_row(r, "found by boundary (first deviation)", first, found, rows);
  add_row(r, "  mean queries", first, queries, rows);
  add_row(r, "found by dflare, as in the paper", by_dflare, found, rows);
  add_row(r, "  mean queries", by_dflare, queries, rows);
}

void add_label_rows(const Result& r, std::vector<Row>& rows) {
  const auto unlike = [](const Measured& m) {
    return fmt::format("{} of {}", m.agreement_images - m.agreements, m.agreement_images);
  };
  if (r.before.agreement_images > 0) {
    rows.push_back({fmt::format("labels unlike the original's, {}",
                                r.before.agreement_on_test_set ? "test set" : "unseen seeds"),
                    unlike(r.before), unlike(r.control), unlike(r.repaired)});
  }
  if (r.before.accuracy) {
    const auto text = [](const std::optional<double>& a) { return a ? percent(*a, 2) : ""; };
    rows.push_back({r.original_accuracy ? fmt::format("accuracy (the original: {})",
                                                      percent(*r.original_accuracy, 2))
                                        : std::string("accuracy"),
                    text(r.before.accuracy), text(r.control.accuracy), text(r.repaired.accuracy)});
  }
}

void add_fact_rows(const Result& r, std::vector<Row>& rows) {
  const auto add = [&](const char* what, auto text) {
    rows.push_back({what, text(r.before.facts), text(r.control.facts), text(r.repaired.facts)});
  };
  add("file, bytes", [](const Facts& f) { return std::to_string(f.bytes); });
  if (r.before.facts.weights > 0) {
    add("weights that are zero", [](const Facts& f) {
      return f.weights == 0
                 ? std::string()
                 : percent(static_cast<double>(f.zeros) / static_cast<double>(f.weights));
    });
    add("distinct weights", [](const Facts& f) { return std::to_string(f.distinct); });
  }
  if (r.before.facts.quantised_operators > 0)
    add("quantised operators",
        [](const Facts& f) { return std::to_string(f.quantised_operators); });
}

const char* const legend = R"(
  control: as many steps on clean training seeds alone. In brackets 95 % intervals; p: exact McNemar test.
  repaired: the model says nothing else than the original; where it ties that with another class, it is not.
  repaired, accuracy: higher is better. Regret, margin, everyday(), found, unlike labels: lower is better.
  regret: how much the original prefers its own label over what the compressed model says, 0 to 1.
  margin: the lesser of that and of how much the compressed model prefers its label over the original's.
  everyday(): small turns, shifts and changes of light, on which the models clearly disagree (regret 0.2 or more).

)";

std::string wrapped(const std::string& text) {
  constexpr std::size_t width = 100;
  std::string lines;
  std::size_t column = 0;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool breaks = column > 0 && column + 1 + word.size() > width;
    if (column > 0) lines += breaks ? "\n" : " ";
    column = breaks || column == 0 ? word.size() : column + 1 + word.size();
    lines += word;
  }
  return lines;
}

std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows[0].size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string headline(const Result& r) {
  if (r.verdict == Verdict::nothing_found) {
    return fmt::format("Nothing to repair: no triggering input was found from {} training seeds.",
                       r.training_seeds);
  }
  std::string figures;
  if (r.before.worst_search && r.repaired.worst_search) {
    figures = fmt::format(" Mean worst regret {:.3f}, before {:.3f}",
                          r.repaired.worst_search->mean_worst_regret,
                          r.before.worst_search->mean_worst_regret);
    if (r.control.worst_search)
      figures += fmt::format(" (control {:.3f})", r.control.worst_search->mean_worst_regret);
    figures += ".";
  }
  if (r.repaired.worst && r.repaired.worst->inputs > 0) {
    figures += fmt::format(" {} of the worst unseen triggering inputs are repaired",
                           percent(r.repaired.worst->share()));
    if (r.control.worst) figures += fmt::format(" (control {})", percent(r.control.worst->share()));
    figures += ".";
  }
  if (r.verdict == Verdict::repaired) return "Repaired." + figures;
  std::string gates;
  for (const Gate& gate : r.gates) {
    if (!gate.met) gates += (gates.empty() ? "" : ", ") + gate.name;
  }
  return "Not repaired: gates not met: " + gates + ". Nothing was replaced." + figures;
}

std::string indented(const std::string& text, const std::string& by) {
  std::string result = by;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += by;
  }
  return result;
}

std::string rounds_text(const Result& r) {
  std::string text = fmt::format("Validation loss (held-out training seeds; learning rate {}):\n",
                                 r.learning_rate);
  for (const Round& round : r.rounds) {
    const std::string name = round.number == 0 ? "before" : fmt::format("round {}", round.number);
    text += fmt::format("  {:<8}  repair {:.4g}  control {:.4g}  {} findings to train on", name,
                        round.validation, round.control_validation, round.findings);
    if (round.number > 1) text += fmt::format(", {} of them new", round.new_findings);
    if (round.number == r.best_round) text += "  <- best";
    if (round.number == r.control_best_round && round.number != r.best_round)
      text += "  <- best of the control";
    text += "\n";
  }
  return text;
}

}  // namespace

std::string report_text(const Settings& settings, const Result& r) {
  std::string text = headline(r) + "\n\n";
  text += fmt::format("  original    {}\n  compressed  {}\n", settings.original.name(),
                      settings.compressed.name());
  text += fmt::format("  seeds       {} {}, to train on\n  unseen      {} {}, of the re-test\n",
                      r.training_seeds, settings.training.name(), r.unseen_seeds,
                      settings.unseen.name());
  if (!r.recognised.empty())
    text += "\nThe compressed model:\n" + indented(r.recognised, "  ") + "\n";
  if (r.verdict != Verdict::nothing_found) {
    std::vector<Row> rows{{"", "before", "control", "repaired"}};
    add_repaired_rows(r, rows);
    add_search_rows(r, rows);
    add_label_rows(r, rows);
    add_fact_rows(r, rows);
    text += "\n" + table(rows);
    text += legend;
    text += rounds_text(r) + "\nGates:\n";
    for (const Gate& gate : r.gates)
      text +=
          fmt::format("  {:<8} {:<18} {}\n", gate.met ? "met" : "NOT MET", gate.name, gate.text);
  }
  for (const std::string& remark : r.remarks) text += "\n" + wrapped(remark) + "\n";
  text += "\n";
  if (!r.repaired_file.empty()) text += "Repaired model: " + r.repaired_file + "\n";
  text += "Report and findings: " + settings.out + "\n";
  return text;
}

}  // namespace dflare::repair
