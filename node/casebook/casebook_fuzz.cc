// Whatever an officer types, and whatever a verified message says, the casebook answers or tells.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/status.h"
#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

struct Fixture {
  Folder folder{"/dev/shm"};
  std::unique_ptr<Casebook> book = Opened(folder.File("fuzz.db"), "QM");
  Post post;

  Fixture() {
    PALERMO_CHECK(book != nullptr);
    const std::vector<v1::CasebookEntry> entries = {post.Entry("QM", "QN", {"QM"}, Report("R-1"))};
    PALERMO_CHECK(book->Put(entries, "").ok());
  }
};

void FuzzOne(const std::string& text) {
  static auto* fixture = new Fixture();
  const Access access = AccessOf("QM");
  const std::string code = CodeOf(fixture->book->Search(text, access, 10).status());
  PALERMO_CHECK(code == "OK" || code == "NO_WORDS" || code == "TOO_MANY");
  PALERMO_CHECK(fixture->book->Named(text, access, 10).ok());
  fixture->book->Record(text, access, casework::Way::kView, "").status().IgnoreError();
  v1::CaseBody body;
  if (!body.ParseFromString(text)) return;
  ContentOf(v1::Header(), body);
  const auto entry = fixture->post.Entry("QM", "QN", {"QM"}, body);
  PALERMO_CHECK(fixture->book->Put(std::vector{entry}, "").ok());
}

}  // namespace
}  // namespace palermo::casebook

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  palermo::casebook::FuzzOne(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
