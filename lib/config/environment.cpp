#include "config/environment.hpp"

namespace dflare::config {

std::string note_on_variables(const std::string& value) {
  if (value.find("${") == std::string::npos) return "";
  return ". Environment variables are filled in only in paths and in the texts of models (process, "
         "url, model, version): write the value, or give an option as a flag or as DFLARE_NAME";
}

}  // namespace dflare::config
