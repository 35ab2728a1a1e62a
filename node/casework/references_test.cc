// Who is meant must be plain: one reference for each person, and a person for each reference.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;

// Where the references of persons are wrong, as "E request.items[0].person_ref".
std::set<std::string> WrongReferences(Draft& draft) {
  std::set<std::string> found;
  for (const Finding& f : draft.Check()) {
    if (f.key.starts_with("R-GEN-01.person_")) {
      found.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.field}));
    }
  }
  return found;
}

using Places = std::set<std::string>;

Draft Asking(const char* first, const char* second) {
  Draft draft(Act::REQUEST);
  v1::Request& r = *draft.body.mutable_request();
  r.clear_persons();
  r.add_persons()->set_ref(first);
  r.add_persons()->set_ref(second);
  for (v1::Item& item : *r.mutable_items()) item.set_person_ref("P-1");
  return draft;
}

TEST(References, AreOfOnePersonEach) {
  Draft draft = Asking("P-1", "P-1");
  EXPECT_EQ(WrongReferences(draft), Places{"E request.persons[1].ref"});
  draft = Asking("P-1", "p-1");
  EXPECT_EQ(WrongReferences(draft), Places{"E request.persons[1].ref"})
      << "a small letter hides it";
  draft = Asking("P-1", "P-2");
  EXPECT_EQ(WrongReferences(draft), Places{});
  draft = Asking("P-1", "");
  draft.body.mutable_request()->add_persons();
  EXPECT_EQ(WrongReferences(draft), Places{}) << "without a reference nobody is confused";
}

TEST(References, NameSomebody) {
  std::set<std::string> sealed;
  Draft draft = Asking("P-1", "P-2");
  draft.context.compartment_refs = &sealed;
  v1::Item& item = *draft.body.mutable_request()->mutable_items(0);
  item.set_person_ref("P-9");
  EXPECT_EQ(WrongReferences(draft), Places{"E request.items[0].person_ref"});
  sealed.insert("P-9");
  EXPECT_EQ(WrongReferences(draft), Places{}) << "a compartment has it";
  item.clear_person_ref();
  item.set_person("W-7");
  EXPECT_EQ(WrongReferences(draft), Places{"E request.items[0].person"});
  item.set_person("the clerk of the agency");
  EXPECT_EQ(WrongReferences(draft), Places{}) << "words may stand there";
}

TEST(References, AreOneWhateverTheirLettersAndBlanks) {
  EXPECT_TRUE(SameRef("V-1", " v-1 "));
  EXPECT_FALSE(SameRef("V-1", "V-12"));
  const std::set<std::string> sealed = {"W-3"};
  EXPECT_TRUE(HasRef(sealed, "w-3"));
  Draft draft = Asking("p-1", "P-2");
  draft.context.compartment_refs = &sealed;
  EXPECT_EQ(WrongReferences(draft), Places{}) << "P-1 is listed as p-1";
  const std::set<std::string> small = {"p-9"};
  draft.context.compartment_refs = &small;
  draft.body.mutable_request()->mutable_items(0)->set_person_ref("P-9");
  EXPECT_EQ(WrongReferences(draft), Places{});
}

// A small letter opens no way around the rules of protected persons.
TEST(References, InSmallLettersAreJudgedAsThePersonThatTheyName) {
  using T = v1::AssistanceType;
  const auto told = [](T::Code type, const std::string& key,
                       const std::function<void(v1::Request&)>& change) {
    v1::CaseBody body = TemplateForType(type);
    change(*body.mutable_request());
    const auto findings = CheckBody(ContextOfForm(type), body);
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& f) { return f.key == key; });
  };
  for (const char* ref : {"V-1", "v-1"}) {
    EXPECT_EQ(told(T::VERIFY_NATIONALITY, "R-SEAL-01.document",
                   [&](v1::Request& r) {
                     r.mutable_persons(0)->set_ref("V-1");
                     r.mutable_persons(0)->set_sealed(true);
                     r.mutable_items(0)->clear_person();
                     r.mutable_items(0)->set_person_ref(ref);
                     r.mutable_items(0)->set_document_number("QT4471209");
                   }),
              1)
        << ref;
  }
  v1::CaseBody body = TemplateForType(T::VICTIM_REFERRAL);
  for (const char* ref : {"V-1", "v-1"}) {
    CheckContext context = ContextOfForm(T::VICTIM_REFERRAL);
    const std::set<std::string> refs = {ref};
    context.compartment_refs = &refs;
    for (const Finding& f : CheckBody(context, body)) {
      EXPECT_NE(f.key, "R-SEAL-01.nowhere") << ref;
      EXPECT_NE(f.key, "R-SEAL-01.unknown_ref") << ref;
    }
  }
}

// Who receives a request does not know which compartments it has for others.
TEST(References, OfCompartmentsThatAreNotKnownAreANote) {
  Draft draft = Asking("P-1", "P-2");
  draft.body.mutable_request()->mutable_items(0)->set_person_ref("P-9");
  EXPECT_EQ(WrongReferences(draft), Places{"N request.items[0].person_ref"});
}

TEST(References, AreNotMissedWhereNobodyIsListed) {
  Draft draft = Asking("P-1", "P-2");
  draft.body.mutable_request()->clear_persons();
  EXPECT_EQ(WrongReferences(draft), Places{}) << "that is R-MLA-15E";
}

}  // namespace
}  // namespace palermo::casework
