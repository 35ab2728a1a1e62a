// Entries as the desk would make them of verified messages, for tests.
#ifndef PALERMO_NODE_CASEBOOK_TEST_UTIL_H_
#define PALERMO_NODE_CASEBOOK_TEST_UTIL_H_

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "crypto/hash.h"
#include "node/casebook/casebook.h"
#include "node/casework/intelligence/route_csv.h"
#include "palermo/v1/common.pb.h"

namespace palermo::casebook {

inline absl::Time Noon() { return FromMillis(1772442000000); }  // 2026-03-02T09:00:00Z

// A folder of its own that ends with the object.
class Folder {
 public:
  // Below `place` when that is there: one that is in memory makes syncs cheap.
  explicit Folder(const std::string& place = "") {
    const bool there = !place.empty() && std::filesystem::exists(place);
    const auto below =
        there ? std::filesystem::path(place) : std::filesystem::temp_directory_path();
    path_ = (below / "casebook-XXXXXX").string();
    made_ = mkdtemp(path_.data()) != nullptr;
  }
  ~Folder() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const std::string& name) const { return Cat({path_, "/", name}); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool made_ = false;
};

inline crypto::SecretBytes Key(char fill = 'k') {
  return crypto::SecretBytes::Copy(std::string(32, fill));
}

inline Access AccessOf(const std::string& state, const std::string& purpose = "INVESTIGATION",
                       const std::string& reason = "case 7") {
  return {{state, Cat({state, "/central"}), Cat({state, "/central/o-1"}), purpose, reason}, Noon()};
}

// Makes what one state's desk holds of messages between states. Ids count, so that they differ.
class Post {
 public:
  // At the desk of `at`: incoming unless that state sent it. Every recipient took delivery.
  v1::CasebookEntry Entry(const std::string& at, const std::string& from,
                          std::vector<std::string> to, const v1::CaseBody& body) {
    v1::Header header;
    header.set_version(1);
    header.set_sender(Cat({from, "/central"}));
    std::sort(to.begin(), to.end());
    for (const std::string& state : to) header.add_recipients(Cat({state, "/central"}));
    ++count_;
    header.set_case_id(std::string(AsView(crypto::Sha256(std::to_string(count_)))).substr(0, 16));
    header.set_family(v1::Family::LAW_ENFORCEMENT_INFO);
    header.set_act(v1::Act::REQUEST);
    header.set_handling(v1::Handling::H2);
    header.set_expires_at_ms(ToMillis(Noon() + absl::Hours(24 * 20)));
    v1::CasebookEntry entry;
    entry.set_header(header.SerializeAsString());
    entry.set_message_id(std::string(AsView(crypto::Sha256({"message", entry.header()}))));
    entry.set_body(body.SerializeAsString());
    entry.set_incoming(at != from);
    entry.set_result(v1::RetrievalResult::OPENED);
    entry.set_recorded_at_ms(ToMillis(Noon()) - 1000000 + count_);
    AddReceipt(entry, from, v1::RecordKind::SUBMISSION);
    for (const std::string& state : to) AddReceipt(entry, state, v1::RecordKind::DELIVERY);
    return entry;
  }
  static void AddReceipt(v1::CasebookEntry& entry, const std::string& state,
                         v1::RecordKind::Code kind) {
    v1::CasebookReceipt& receipt = *entry.add_receipts();
    receipt.set_state(state);
    receipt.set_kind(kind);
    receipt.set_outcome(v1::Outcome::ACCEPTED);
    receipt.set_at_ms(entry.recorded_at_ms());
  }

 private:
  int64_t count_ = 0;
};

inline v1::CaseBody Report(const std::string& id, const std::string& originator = "QN",
                           const std::vector<std::string>& released = {"QM"},
                           v1::Tlp::Code tlp = v1::Tlp::AMBER) {
  v1::CaseBody body;
  body.set_version(1);
  v1::RouteReport& report = *body.mutable_route_report() = casework::RouteTemplate();
  report.set_route_id(id);
  report.set_originator(originator);
  v1::Label& label = *report.mutable_label();
  label.set_originator(originator);
  label.set_tlp(tlp);
  label.clear_release_states();
  for (const std::string& state : released) label.add_release_states(state);
  return body;
}

inline v1::CaseBody Recall(const std::string& record) {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_intelligence_recall()->set_record_id(record);
  body.mutable_intelligence_recall()->set_reason("wrong vessel");
  return body;
}
inline v1::CaseBody Answer(const std::string& record, const std::string& outcome) {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_intelligence_answer()->set_record_id(record);
  body.mutable_intelligence_answer()->set_outcome(outcome);
  return body;
}
inline v1::CaseBody Consent(const std::string& record, const std::string& to_state,
                            const std::string& purpose = "INVESTIGATION",
                            const std::string& decision = "GRANT") {
  v1::CaseBody body;
  body.set_version(1);
  v1::OnwardConsentAnswer& answer = *body.mutable_onward_consent_answer();
  answer.set_record_id(record);
  answer.set_to_state(to_state);
  answer.set_purpose(purpose);
  answer.set_decision(decision);
  return body;
}

// A mail of an operation, and what the desk found in it.
inline v1::CaseBody MailOf(const std::string& operation) {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_operation_mail()->set_operation(operation);
  return body;
}
inline void Carry(v1::CasebookEntry& entry, const casework::SignedRecord& r) {
  v1::CasebookOperationRecord& kept = *entry.add_operation_records();
  kept.set_id(r.id);
  kept.set_signer(r.signer);
  *kept.mutable_record() = r.record;
  kept.set_place_only(r.place_only);
}

inline std::unique_ptr<Casebook> Opened(const std::string& path, const std::string& state,
                                        char key = 'k') {
  auto casebook = Casebook::Open(path, Key(key), Cat({state, "/central/o-1"}));
  return casebook.ok() ? std::move(casebook).value() : nullptr;
}

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_TEST_UTIL_H_
