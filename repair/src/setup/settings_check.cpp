#include <boost/filesystem/operations.hpp>
#include <utility>

#include "dflare/repair.hpp"
#include "setup/output_folder.hpp"
#include "setup/settings_rows.hpp"
#include "support/files.hpp"

namespace dflare::repair {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  namespace fs = boost::filesystem;
  if (a.empty() || b.empty()) return false;
  boost::system::error_code error;
  if (fs::equivalent(a, b, error) && !error) return true;
  const fs::path real_a = fs::weakly_canonical(fs::absolute(a), error);
  if (error) return false;
  const fs::path real_b = fs::weakly_canonical(fs::absolute(b), error);
  return !error && real_a == real_b;
}

class Check {
 public:
  explicit Check(const Settings& settings) : s_(settings) {}

  std::vector<SettingMistake> run() {
    given();
    for (const SettingRow& row : settings_table()) value(row);
    sums();
    search();
    output();
    return std::move(mistakes_);
  }

 private:
  void add(std::string key, std::string what) {
    mistakes_.push_back({std::move(key), std::move(what)});
  }

  void given() {
    for (const auto& [key, model] :
         {std::pair<const char*, const ModelSetting&>{"original", s_.original},
          {"compressed", s_.compressed}}) {
      if (model.name().empty()) add(key, "no file; expected the path of a model");
      if (model.load.device != "cpu") {
        add(fmt::format("{}.device", key),
            fmt::format("'{}'; expected cpu: training runs on the CPU; leave device out",
                        model.load.device));
      }
    }
    if (s_.compressed.load.isolate || s_.compressed.load.sandbox) {
      add("compressed.isolate",
          "the model that is repaired is trained in this process; leave isolate out");
    }
    if (s_.training.empty())
      add("seeds", "no seed input to search and to train on; expected at least one");
    if (s_.unseen.empty())
      add("unseen", "no seed input for the re-test; expected at least one that is not in seeds");
    if (s_.test && s_.test->empty())
      add("test", "the test set is empty; expected at least one image, or leave test out");
    if (!s_.corpus.empty() && !boost::filesystem::is_directory(s_.corpus)) {
      add("corpus", fmt::format("there is no folder '{}'; expected one of findings on this pair, "
                                "or leave corpus out to search",
                                s_.corpus));
    }
    if (s_.out.empty())
      add("out", "no folder; expected one for the reports and the repaired model");
  }

  void value(const SettingRow& row) {
    try {
      row.check(s_);
    } catch (const ConfigError& e) {
      add(row.name, e.what());
    }
  }

  void sums() {
    const Loss& loss = s_.train.loss;
    if (!(loss.divergence + loss.logits + loss.label > 0))
      add("train.loss",
          "divergence, logits and label are all 0; expected one of them above 0, else there is "
          "nothing to minimise");
    const Mix& mix = s_.train.mix;
    if (!(mix.clean + mix.blends + mix.transformations + mix.mutants + mix.findings > 0))
      add("train.mix", "all shares are 0; expected one of them above 0");
  }

  void search() {
    try {
      s_.search.check();
    } catch (const ConfigError& e) {
      add("search", e.what());
    }
    const std::string criterion = s_.search.criterion().text();
    const bool regret =
        criterion.rfind("regret ", 0) == 0 && criterion.find(" and ") == std::string::npos;
    if (!regret && !s_.search.criterion().only_label()) {
      add("search.criterion",
          fmt::format("'{}'; expected regret >= a number, or label: a triggering input is one on "
                      "which the compressed model says something else; leave criterion out",
                      criterion));
    }
  }

  void output() {
    namespace fs = boost::filesystem;
    if (s_.out.empty() && s_.repaired.empty()) return;
    const std::string file = repaired_file(s_);
    const std::string key = s_.repaired.empty() ? "out" : "repaired";
    for (const auto& [of, path] : {std::pair("out", s_.out), std::pair(key.c_str(), file)}) {
      const std::string unknown = path.empty() ? "" : why_unknown(path);
      if (!unknown.empty()) return add(of, fmt::format("'{}': {}", path, unknown));
    }
    if (same_file(file, s_.original.source.path())) {
      add(key, fmt::format("'{}' is the original's file, which is never written; expected another "
                           "file",
                           file));
    } else if (!s_.overwrite_input && same_file(file, s_.compressed.source.path())) {
      add(key, fmt::format("'{}' is the compressed model's own file; expected another file, or set "
                           "overwrite_input: true",
                           file));
    } else if (fs::is_directory(file)) {
      add(key, fmt::format("'{}' is a folder; expected a file", file));
    }
    if (!s_.out.empty() && fs::exists(s_.out) && !fs::is_directory(s_.out))
      add("out", fmt::format("'{}' is a file; expected a folder", s_.out));
  }

  const Settings& s_;
  std::vector<SettingMistake> mistakes_;
};

}  // namespace

std::vector<SettingMistake> mistakes_of(const Settings& settings) {
  return Check(settings).run();
}

void Settings::check() const {
  const std::vector<SettingMistake> mistakes = mistakes_of(*this);
  if (!mistakes.empty())
    throw ConfigError(fmt::format("setting {}: {}", mistakes[0].key, mistakes[0].what));
}

}  // namespace dflare::repair
