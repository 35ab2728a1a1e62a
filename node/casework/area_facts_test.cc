// Facts of the forms of the areas: how much is exported, what one permit covers, and who is sought.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "node/casework/forms.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::Not;
using T = v1::AssistanceType;

// The keys of what is said about the form of `type` after a change.
std::vector<std::string> SaidOf(T::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  std::vector<std::string> keys;
  for (const Finding& f : CheckBody(ContextOfForm(type), body)) keys.push_back(f.key);
  return keys;
}

TEST(PreExportNotice, TellsHowMuchLeaves) {
  const auto with = [](const std::function<void(v1::Item&)>& change) {
    return SaidOf(T::PRE_EXPORT_NOTICE_PRECURSOR,
                  [&](v1::Request& r) { change(*r.mutable_items(0)); });
  };
  EXPECT_THAT(with([](v1::Item&) {}), Not(Contains("R-DRG-01.amount")));
  EXPECT_THAT(with([](v1::Item& i) { i.mutable_substances(0)->clear_quantity(); }),
              Contains("R-DRG-01.amount"));
  // Told of the consignment, or of one of several substances.
  EXPECT_THAT(with([](v1::Item& i) {
                i.mutable_substances(0)->clear_quantity();
                i.mutable_consignment()->set_quantity(1200);
                i.mutable_consignment()->set_unit("kg");
              }),
              Not(Contains("R-DRG-01.amount")));
  EXPECT_THAT(with([](v1::Item& i) { i.add_substances()->set_name("toluene"); }),
              Not(Contains("R-DRG-01.amount")));
  // Of what is only asked about nobody need know the amount.
  EXPECT_THAT(SaidOf(T::SAMPLE_FOR_ANALYSIS,
                     [](v1::Request& r) {
                       r.mutable_items(0)->clear_substances();
                       r.mutable_items(0)->add_substances()->set_name("acetic anhydride");
                     }),
              Not(Contains("R-DRG-01.amount")));
}

TEST(Permit, CoversOneConsignmentHoweverOftenItIsNamed) {
  const auto with = [](const std::vector<std::string>& consignments) {
    return SaidOf(T::VERIFY_CITES_PERMIT, [&](v1::Request& r) {
      *r.mutable_items(0)->mutable_consignments() = {consignments.begin(), consignments.end()};
    });
  };
  const std::string key = "R-WLD-05.consignments";
  EXPECT_THAT(with({"QMZU1200451"}), Not(Contains(key)));
  EXPECT_THAT(with({"QMZU1200451", "QMZU1200451"}), Not(Contains(key)));
  EXPECT_THAT(with({"QMZU1200451", " qmzu 1200451"}), Not(Contains(key)));
  EXPECT_THAT(with({"QMZU1200451", "QMZU1200467"}), Contains(key));
}

TEST(Extradition, OfSomebodyWhoseIdentityIsSealedNeedsNoClearDescription) {
  const auto with = [](const std::function<void(v1::Person&)>& change) {
    return SaidOf(T::EXTRADITE, [&](v1::Request& r) {
      v1::Person& person = *r.mutable_persons(0);
      person.clear_name();
      person.clear_description();
      change(person);
    });
  };
  EXPECT_THAT(with([](v1::Person&) {}), Contains("R-EXT-01.person"));
  EXPECT_THAT(with([](v1::Person& p) { p.set_sealed(false); }), Contains("R-EXT-01.person"));
  EXPECT_THAT(with([](v1::Person& p) { p.set_sealed(true); }), Not(Contains("R-EXT-01.person")));
  EXPECT_THAT(with([](v1::Person& p) { p.set_sealed_id("C-1"); }),
              Not(Contains("R-EXT-01.person")));
}

}  // namespace
}  // namespace palermo::casework
