#include "training/state.hpp"

#include <fmt/format.h>

#include <string_view>

#include "dflare/error.hpp"
#include "model/torchscript/torch_support.hpp"
#include "support/files.hpp"
#include "support/numbers.hpp"
#include "training/state_data.hpp"

namespace dflare::repair {
namespace {

using nlohmann::json;

// The file: a line with the number of its format; a line of JSON with all fields by name, of
// tensors and images types and sizes; the bytes of these, in the order of read_state().
constexpr std::string_view first_words = "dflare state ";
constexpr int format = 2;
constexpr std::size_t deepest = 8;  // of the line of JSON

json of(const Round& round) {
  return {{"number", round.number},
          {"findings", round.findings},
          {"new_findings", round.new_findings},
          {"loss", state_bits(round.loss)},
          {"validation", state_bits(round.validation)},
          {"control_validation", state_bits(round.control_validation)},
          {"validation_disagreements", round.validation_disagreements},
          {"seconds", state_bits(round.seconds)}};
}

Round round_of(const StateField& field) {
  Round round;
  round.number = field.at("number").as<int>();
  round.findings = field.at("findings").as<std::size_t>();
  round.new_findings = field.at("new_findings").as<std::size_t>();
  round.loss = field.at("loss").number();
  round.validation = field.at("validation").number();
  round.control_validation = field.at("control_validation").number();
  round.validation_disagreements = field.at("validation_disagreements").as<std::size_t>();
  round.seconds = field.at("seconds").number();
  return round;
}

/// Counted from 0.
std::vector<Round> rounds_of(const StateField& list) {
  std::vector<Round> rounds;
  for (const StateField& one : list.items()) {
    rounds.push_back(round_of(one));
    if (rounds.back().number + 1 != static_cast<int>(rounds.size()))
      one.at("number").refuse("rounds out of order");
  }
  if (rounds.empty()) list.refuse("no rounds");
  return rounds;
}

int best_round_of(const StateField& field, const std::vector<Round>& rounds) {
  const auto best = field.as<int>();
  if (best < 0 || best > rounds.back().number) field.refuse("a best round that is none");
  return best;
}

/// Takes the first line off. Throws where it is that of no state, or of one in another format.
void take_first_line(std::string_view& bytes, const std::string& file) {
  const std::size_t end = bytes.find('\n');
  if (bytes.substr(0, first_words.size()) != first_words || end == std::string_view::npos)
    throw StateError("another first line");
  const auto given =
      number_in<int>(std::string(bytes.substr(first_words.size(), end - first_words.size())));
  if (!given) throw StateError("another first line");
  if (*given != format) {
    throw ConfigError(fmt::format(
        "{}: another version of dflare wrote this state: its format is {}, this version reads {}; "
        "go on with that version, or run without --resume to begin anew",
        file, *given, format));
  }
  bytes.remove_prefix(end + 1);
}

State read_state(std::string_view bytes, const std::string& file, const std::string& fingerprint) {
  take_first_line(bytes, file);
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) throw StateError("it ends too early");
  const json header = parse_json(std::string(bytes.substr(0, end)), {deepest});
  const StateField fields(header);
  if (fields.at("fingerprint").as<std::string>() != fingerprint) {
    throw ConfigError(
        fmt::format("{}: the interrupted repair had another dflare, other settings, models or "
                    "seeds; run with those, or "
                    "without --resume to begin anew",
                    file));
  }
  StateDataReader data(bytes.substr(end + 1));
  State state;
  state.rounds = rounds_of(fields.at("rounds"));
  state.best_round = best_round_of(fields.at("best_round"), state.rounds);
  state.control_best_round = best_round_of(fields.at("control_best_round"), state.rounds);
  state.best = fields.at("best").number();
  state.control_best = fields.at("control_best").number();
  state.learning_rate = fields.at("learning_rate").number();
  state.finished = fields.at("finished").as<bool>();
  state.repair_now = data.tensors(fields.at("repair_now"));
  state.repair_best = data.tensors(fields.at("repair_best"));
  state.control_now = data.tensors(fields.at("control_now"));
  state.control_best_weights = data.tensors(fields.at("control_best_weights"));
  state.findings = data.findings(fields.at("findings"));
  state.validation_findings = data.findings(fields.at("validation_findings"));
  data.end();
  if (state.rounds.front().findings > state.findings.size())
    fields.at("findings").refuse("fewer than the first round had");
  return state;
}

}  // namespace

void save_state(const std::string& file, const std::string& fingerprint, const State& state) {
  StateDataWriter data;
  json header = {{"fingerprint", fingerprint},
                 {"best_round", state.best_round},
                 {"control_best_round", state.control_best_round},
                 {"best", state_bits(state.best)},
                 {"control_best", state_bits(state.control_best)},
                 {"learning_rate", state_bits(state.learning_rate)},
                 {"finished", state.finished}};
  for (const Round& round : state.rounds) header["rounds"].push_back(of(round));
  header["repair_now"] = data.add(state.repair_now);
  header["repair_best"] = data.add(state.repair_best);
  header["control_now"] = data.add(state.control_now);
  header["control_best_weights"] = data.add(state.control_best_weights);
  header["findings"] = data.add(state.findings);
  header["validation_findings"] = data.add(state.validation_findings);
  write_atomically(file,
                   fmt::format("{}{}\n{}\n{}", first_words, format, header.dump(), data.bytes()));
}

State load_state(const std::string& file, const std::string& fingerprint) {
  const std::string bytes = read_file(file);
  try {
    return read_state(bytes, file, fingerprint);
  } catch (const ConfigError&) {
    throw;
  } catch (const std::exception& failure) {
    throw ConfigError(
        fmt::format("{}: this is no state of a repair, or a damaged one ({}); run without --resume",
                    file, torch_message(failure)));
  }
}

}  // namespace dflare::repair
