// The typed parts of an answer: each good one passes, and each mistake is told. Accounts, owners,
// registers, data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "node/casework/field_words.h"
#include "node/casework/form_check.h"
#include "node/casework/form_left.h"
#include "node/casework/json.h"
#include "node/casework/typed_answers_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::Not;
using T = v1::AssistanceType;
using v1::ItemOutcome;
using v1::ItemResult;
using Set = std::set<std::string>;
using Change = AnswerChange;

// --- All of them

const google::protobuf::FileDescriptor* AnswersFile() {
  return v1::AccountAnswer::descriptor()->file();
}

// Each typed part stands in the answer of a form, so that nobody has to guess how it is written.
TEST(TypedAnswers, EachPartAndEachFieldStandsInAForm) {
  Set shown;
  for (const TypeForm& form : TypeForms()) {
    for (const FieldNeed& need : FieldsOfAnswer(form.type)) {
      shown.insert(need.field->containing_type()->name() + "." + need.field->name());
    }
  }
  for (int i = 0; i < ItemResult::descriptor()->field_count(); ++i) {
    const auto* field = ItemResult::descriptor()->field(i);
    if (field->number() < ItemResult::kAccountFieldNumber) continue;
    EXPECT_TRUE(shown.contains("ItemResult." + field->name())) << field->name();
  }
  // What most answers lack.
  const Set rare = {"AccountFound.closed_at",
                    "Owner.until",
                    "SubscriberAnswer.until",
                    "ShipmentAnswer.missing",
                    "ShipmentAnswer.difference",
                    "PreExportAnswer.until",
                    "PreExportAnswer.reason",
                    "ReferralAnswer.reason",
                    "ServiceAnswer.not_served_reason",
                    "TravelDocumentAnswer.document_number",
                    "TravelDocumentAnswer.reason",
                    "HearingAnswer.consented",
                    "SearchAnswer.remedy",
                    "SurrenderAnswer.released_at",
                    "TransferAnswer.reason",
                    "ProceedingsAnswer.decided_at",
                    "ProceedingsAnswer.binding",
                    "ProceedingsAnswer.decision_hash",
                    "ProceedingsAnswer.reason",
                    "TeamAnswer.reason",
                    "MeasureAnswer.reason",
                    "AppearanceAnswer.reason",
                    "ExaminationAnswer.reason",
                    "PackageAnswer.altered",
                    "PackageAnswer.decision_due_at",
                    "PackageAnswer.reason",
                    "DistressAnswer.passed_to",
                    "DistressAnswer.passed_at",
                    "DistressAnswer.reason",
                    "RelocationAnswer.until"};
  for (int m = 0; m < AnswersFile()->message_type_count(); ++m) {
    const auto* type = AnswersFile()->message_type(m);
    for (int i = 0; i < type->field_count(); ++i) {
      const std::string name = type->name() + "." + type->field(i)->name();
      EXPECT_NE(shown.contains(name), rare.contains(name)) << name;
    }
  }
}

TEST(TypedAnswers, SurviveTheirJsonAndThePrintedFormIsSeen) {
  for (const TypeForm& form : TypeForms()) {
    SCOPED_TRACE(T::Code_Name(form.type));
    const v1::CaseBody body = AnswerForType(form.type);
    const auto again = BodyFromJson(BodyToJson(body, true));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->SerializeAsString(), body.SerializeAsString());
    EXPECT_EQ(CheckForms(body).size(), 0u) << FindingsText(CheckForms(body));
  }
  for (T::Code type :
       {T::BANK_ACCOUNT_DISCOVERY, T::FIU_POSTPONE_TRANSACTION, T::BENEFICIAL_OWNER_QUERY,
        T::SUBSCRIBER_INFO, T::ACCESS_STORED_DATA, T::CONFIRM_SHIPMENT_RECEIPT,
        T::PRE_EXPORT_NOTICE_PRECURSOR, T::TIMBER_TRACE, T::RETURN_SPECIMEN, T::SEARCH_SEIZE,
        T::VICTIM_REFERRAL, T::FREEZE, T::SERVE_DOCUMENT, T::VERIFY_LICENCE}) {
    EXPECT_THAT(FieldsOfExample(AnswerForType(type)), Not(::testing::IsEmpty()))
        << T::Code_Name(type);
  }
}

// Who writes words alone is not stopped, and hears nothing more than today.
TEST(TypedAnswers, WordsAloneStayAllowed) {
  for (const TypeForm& form : TypeForms()) {
    Answered answer(form.type);
    ItemResult words;
    words.set_n(1);
    words.set_outcome(ItemOutcome::EXECUTED_FULL);
    words.set_description("see the paper attached");
    words.set_procedure_followed(answer.item().procedure_followed());
    *words.mutable_data_care() = answer.item().data_care();
    *words.mutable_hearings() = answer.item().hearings();
    answer.item() = words;
    for (const std::string& key : answer.Check()) {
      EXPECT_EQ(key[0], 'N') << T::Code_Name(form.type) << key;
    }
  }
}

TEST(TypedAnswers, EveryListIsClosed) {
  using google::protobuf::Message;
  int lists = 0;
  const std::function<void(Message&, Answered&)> walk = [&](Message& message, Answered& answer) {
    const auto* reflection = message.GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const auto* field : fields) {
      if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
        if (!field->is_repeated()) walk(*reflection->MutableMessage(&message, field), answer);
        if (field->is_repeated()) {
          walk(*reflection->MutableRepeatedMessage(&message, field, 0), answer);
        }
        continue;
      }
      const bool ours = field->file() == AnswersFile() && !field->is_repeated();
      if (!ours || FindWords(message.GetDescriptor()->name(), field->name()) == nullptr) continue;
      const std::string good = reflection->GetString(message, field);
      reflection->SetString(&message, field, "NO_SUCH_WORD");
      EXPECT_THAT(answer.Check(), Contains("E R-GEN-01.word")) << field->full_name();
      reflection->SetString(&message, field, good);
      ++lists;
    }
  };
  for (const TypeForm& form : TypeForms()) {
    Answered answer(form.type);
    walk(answer.item(), answer);
  }
  EXPECT_GT(lists, 30);
}

TEST(TypedAnswers, ADateThatIsNoneIsToldWhereAFileIsRead) {
  v1::CaseBody body = AnswerForType(T::BANK_ACCOUNT_DISCOVERY);
  body.mutable_result()->mutable_items(0)->mutable_account()->mutable_accounts(0)->set_opened_at(
      "in May");
  ASSERT_EQ(CheckForms(body).size(), 1u);
  EXPECT_EQ(CheckForms(body)[0].key, "R-GEN-01.date");
  EXPECT_EQ(CheckForms(body)[0].field, "result.items[0].account.accounts[0].opened_at");
}

// --- Accounts

v1::AccountFound& Account(ItemResult& item) { return *item.mutable_account()->mutable_accounts(0); }

TEST(AccountAnswers, AreCheckedAsInRequests) {
  const auto of = [](const Change& change) { return OfAnswer(T::BANK_ACCOUNT_DISCOVERY, change); };
  EXPECT_EQ(of([](auto& i) { Account(i).mutable_account()->set_iban("QV48VSTB00012345678901"); }),
            Set{"E R-ID-IBAN.check"});
  EXPECT_EQ(of([](auto& i) { Account(i).mutable_account()->set_bic("VSTBYQXX"); }),
            Set{"N R-GEN-01.bic"});
  EXPECT_EQ(of([](auto& i) { Account(i).mutable_account()->mutable_amount()->set_ccy("EURO"); }),
            Set{"E R-GEN-01.currency"});
  EXPECT_EQ(of([](auto& i) { Account(i).set_closed_at("2022-01-01"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { i.clear_data_care(); }), Set{"N R-HR-14.unsaid"});
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); }),
            Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of([](auto& i) {
              i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE);
              i.mutable_account()->clear_accounts();
            }),
            Set{});
  EXPECT_EQ(
      OfAnswer(T::BANK_TRANSACTIONS,
               [](auto& i) {
                 i.mutable_account()->mutable_transactions(1)->mutable_amount()->set_ccy("XX");
               }),
      Set{"E R-GEN-01.currency"});
  EXPECT_EQ(OfAnswer(T::BANK_MONITORING,
                     [](auto& i) { i.mutable_account()->set_period_to("2030-03-01"); }),
            Set{"E R-GEN-01.period_order"});
}

TEST(AccountAnswers, AStopSaysUntilWhen) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::FIU_POSTPONE_TRANSACTION, change);
  };
  EXPECT_EQ(of([](auto& i) { i.mutable_account()->mutable_stop()->clear_until(); }),
            Set{"N R-GEN-01.stop_until"});
  EXPECT_EQ(of([](auto& i) { i.mutable_account()->mutable_stop()->set_decision("NOT_STOPPED"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done"}));
  EXPECT_EQ(of([](auto& i) {
              i.mutable_account()->mutable_stop()->set_decision("NOT_STOPPED");
              i.mutable_account()->mutable_stop()->clear_until();
              i.set_outcome(ItemOutcome::IMPOSSIBLE);
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::IMPOSSIBLE); }),
            Set{"W R-EXE-01.contrary"});
}

TEST(AccountAnswers, ThatWereClosedAreNoneAnyMore) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::BANK_ACCOUNT_DISCOVERY, [&](auto& i) {
      i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE);
      change(i);
    });
  };
  EXPECT_EQ(of([](auto& i) { Account(i).set_closed_at("2025-01-01"); }), Set{});
  EXPECT_EQ(of([](auto& i) { Account(i).Clear(); }), Set{}) << "an empty message is none";
  EXPECT_EQ(of([](auto& i) {
              Account(i).set_closed_at("2025-01-01");
              *i.mutable_account()->add_accounts() = Account(i);
              Account(i).clear_closed_at();
            }),
            Set{"W R-EXE-01.contrary"});
}

TEST(Money, OfAnAnswerHasACurrencyAndIsNotLessThanNothing) {
  const auto of = [](const Change& change) { return OfAnswer(T::FREEZE, change); };
  const auto amount = [](ItemResult& i) -> v1::Money& {
    return *i.mutable_assets(0)->mutable_amount();
  };
  EXPECT_EQ(of([&](auto& i) { amount(i).clear_ccy(); }), Set{"E R-GEN-01.no_currency"});
  EXPECT_EQ(of([&](auto& i) { amount(i).set_minor(-5); }), Set{"W R-EXE-01.negative"});
  EXPECT_EQ(of([&](auto& i) { amount(i).Clear(); }), Set{});
  EXPECT_EQ(
      OfAnswer(T::BANK_ACCOUNT_DISCOVERY,
               [](auto& i) { Account(i).mutable_account()->mutable_amount()->set_minor(-120000); }),
      Set{})
      << "an account may be overdrawn";
}

TEST(Periods, ADayLastsToItsEnd) {
  const auto monitored = [](const char* from, const char* to) {
    return OfAnswer(T::BANK_MONITORING, [=](auto& i) {
      i.mutable_account()->set_period_from(from);
      i.mutable_account()->set_period_to(to);
    });
  };
  EXPECT_EQ(monitored("2030-04-03T08:00:00Z", "2030-04-03"), Set{});
  EXPECT_EQ(monitored("2030-04-03T08:00:00Z", "2030-04-02"), Set{"E R-GEN-01.period_order"});
  EXPECT_EQ(OfAnswer(T::FREEZE,
                     [](auto& i) {
                       i.mutable_assets(0)->set_at("2030-03-18T10:00:00Z");
                       i.mutable_assets(0)->set_expires_at("2030-03-18");
                     }),
            Set{});
}

// --- Owners, subscribers, registers

TEST(OwnershipAnswers, HaveAWholeAtMost) {
  const auto of = [](const Change& change) { return OfAnswer(T::BENEFICIAL_OWNER_QUERY, change); };
  const auto owner = [](ItemResult& i, int n) -> v1::Owner& {
    return *i.mutable_ownership()->mutable_owners(n);
  };
  EXPECT_EQ(of([&](auto& i) { owner(i, 0).set_share(175); }), Set{"E R-GEN-01.share"});
  EXPECT_EQ(of([&](auto& i) { owner(i, 0).clear_through(); }), Set{"W R-EXE-01.shares"});
  EXPECT_EQ(of([&](auto& i) {
              owner(i, 0).clear_through();
              owner(i, 1).set_until("2025-01-01");  // sold
            }),
            Set{});
  EXPECT_EQ(of([&](auto& i) { owner(i, 0).set_until("2020-01-01"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { i.mutable_ownership()->set_status("NOT_REGISTERED"); }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) { i.mutable_ownership()->set_lei("QVFIXTURE00000001276"); }),
            Set{"E R-ID-LEI.check"});
  EXPECT_EQ(of([&](auto& i) { owner(i, 0).mutable_person()->set_lei("QVFIXTURE00000001276"); }),
            Set{"E R-ID-LEI.check"});
}

TEST(SubscriberAnswers, SayWhichAddressWhenAndWhichPort) {
  const auto of = [](const Change& change) { return OfAnswer(T::SUBSCRIBER_INFO, change); };
  const auto selector = [](ItemResult& i) -> v1::Selector& {
    return *i.mutable_subscriber()->mutable_selector();
  };
  EXPECT_EQ(of([&](auto& i) { selector(i).set_at("2026-01-09"); }), Set{"E R-CYB-IP.time"});
  EXPECT_EQ(of([&](auto& i) { selector(i).set_ip("192.168.0.7"); }), Set{"E R-CYB-IP.private"});
  EXPECT_EQ(of([&](auto& i) { selector(i).clear_port(); }), Set{"W R-CYB-IP.port"});
  EXPECT_EQ(of([&](auto& i) {
              selector(i).Clear();
              selector(i).set_kind("IMEI");
              selector(i).set_value("490154203237519");
            }),
            Set{"E R-ID-IMEI.check"});
  EXPECT_EQ(of([](auto& i) { i.mutable_subscriber()->set_result("NOT_IDENTIFIED"); }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) { i.mutable_data_care()->clear_source(); }), Set{"N R-HR-14.unsaid"});
  // The address may stand in the other field.
  EXPECT_EQ(of([&](auto& i) {
              selector(i).set_value(selector(i).ip());
              selector(i).clear_ip();
            }),
            Set{});
  // A question without a port gets an answer without one.
  Answered answer(T::SUBSCRIBER_INFO);
  answer.question().mutable_selectors(0)->clear_port();
  selector(answer.item()).clear_port();
  EXPECT_EQ(answer.Check(), Set{});
  selector(answer.item()).set_value(selector(answer.item()).ip());
  selector(answer.item()).clear_ip();
  EXPECT_EQ(answer.Check(), Set{});
}

TEST(RegisterAnswers, HaveNoEntryOrSome) {
  const auto of = [](const Change& change) { return OfAnswer(T::CRIMINAL_RECORD, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_extract()->set_result("NO_ENTRY"); }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_extract()->set_result("NO_ENTRY");
              i.mutable_extract()->clear_entries();
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) { i.mutable_delivered(0)->clear_hash(); }),
            Set{"N R-GEN-01.delivered_hash"});
  // A certificate may say that there is nothing; what was asked for does not.
  const auto negative = [&](const char* category) {
    return of([=](auto& i) {
      i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE);
      i.mutable_extract()->set_result("NO_ENTRY");
      i.mutable_extract()->clear_entries();
      i.mutable_delivered(0)->set_category(category);
    });
  };
  EXPECT_EQ(negative("DOCUMENT"), Set{});
  EXPECT_EQ(negative("SUBSCRIBER"), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(
      OfAnswer(T::PEP_ENQUIRY,
               [](auto& i) { i.mutable_extract()->mutable_entries(0)->set_until("2020-01-01"); }),
      Set{"W R-EXE-01.time_order"});
}

// --- Delivered data

TEST(DeliveredData, AreNoDeeperThanTheirOrder) {
  Answered answer(T::SUBSCRIBER_INFO);
  v1::DataDelivered& data = *answer.item().add_delivered();
  data.set_hash(std::string(64, 'a'));
  data.set_filtered(true);
  data.set_category("SUBSCRIBER");
  EXPECT_EQ(answer.Check(), Set{});
  data.set_category("CONTENT");
  EXPECT_EQ(answer.Check(), Set{"E R-CYB-04.delivered"});
  data.set_order_hash(std::string(64, 'b'));
  EXPECT_EQ(answer.Check(), Set{});
  const auto without_order = [](auto& i) { i.mutable_delivered(0)->clear_order_hash(); };
  EXPECT_EQ(OfAnswer(T::ACCESS_STORED_DATA, without_order), Set{});  // the request's covers it
  EXPECT_EQ(OfAnswer(T::EMERGENCY_DISCLOSURE, without_order), Set{});
  EXPECT_EQ(OfAnswer(T::DISCLOSE_PRESERVED_TRAFFIC,
                     [](auto& i) {
                       i.mutable_delivered(0)->clear_order_hash();
                       i.mutable_delivered(0)->set_category("CONTENT");
                       i.mutable_delivered(0)->set_filtered(true);
                     }),
            Set{"E R-CYB-04.delivered"});
}

TEST(DeliveredData, OfAPreservationNeedAnOrder) {
  Answered answer(T::PRESERVE_DATA);
  v1::DataDelivered& data = *answer.item().add_delivered();
  data.set_hash(std::string(64, 'a'));
  data.set_filtered(false);
  data.set_category("CONTENT");
  EXPECT_EQ(answer.Check(), Set{"E R-CYB-04.delivered"});
  data.set_category("SUBSCRIBER");
  EXPECT_EQ(answer.Check(), Set{});
  // BUD 30: what shows the provider and the path, and says so.
  data.set_category("TRAFFIC");
  EXPECT_EQ(answer.Check(), Set{"E R-CYB-04.path"});
  answer.item().mutable_data_care()->add_beyond_request("the provider before ours");
  answer.item().mutable_data_care()->set_beyond_reason("BUD 30: the path leads to another state");
  EXPECT_EQ(answer.Check(), Set{});
  answer.item().clear_data_care();
  data.set_order_hash(std::string(64, 'b'));
  EXPECT_EQ(answer.Check(), Set{});
}

TEST(DeliveredData, SayOfWhichKindTheyAre) {
  const auto silent = [](auto& i) { i.mutable_delivered(0)->clear_category(); };
  EXPECT_EQ(OfAnswer(T::DISCLOSE_PRESERVED_TRAFFIC, silent), Set{"W R-EXE-01.depth"});
  EXPECT_EQ(OfAnswer(T::RECORDS_BUSINESS, silent), Set{"N R-GEN-01.delivered_category"});
}

TEST(DeliveredData, SayWhetherPrivilegedCommunicationWasTakenOut) {
  EXPECT_EQ(
      OfAnswer(T::INTERCEPT_CONTENT, [](auto& i) { i.mutable_delivered(0)->clear_filtered(); }),
      Set{"N R-GEN-01.filtered"});
}

TEST(DeliveredData, UnderAnOrderThatDoesNotSayItsKind) {
  Answered answer(T::ACCESS_STORED_DATA);
  answer.item().mutable_delivered(0)->clear_order_hash();
  answer.question().mutable_order()->clear_kind();
  EXPECT_EQ(answer.Check(), Set{});
  answer.question().clear_data_categories();
  EXPECT_EQ(answer.Check(), Set{}) << "nobody said how deep it goes";
  answer.question().mutable_order()->set_kind("TRAFFIC");
  EXPECT_EQ(answer.Check(), Set{"E R-CYB-04.delivered"});
}

TEST(DeliveredData, AreOfTheTimeThatWasAskedFor) {
  const auto of = [](const Change& change) { return OfAnswer(T::INTERCEPT_CONTENT, change); };
  const auto last = [](ItemResult& i, const char* at) {
    i.mutable_delivered(0)->set_period_to(at);
  };
  EXPECT_EQ(of([&](auto& i) { last(i, "2030-04-14T23:59:59Z"); }), Set{});
  EXPECT_EQ(of([&](auto& i) { last(i, "2030-04-14"); }), Set{});
  EXPECT_EQ(of([&](auto& i) { last(i, "2030-04-15"); }), Set{"N R-HR-14.window"});
  EXPECT_EQ(of([&](auto& i) { last(i, "2030-04-16T00:00:00Z"); }), Set{"N R-HR-14.window"});
  EXPECT_EQ(of([&](auto& i) {
              last(i, "2030-04-16T00:00:00Z");
              i.mutable_data_care()->add_beyond_request("one day");
              i.mutable_data_care()->set_beyond_reason("the provider cuts by weeks");
            }),
            Set{});
  EXPECT_EQ(of([&](auto& i) { last(i, "2030-03-01T00:00:00Z"); }), Set{"E R-GEN-01.period_order"});
}

}  // namespace
}  // namespace palermo::casework
