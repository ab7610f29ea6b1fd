#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "dflare/error.hpp"
#include "dflare/model.hpp"
#include "support/images.hpp"
#include "support/message_of.hpp"

namespace dflare {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct Identity {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
};

/// A certificate for 127.0.0.1 that is its own authority.
Identity own_authority() {
  Identity identity;
  X509* certificate = identity.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, identity.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* host =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate, host, -1);
  X509_EXTENSION_free(host);
  X509_sign(certificate, identity.key.get(), EVP_sha256());
  return identity;
}

class ServerTls : public testing::Test {
 protected:
  ServerTls() : http_(identity_.certificate.get(), identity_.key.get()) {
    http_.Get(".*", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"name":"encrypted","version":"1"})", "application/json");
    });
    server_.url = "https://127.0.0.1:" + std::to_string(http_.bind_to_any_port("127.0.0.1"));
    server_.model = "linear";
    thread_ = std::thread([this] { http_.listen_after_bind(); });
    while (!http_.is_running()) std::this_thread::yield();
  }
  ~ServerTls() override {
    unsetenv("SSL_CERT_FILE");
    http_.stop();
    thread_.join();
  }

  Identity identity_ = own_authority();
  httplib::SSLServer http_;
  std::thread thread_;
  Server server_;
};

TEST_F(ServerTls, ACertificateOfNoKnownAuthorityIsRefused) {
  EXPECT_THAT(test::message_of<ModelError>([this] { load_server(server_, {}); }),
              AllOf(HasSubstr("its certificate is none that this machine trusts for this host (1 "
                              "attempt)"),
                    HasSubstr("SSL_CERT_FILE")));
}

TEST_F(ServerTls, AnAuthorityOfOnesOwn) {
  const std::string file = test::fresh_folder() + "/authority.pem";
  std::FILE* pem = std::fopen(file.c_str(), "w");
  PEM_write_X509(pem, identity_.certificate.get());
  std::fclose(pem);
  setenv("SSL_CERT_FILE", file.c_str(), 1);
  EXPECT_EQ(load_server(server_, {})->info().runtime, "encrypted 1");
}

}  // namespace
}  // namespace dflare
