#include "support/hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "dflare/error.hpp"
#include "support/files.hpp"

namespace dflare {

std::string sha256_of_file(const std::string& path) {
  return sha256_of(read_file(path));
}

std::string sha256_of(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  // Fails only where a security policy of the system forbids the algorithm.
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error("OpenSSL refuses to compute SHA-256; check the system's OpenSSL configuration");
  }
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace dflare
