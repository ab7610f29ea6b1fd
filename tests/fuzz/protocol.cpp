#include "model/process/protocol.hpp"

#include "fuzz.hpp"
#include "support/json.hpp"

// What a child and its parent say to one another: a hello, a request and an answer, a line each.
namespace dflare::fuzz {
namespace {

template <class Parse>
void try_each(const nlohmann::json& message, Parse parse) {
  try {
    parse(message);
  } catch (const Error&) {
  }
}

}  // namespace

void read(const std::string& bytes) {
  std::size_t begin = 0;
  while (begin < bytes.size()) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const nlohmann::json message = json_or_null(bytes.substr(begin, end - begin));
    begin = end + 1;
    try_each(message, [](const auto& m) {
      const Hello hello = parse_hello(m);
      difference(parse_hello(to_json(hello)), hello);
    });
    try_each(message, [](const auto& m) { to_json(parse_request(m)); });
    try_each(message, [](const auto& m) { parse_answer(m, 7); });
  }
}

std::vector<std::string> examples() {
  Hello plain;
  plain.runtime = "a runtime 1.0";
  plain.classes = 10;
  Hello host = plain;
  host.host = HostHello{"0.1.0", {}, "torchscript", "cpu", "qnnpack"};
  host.sha256 = std::string(64, 'a');
  host.file = "model.pt";
  Hello eight_bit = plain;
  eight_bit.input.element = Element::int8;
  eight_bit.input.quantisation = Quantisation{0.5, 3};
  eight_bit.input.layout = Layout::nhwc;
  eight_bit.score_step = 0.00390625F;
  const auto line = [](const nlohmann::json& message) { return message.dump() + "\n"; };
  const std::string rest = line(to_json(BatchRequest{7, 2, 8, 8, 1, 0, 1024, 4096})) +
                           line(to_json(BatchAnswer{7, 2, 10})) +
                           line(error_answer(7, "the model failed"));
  return {line(to_json(plain)) + rest, line(to_json(host)) + rest, line(to_json(eight_bit)) + rest};
}

}  // namespace dflare::fuzz
