#include "model/process/protocol.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <vector>

#include "model/input_json.hpp"
#include "support/json.hpp"

namespace dflare {
namespace {

using nlohmann::json;

/// A message, or an object in it, read key by key.
class Reader {
 public:
  Reader(const json& object, std::string name, std::vector<std::string> known)
      : object_(object), name_(std::move(name)) {
    if (!object.is_object()) fail(fmt::format("{}, expected an object", text(object)));
    for (const auto& entry : object.items()) {
      if (std::find(known.begin(), known.end(), entry.key()) != known.end()) continue;
      fail(fmt::format("unknown key '{}'; known are: {}", entry.key(), fmt::join(known, ", ")));
    }
  }

  bool has(const char* key) const { return object_.contains(key); }
  const json& at(const char* key) const {
    if (!has(key)) fail(fmt::format("the key '{}' is missing", key));
    return object_[key];
  }

  std::string word(const char* key) const {
    if (!at(key).is_string()) wrong(key, "a text");
    return at(key).get<std::string>();
  }
  std::string word_or_none(const char* key) const { return has(key) ? word(key) : ""; }
  /// The place of the text in the list.
  std::size_t one_of(const char* key, const std::vector<std::string>& words) const {
    const auto found = std::find(words.begin(), words.end(), at(key).is_string() ? word(key) : "");
    if (found == words.end()) wrong(key, fmt::format("one of: {}", fmt::join(words, ", ")));
    return static_cast<std::size_t>(found - words.begin());
  }
  std::int64_t whole(const char* key, std::int64_t least, std::int64_t most) const {
    try {
      return json_number<std::int64_t>(at(key), least, most);
    } catch (const JsonError&) {
      wrong(key, fmt::format("a whole number from {} to {}", least, most));
    }
  }
  float number(const char* key, float least, const std::string& expected) const {
    try {
      return json_number<float>(at(key), least);
    } catch (const JsonError&) {
      wrong(key, expected);
    }
  }
  int whole_or_zero(const char* key, int least, int most) const {
    return has(key) ? static_cast<int>(whole(key, least, most)) : 0;
  }

  [[noreturn]] void wrong(const char* key, const std::string& expected) const {
    fail(fmt::format("'{}' is {}, expected {}", key, text(at(key)), expected));
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw ChildFailure(fmt::format("broke the protocol: {}: {}", name_, what));
  }

 private:
  static std::string text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 100);
  }

  const json& object_;
  std::string name_;
};

// Beyond which a count or a number of bytes is a mistake.
constexpr int many = 1 << 24;
constexpr std::int64_t very_many = std::int64_t{1} << 40;
const std::vector<std::string> elements = {"float32", "uint8", "int8"};
const std::vector<std::string> layouts = {"nchw", "nhwc"};

/// In the order of the words above.
constexpr Element element_of[] = {Element::float32, Element::uint8, Element::int8};
constexpr Layout layout_of[] = {Layout::nchw, Layout::nhwc};

template <class Kind, std::size_t count>
const std::string& word_of(Kind kind, const Kind (&kinds)[count],
                           const std::vector<std::string>& words) {
  return words[static_cast<std::size_t>(std::find(kinds, kinds + count, kind) - kinds)];
}

std::optional<Quantisation> parse_quantisation(const Reader& input, Element element) {
  if (!input.has("scale")) {
    if (input.has("zero_point")) input.fail("'zero_point' is given without 'scale'; give both");
    return std::nullopt;
  }
  if (element == Element::float32)
    input.fail("'scale' is given, but the element is float32; it is for uint8 and int8");
  Quantisation read;
  read.scale =
      input.number("scale", std::numeric_limits<float>::min(), "a number above 0, as a float");
  const int least = element == Element::int8 ? -128 : 0;
  if (input.has("zero_point"))
    read.zero_point = static_cast<float>(input.whole("zero_point", least, least + 255));
  return read;
}

InputTensor parse_tensor(const Reader& hello) {
  const Reader input(
      hello.at("input"), "input of its hello",
      {"element", "scale", "zero_point", "layout", "height", "width", "channels", "most_images"});
  InputTensor tensor{};
  tensor.element = element_of[input.one_of("element", elements)];
  tensor.quantisation = parse_quantisation(input, tensor.element);
  if (input.has("layout")) tensor.layout = layout_of[input.one_of("layout", layouts)];
  tensor.size = {input.whole_or_zero("height", 0, many), input.whole_or_zero("width", 0, many)};
  if ((tensor.size.height == 0) != (tensor.size.width == 0))
    input.fail("only one of height and width is given; give both or neither");
  tensor.channels = input.whole_or_zero("channels", 0, many);
  tensor.most_images = input.whole_or_zero("most_images", 0, many);
  if (hello.has("output"))
    tensor.output = static_cast<Output>(hello.one_of("output", output_names()));
  return tensor;
}

HostHello parse_host(const Reader& hello) {
  const Reader host(hello.at("host"), "host of its hello",
                    {"version", "spec", "backend", "device", "engine"});
  try {
    return {host.word("version"), input_from_json(host.at("spec")), host.word("backend"),
            host.word("device"), host.word("engine")};
  } catch (const ConfigError& wrong) {
    host.fail(wrong.what());
  }
}

}  // namespace

Hello parse_hello(const json& message) {
  const Reader hello(message, "its hello",
                     {"dflare", "runtime", "classes", "input", "output", "score_step", "file",
                      "sha256", "host", "error"});
  if (hello.has("error")) throw ModelError(hello.word("error"));
  if (const auto version = hello.whole("dflare", 1, many); version != process_protocol) {
    hello.fail(fmt::format("it speaks version {} of the protocol, this dflare version {}", version,
                           process_protocol));
  }
  Hello parsed;
  parsed.runtime = hello.word("runtime");
  parsed.classes = hello.whole_or_zero("classes", 0, many);
  parsed.input = parse_tensor(hello);
  if (hello.has("score_step")) {
    parsed.score_step = hello.number("score_step", 0, "a number of at least 0, as a float");
  }
  parsed.file = hello.word_or_none("file");
  parsed.sha256 = hello.word_or_none("sha256");
  if (hello.has("host")) parsed.host = parse_host(hello);
  return parsed;
}

json to_json(const Hello& hello) {
  json input = {{"element", word_of(hello.input.element, element_of, elements)},
                {"height", hello.input.size.height},
                {"width", hello.input.size.width},
                {"channels", hello.input.channels},
                {"most_images", hello.input.most_images}};
  if (hello.input.quantisation) {
    input["scale"] = hello.input.quantisation->scale;
    input["zero_point"] = static_cast<int>(hello.input.quantisation->zero_point);
  }
  if (hello.input.layout) input["layout"] = word_of(*hello.input.layout, layout_of, layouts);
  json message = {{"dflare", process_protocol},     {"runtime", hello.runtime},
                  {"classes", hello.classes},       {"input", input},
                  {"score_step", hello.score_step}, {"file", hello.file},
                  {"sha256", hello.sha256}};
  if (hello.input.output) message["output"] = output_name(*hello.input.output);
  if (hello.host) {
    const HostHello& host = *hello.host;
    message["host"] = {{"version", host.version},
                       {"spec", input_to_json(host.spec)},
                       {"backend", host.backend},
                       {"device", host.device},
                       {"engine", host.engine}};
  }
  return message;
}

std::string difference(const Hello& a, const Hello& b) {
  const json first = to_json(a), second = to_json(b);
  for (const auto& entry : first.items()) {
    const json& other = second.contains(entry.key()) ? second[entry.key()] : json();
    if (entry.value() != other)
      return fmt::format("{}: {}, then {}", entry.key(), entry.value().dump(), other.dump());
  }
  return second.size() == first.size() ? "" : "output: none, then one";
}

json to_json(const BatchRequest& request) {
  return {{"batch", request.batch},         {"predict", request.images},
          {"height", request.height},       {"width", request.width},
          {"channels", request.channels},   {"images_at", request.images_at},
          {"scores_at", request.scores_at}, {"memory", request.memory}};
}

BatchRequest parse_request(const json& message) {
  const Reader request(
      message, "a request",
      {"batch", "predict", "height", "width", "channels", "images_at", "scores_at", "memory"});
  const auto count = [&](const char* key) { return static_cast<int>(request.whole(key, 1, many)); };
  const auto bytes = [&](const char* key) {
    return static_cast<std::size_t>(request.whole(key, 0, very_many));
  };
  return {request.whole("batch", 0, very_many),
          count("predict"),
          count("height"),
          count("width"),
          count("channels"),
          bytes("images_at"),
          bytes("scores_at"),
          bytes("memory")};
}

json to_json(const BatchAnswer& answer) {
  return {{"batch", answer.batch}, {"scores", {answer.rows, answer.classes}}};
}

json error_answer(std::int64_t batch, const std::string& error) {
  return {{"batch", batch}, {"error", error}};
}

BatchAnswer parse_answer(const json& message, std::int64_t batch) {
  const Reader answer(message, "its answer", {"batch", "scores", "error"});
  if (const auto answered = answer.whole("batch", 0, very_many); answered != batch)
    answer.fail(
        fmt::format("it is to batch {}, but the child was asked about batch {}", answered, batch));
  if (answer.has("error")) throw ModelError(answer.word("error"));
  const json& shape = answer.at("scores");
  if (!shape.is_array() || shape.size() != 2) answer.wrong("scores", "[rows, classes]");
  try {
    return {batch, json_number<int>(shape[0], 0, many), json_number<int>(shape[1], 0, many)};
  } catch (const JsonError&) {
    answer.wrong("scores", "[rows, classes]");
  }
}

}  // namespace dflare
