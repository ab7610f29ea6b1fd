#include "training/state_fields.hpp"

#include <fmt/format.h>

#include <cstring>

namespace dflare::repair {

StateField StateField::at(const char* name) const {
  if (!value_.is_object())
    refuse(fmt::format("it is {}, expected fields with names", brief_json(value_)));
  const std::string path = name_.empty() ? name : name_ + "." + name;
  const auto found = value_.find(name);
  if (found == value_.end()) throw StateError(path + ": it is missing");
  return {*found, path};
}

std::vector<StateField> StateField::items() const {
  if (!value_.is_array()) refuse(fmt::format("it is {}, expected a list", brief_json(value_)));
  std::vector<StateField> items;
  for (std::size_t i = 0; i < value_.size(); ++i)
    items.push_back({value_[i], fmt::format("{}[{}]", name_, i)});
  return items;
}

double StateField::number() const {
  const auto bits = as<std::uint64_t>();
  double number = 0;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

void StateField::refuse(const std::string& why) const {
  throw StateError(name_.empty() ? why : name_ + ": " + why);
}

std::uint64_t state_bits(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

}  // namespace dflare::repair
