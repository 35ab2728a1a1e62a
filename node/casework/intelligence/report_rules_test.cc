#include <gtest/gtest.h>

#include "node/casework/contents.h"
#include "node/casework/intelligence/route_csv.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

// "R-INT-04.whose route_report.identifiers[0].of": what is found when this is to be sent.
std::string Found(const v1::CaseBody& body) {
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  context.now = "2026-03-05T09:00:00Z";
  std::string out;
  for (const Finding& f : CheckBody(context, body)) {
    out += (out.empty() ? "" : ", ") + f.key + " " + f.field;
  }
  return out;
}
template <typename Change>
std::string After(Change change) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_route_report() = RouteTemplate();
  change(*body.mutable_route_report());
  return Found(body);
}

TEST(ReportRules, FindNothingInTheTemplate) {
  EXPECT_EQ(After([](auto&) {}), "");
}

TEST(ReportRules, AskWhoseAMarkIsByWhichPersonsAreFound) {
  const auto marked = [](const std::string& scheme, const std::string& of) {
    return After([&](auto& r) {
      auto& id = *r.add_identifiers();
      id.set_scheme(scheme);
      id.set_value("+999123456");
      id.set_country("QT");
      id.set_of(of);
    });
  };
  for (const char* scheme : {"DOCUMENT", "PHONE", "document"}) {
    EXPECT_EQ(marked(scheme, ""), "R-INT-04.whose route_report.identifiers[0].of") << scheme;
    EXPECT_EQ(marked(scheme, "THING"), "R-INT-04.whose route_report.identifiers[0].of") << scheme;
  }
  EXPECT_EQ(marked("PHONE", "SUSPECT"), "");
  EXPECT_EQ(marked("DOCUMENT", "ORGANISATION"), "");
  EXPECT_EQ(marked("PLATE", ""), "");
  EXPECT_EQ(After([](auto& r) {
              auto& id = *r.mutable_legs(0)->mutable_conveyance()->add_identifiers();
              id.set_scheme("DOCUMENT");
              id.set_value("P1234567");
            }),
            "R-INT-04.whose route_report.legs[0].conveyance.identifiers[0].of");
  EXPECT_EQ(After([](auto& r) {
              auto& id = *r.mutable_network()->add_comms_selectors();
              id.set_scheme("PHONE");
              id.set_value("+999123456");
            }),
            "");
}

}  // namespace
}  // namespace palermo::casework
