// What a command of a joint operation costs, by the number of records: reading every mail, kept
// sealed, as each command does; the book; what the others lack. Each record comes in a mail of its
// own, verified back to the roster and opened. The cost of a record must not grow with their
// number.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/desk/operation_mailbox.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using testing::Value;
using Clock = std::chrono::steady_clock;

double Millis(Clock::time_point since) {
  return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

using Mails = std::map<std::string, v1::FetchMessageResponse>;

class Source final : public MailSource {
 public:
  explicit Source(const Mails& mails) : mails_(mails) {}
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(
      const v1::ListMessagesRequest& request) override {
    v1::ListMessagesResponse page;
    for (auto it = mails_.upper_bound(request.after());
         it != mails_.end() && page.messages_size() < static_cast<int>(limits::kMaxInboxPage);
         ++it) {
      v1::MessageSummary& summary = *page.add_messages();
      summary.set_message_id(it->first);
      summary.set_header(it->second.envelope().header());
      summary.set_incoming(true);
      summary.set_retrieval(v1::RetrievalResult::OPENED);
      page.set_next(it->first);
    }
    return page;
  }
  absl::StatusOr<v1::ListPendingResponse> ListPending(const v1::ListPendingRequest&) override {
    return v1::ListPendingResponse();
  }
  absl::StatusOr<v1::FetchMessageResponse> FetchMessage(const std::string& id) override {
    return mails_.at(id);
  }

 private:
  const Mails& mails_;
};

// QM founds an operation with QT and reports; QT reads.
class Bench {
 public:
  explicit Bench(size_t records) {
    std::string path = (std::filesystem::temp_directory_path() / "operation-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    keys_.push_back(
        {"QT/central", 1, crypto::SealingKeyId(world_.state("QT").sealing.PublicKey()),
         Value(crypto::SealingPrivateKey::FromBytes(world_.state("QT").sealing.kem(),
                                                    world_.state("QT").sealing.bytes().Clone()))});
    v1::OperationRecord record;
    for (const char* state : {"QM", "QT"}) {
      auto& party = *record.mutable_agreement()->add_parties();
      party.set_state(state);
      party.set_authority(std::string(state) + "/central");
    }
    record.mutable_agreement()->mutable_period()->set_to("2029-12-31");
    std::string previous;
    for (size_t n = 1; n <= records; ++n) {
      record.set_operation(operation_);
      record.set_state("QM");
      record.set_seq(n);
      record.set_previous(previous);
      record.set_at(FormatInstant(world_.clock.Now()));
      previous = OperationRecordId("QM", record);
      if (operation_.empty()) operation_ = previous;
      Enter(record);
      record.mutable_situation()->set_text(absl::StrFormat("house %d searched, nobody there", n));
      world_.clock.Advance(absl::Seconds(1));
    }
  }
  ~Bench() { std::filesystem::remove_all(folder_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  OperationMailbox Read() {
    return Value(ReadOperationMailbox({std::make_unique<Source>(mails_), view_, "QT", keys_,
                                       folder_, false, &verified_, world_.clock.Now()}));
  }
  // As the casebook knows them from then on.
  void Remember() {
    known_ = {verified_.fresh.begin(), verified_.fresh.end()};
    verified_ = {[this](const Hash& hash) { return known_.count(hash) != 0; }, {}};
  }
  OperationBook Book(const OperationMailbox& box, const std::string& state) {
    return Value(BuildOperationBook(operation_, state, box.carriers, true, world_.clock.Now()));
  }
  absl::Time Now() { return world_.clock.Now(); }

 private:
  void Enter(const v1::OperationRecord& record) {
    v1::CaseBody body;
    body.set_version(1);
    body.mutable_operation_mail()->set_operation(operation_);
    *body.mutable_operation_mail()->add_records() = record;
    testing::EnvelopeSpec spec;
    spec.family = v1::Family::JOINT_INVESTIGATION;
    spec.plaintext = trust::StrictSerialize(body);
    const v1::Envelope envelope = world_.MakeEnvelope(spec);
    v1::FetchMessageResponse message;
    *message.mutable_envelope() = envelope;
    message.set_signature_list(trust::FreezeSignatures(world_.SignAll(envelope)));
    *message.mutable_sender_charter() = world_.state("QM").charter;
    *message.mutable_sender_directory() = world_.state("QM").directory;
    Add("QM", world_.SubmissionRecord(envelope, message.signature_list()), message);
    Add("QT", world_.DeliveryRecord("QT", envelope, message.signature_list()), message);
    mails_[std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id))] = message;
  }
  void Add(const std::string& state, const v1::Record& record, v1::FetchMessageResponse& message) {
    v1::StoredReceipt* stored = message.add_receipts();
    stored->set_state(state);
    *stored->mutable_receipt() = world_.MakeReceipt(state, record);
  }

  testing::World world_{{.families = {v1::Family::JOINT_INVESTIGATION}}};
  trust::TrustPtr view_ = world_.View();
  std::string folder_, operation_;
  std::vector<AuthorityKey> keys_;
  Mails mails_;
  VerifiedMails verified_;
  std::set<Hash> known_;
};

int Run() {
  std::printf(
      "records  fetch and read  read kept  book  plan, all sent  plan, nothing sent  (ms)\n");
  double few = 0, many = 0;
  for (const size_t records : {10, 100, 1000}) {
    Bench bench(records);
    auto since = Clock::now();
    bench.Read();
    const double fetched = Millis(since);
    bench.Remember();
    since = Clock::now();
    const OperationMailbox box = bench.Read();
    const double kept = Millis(since);
    PALERMO_CHECK(box.carriers.size() == records && box.problems.empty());
    since = Clock::now();
    const OperationBook book = bench.Book(box, "QT");
    const double built = Millis(since);
    PALERMO_CHECK(book.records.size() == records);
    since = Clock::now();
    Value(PlanOperationMails(book, false, bench.Now()));
    const double planned = Millis(since);
    // As its author, who has sent nothing yet: it looks at every record for every member.
    OperationBook author = bench.Book(box, "QM");
    author.peers.clear();
    since = Clock::now();
    Value(PlanOperationMails(author, false, bench.Now()));
    const double unsent = Millis(since);
    std::printf("%7zu %15.1f %10.1f %5.1f %15.1f %19.1f\n", records, fetched, kept, built, planned,
                unsent);
    const double each = (kept + built + planned + unsent) / static_cast<double>(records);
    if (records == 100) few = each;
    many = each;
  }
  std::printf("cost of a record at 1,000 against 100: %.2f\n", many / few);
  return 0;
}

}  // namespace
}  // namespace palermo::desk

int main() { return palermo::desk::Run(); }
