#include "node/desk/health_release.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/texts.h"
#include "node/casework/vocabulary.h"
#include "node/desk/json_value.h"

namespace palermo::desk {
namespace {

using casework::IdentityKind;
using casework::IdentityToken;

// What says what the product is and how to know it. Neither the chain of custody nor who made it
// in truth: that is what is investigated.
v1::ProductAlert FactsOf(const v1::ProductAlert& alert) {
  v1::ProductAlert facts;
  facts.set_category(alert.category());
  facts.set_product(alert.product());
  facts.set_inn(alert.inn());
  facts.set_atc(alert.atc());
  facts.set_gtin(alert.gtin());
  facts.set_batch(alert.batch());
  facts.set_expiry(alert.expiry());
  facts.set_manufactured(alert.manufactured());
  *facts.mutable_serials() = alert.serials();
  facts.set_finding(alert.finding());
  facts.set_manufacturer_stated(alert.manufacturer_stated());
  facts.set_strength(alert.strength());
  facts.set_form(alert.form());
  *facts.mutable_distribution() = alert.distribution();
  return facts;
}

void AddToken(IdentityKind kind, const std::string& value, const std::string& ref,
              std::vector<IdentityToken>& tokens) {
  if (!value.empty()) tokens.push_back({kind, value, ref});
}

// Everybody whom the request names, and the references that lead into its file.
std::vector<IdentityToken> TokensOf(const v1::Request& r) {
  std::vector<IdentityToken> tokens;
  for (const v1::Person& p : r.persons()) {
    AddToken(IdentityKind::kName, p.name(), p.ref(), tokens);
    AddToken(IdentityKind::kDate, p.date_of_birth(), p.ref(), tokens);
    for (const std::string* number : {&p.document_number(), &p.phone(), &p.registration_no()}) {
      AddToken(IdentityKind::kNumber, *number, p.ref(), tokens);
    }
    AddToken(IdentityKind::kText, p.address(), p.ref(), tokens);
  }
  AddToken(IdentityKind::kName, r.contact().name(), "contact", tokens);
  AddToken(IdentityKind::kName, r.proceeding().conducting_authority().name(), "proceeding", tokens);
  for (const std::string* ref :
       {&r.national_ref(), &r.proceeding().national_ref(), &r.alert().sample_chain()}) {
    AddToken(IdentityKind::kNumber, *ref, "file", tokens);
  }
  AddToken(IdentityKind::kName, r.alert().manufacturer_actual(), "alert", tokens);
  for (const v1::Item& item : r.items()) {
    AddToken(IdentityKind::kName, item.property().holder(), "holder", tokens);
  }
  return tokens;
}

}  // namespace

absl::StatusOr<DraftFile> MakeHealthRelease(const v1::CaseBody& alert,
                                            const HealthRelease& release) {
  if (!alert.request().has_alert()) {
    return Missing("NO_ALERT",
                   "this message holds no alert about a product; see: palermo case new "
                   "product-alert");
  }
  if (!IsAuthorityId(release.to)) {
    return InputError("BAD_VALUE", Cat({"'", release.to, "' is not an authority, like QT/health"}));
  }
  DraftFile draft;
  draft.to = {release.to};
  draft.family = v1::Family::LAW_ENFORCEMENT_INFO;
  draft.act = v1::Act::REQUEST;
  draft.urgency = v1::Urgency::PRIORITY;
  draft.handling = v1::Handling::H0;
  draft.body.set_version(1);
  v1::Request& r = *draft.body.mutable_request();
  r.set_language(release.language);
  r.set_area("FALSIFIED_MEDICAL_PRODUCTS");
  r.set_urgency_reason("PUBLIC_HEALTH");
  v1::Item& item = *r.add_items();
  item.set_n(1);
  item.set_type(v1::AssistanceType::PUBLIC_HEALTH_RELEASE);
  item.set_description("warning for public health; it may be published");
  v1::PublicRelease& out = *r.mutable_public_release();
  out.set_identity_stripped(true);
  out.set_investigation_details_stripped(true);
  *out.mutable_approved_by() = {release.approved_by.begin(), release.approved_by.end()};
  out.set_text(release.text);
  out.set_advice(release.advice);
  out.set_health_authority(release.to);
  *out.mutable_product() = FactsOf(alert.request().alert());
  return draft;
}

std::vector<casework::Finding> CheckHealthRelease(const v1::CaseBody& alert,
                                                  const DraftFile& release) {
  const casework::LeakScanner scanner(TokensOf(alert.request()));
  std::vector<casework::Finding> findings;
  const v1::PublicRelease& out = release.body.request().public_release();
  const auto look = [&](const std::string& text, std::string_view field) {
    if (!scanner.Leaks(text)) return;
    const casework::Text* said = casework::FindText("R-MED-02.identity");
    PALERMO_CHECK(said != nullptr);
    findings.push_back({"R-MED-02", said->severity,
                        Cat({"request.public_release.", std::string(field)}),
                        std::string(said->what), "", std::string(said->todo), said->key.data()});
  };
  look(out.text(), "text");
  look(out.advice(), "advice");
  look(out.product().finding(), "product.finding");
  look(out.product().product(), "product.product");
  look(out.product().manufacturer_stated(), "product.manufacturer_stated");
  for (const std::string& where : out.product().distribution()) {
    look(where, "product.distribution");
  }
  return findings;
}

std::string HealthReleaseText(const v1::PublicRelease& release) {
  const v1::ProductAlert& p = release.product();
  std::string text = "WARNING FOR PUBLIC HEALTH\n\n";
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += absl::StrFormat("%-16s %s\n", name, value);
  };
  line("product", p.product());
  line("substance", p.inn());
  line("strength", p.strength());
  line("form", p.form());
  line("GTIN", p.gtin());
  line("batch", p.batch());
  line("expiry", p.expiry());
  line("stated maker", p.manufacturer_stated());
  line("category", p.category());
  line("what was found", p.finding());
  std::string states;
  for (const std::string& state : p.distribution())
    states += Cat({states.empty() ? "" : ", ", state});
  line("found in", states);
  if (!release.text().empty()) text += Cat({"\n", release.text(), "\n"});
  if (!release.advice().empty()) text += Cat({"\nAdvice: ", release.advice(), "\n"});
  return text;
}

std::string DraftJson(const DraftFile& draft) {
  Json json = Json::Object(), to = Json::List(), basis = Json::List();
  for (const std::string& authority : draft.to) to.Push(authority);
  for (const std::string& article : draft.legal_basis) basis.Push(article);
  json.Add("to", std::move(to)).Add("family", casework::FamilyName(draft.family));
  json.Add("act", casework::ActName(draft.act));
  json.Add("urgency", casework::UrgencyName(draft.urgency));
  json.Add("handling", casework::HandlingName(draft.handling));
  json.Add("legal_basis", std::move(basis)).AddNumber("expires_in_days", draft.life_days);
  json.Add("body", Json::Raw(casework::BodyToJson(draft.body, true)));
  return json.Pretty();
}

}  // namespace palermo::desk
