// A report and a request to export it, for tests.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_TEST_UTIL_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_TEST_UTIL_H_

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/intelligence/route_export.h"

namespace palermo::casework {

// Has the form of a UUID of version 5, and differs with the name.
inline std::string TestUuid(std::string_view name) {
  uint64_t a = 14695981039346656037u, b = 88172645463325252u;
  for (const char c : name) {
    a = (a ^ static_cast<uint8_t>(c)) * 1099511628211u;
    b = (b ^ a) * 6364136223846793005u + 1442695040888963407u;
  }
  return absl::StrFormat("%08x-%04x-5%03x-a%03x-%012x", a >> 32, (a >> 16) & 0xFFFF, a & 0xFFF,
                         b >> 52, b & 0xFFFFFFFFFFFF);
}

inline v1::RouteReport SampleReport(const std::string& id = "R-1") {
  v1::RouteReport r;
  r.set_route_id(id);
  r.set_kind("SOM_10");
  r.set_originator("QN");
  r.mutable_evaluation()->set_scheme("NATO_6X6");
  r.mutable_evaluation()->set_source("B");
  r.mutable_evaluation()->set_info("2");
  r.set_evidence_status("INTELLIGENCE_ONLY");
  r.mutable_label()->set_originator("QN");
  r.mutable_label()->add_handling(v1::Handling::H2);
  r.mutable_label()->set_tlp(v1::Tlp::AMBER);
  r.mutable_label()->add_purposes("INVESTIGATION");
  r.mutable_label()->add_release_states("QM");
  r.mutable_persons_observed()->set_min(18);
  r.mutable_persons_observed()->set_max(25);
  r.mutable_benefit()->set_kind("FINANCIAL");
  r.set_summary("=cmd|'/C calc'!A0, \"quoted\"");
  r.mutable_network()->add_comms_selectors()->set_scheme("PHONE");
  r.mutable_network()->mutable_comms_selectors(0)->set_value("+999777");
  const char* const way[] = {"QTMBA", "QPLAG", "QNHAV"};
  for (int i = 0; i < 2; ++i) {
    auto& leg = *r.add_legs();
    leg.set_seq(i + 1);
    leg.mutable_from()->set_unlocode(way[i]);
    leg.mutable_to()->set_unlocode(way[i + 1]);
    leg.set_mode(i == 0 ? v1::TransportMode::AIR : v1::TransportMode::SEA);
    leg.add_concealment("COMPARTMENT");
    leg.mutable_price()->set_minor(240000);
    leg.mutable_price()->set_ccy("XTS");
  }
  auto& ship = *r.mutable_legs(1)->mutable_conveyance()->add_identifiers();
  ship.set_scheme("IMO");
  ship.set_value("9074729");
  auto& car = *r.mutable_legs(1)->mutable_conveyance()->add_identifiers();
  car.set_scheme("PLATE");
  car.set_country("QP");
  car.set_value("AB 123");
  r.mutable_legs(1)->mutable_to()->mutable_geo()->set_lat(-12.5);
  r.mutable_legs(1)->mutable_to()->mutable_geo()->set_lon(7.25);
  return r;
}

inline ExportRequest SampleRequest(const std::vector<const v1::RouteReport*>& reports,
                                   const std::string& state) {
  ExportRequest request;
  for (const auto* report : reports) request.items.push_back({report, {}});
  request.asker = {state, state + "/central", state + "/central/o-1", "INVESTIGATION", "case 7"};
  request.to_state = "QM";
  request.now = *ParseInstant("2026-03-02T09:00:00Z");
  return request;
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_TEST_UTIL_H_
