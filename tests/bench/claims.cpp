// SPDX-License-Identifier: Apache-2.0
//
// The claims: every one is there, its verdict is what its numbers say, and with other numbers it turns.
#include "bench/claims/claims.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace actbench::bench {
namespace {

constexpr double infinity = HUGE_VAL;

/// Times as a measurement would give them: every kernel takes so many ns, in every repetition.
timing::BenchResult times(const std::map<std::string, double>& ns, double spread = 0) {
  timing::BenchResult result;
  result.repetitions = 9;
  for (const char* size : {"l1", "memory"}) {
    timing::BenchRow copy;
    copy.name = "copy/memcpy/8B";
    copy.size.name = size;
    copy.gb_per_second = 40;
    result.rows.push_back(copy);
    for (const Kernel* kernel : timed_kernels()) {
      timing::BenchRow row;
      row.kernel = kernel;
      row.name = identity(*kernel);
      row.size.name = size;
      const double time = ns.at(kernel->activation->name);
      for (int i = 0; i < 9; ++i) row.samples_ns.push_back(time * (1 + spread * (i % 3 - 1)));
      row.ns_per_element = timing::median_interval(row.samples_ns);
      result.rows.push_back(row);
    }
  }
  return result;
}

std::map<std::string, double> in_order() {
  return {{"relu", 1},       {"relu6", 1.2},   {"leaky_relu", 1.1}, {"hard_swish", 1.5}, {"elu", 5},
          {"sigmoid", 7},    {"tanh", 8},      {"silu", 8},         {"softplus", 9},     {"gelu", 12},
          {"gelu_tanh", 10}, {"new_gelu", 10}, {"mish", 13}};
}

const Claim& claim(std::string_view id) {
  for (const Claim& c : claims())
    if (id == c.id) return c;
  throw std::invalid_argument("no such claim");
}

/// The parts of all claims, without times for those that can do without.
const std::map<std::string, std::vector<Part>>& computed() {
  static const std::map<std::string, std::vector<Part>> all = [] {
    Evidence without;
    static const timing::BenchResult measured = times(in_order());
    Evidence with(&measured);
    std::map<std::string, std::vector<Part>> parts;
    for (const Claim& c : claims()) parts[c.id] = c.compute(c.timed == Timed::wholly ? with : without);
    return parts;
  }();
  return all;
}

std::vector<Part> judged_parts(const std::vector<Part>& parts) {
  std::vector<Part> found;
  std::copy_if(parts.begin(), parts.end(), std::back_inserter(found),
               [](const Part& p) { return p.role != Role::information; });
  return found;
}

Verdict verdict_with(std::vector<Part> parts, const std::vector<double>& values) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double v = values[std::min(i, values.size() - 1)];
    parts[i].value = parts[i].low = parts[i].high = v;
  }
  return judge(parts).verdict;
}

TEST(Claims, AreAllThere) {
  const std::set<std::string> wanted{"V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "R1", "R2", "R3", "R4", "R5",
                                     "R6", "R7", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "Z1", "Z2",
                                     "Z3", "O1", "O2", "O3", "G1", "G2", "G3", "P1", "P2", "P3", "P4"};
  std::set<std::string> found;
  for (const Claim& c : claims()) EXPECT_TRUE(found.insert(c.id).second) << c.id;
  EXPECT_EQ(found, wanted);
}

/// Numbers of the judged parts in their order, the last one standing for all that follow: some under which each claim
/// holds, and some under which it does not.
struct Numbers {
  const char* id;
  std::vector<double> holding, failing;
  Verdict otherwise = Verdict::fails;
};

TEST(Claims, TurnWithTheirNumbers) {
  const auto depends = Verdict::depends;
  const std::vector<Numbers> cases{
      {"V1", {0.683675, 0.8418375}, {0.6823839, 0.8411919}},
      {"V2", {0.25, 0.25}, {0.25, 0.26}},
      {"V3", {0, 0.5, 0.5}, {0, 16, 16}, depends},
      {"V4", {1, 0.9999, 0.9999}, {1, 1, 0.9999}, depends},
      {"V5", {0, 0, 0.5}, {0, 0, 0.51}},
      {"V6", {0, 0.9, 0.9}, {0, infinity, 0.9}, depends},
      {"V7", {0, 0.1}, {0, 0.1, 0.5}},
      {"V8", {0}, {0, 0, 0, 4}, depends},
      {"R1", {0, 1, -1, 1, 0, infinity}, {0, 1, -1, 1, 0, 104}, depends},
      {"R2", {0}, {-infinity}},
      {"R3", {0, infinity, 0, infinity}, {0, infinity, 0, 104}, depends},
      {"R4", {-0.312, 1, infinity}, {-0.35, 1, infinity}},
      {"R5", {0, 6}, {0, 6.5}},
      {"R6", {-infinity, infinity}, {-0.17, infinity}},
      {"R7", {0.5}, {0.5, 3}, depends},
      {"D1", {0.12, 0.25}, {0.045, 0.25}},
      {"D2", {0.5, 1}, {0.42, 1}},
      {"D3", {0.197, 0.25}, {0.15, 0.25}},
      {"D4", {0.3, 0.7}, {-0.13, 1.13}},
      {"D5", {1, 0.25, infinity, infinity}, {1, 0.25, 1, 1}, depends},
      {"D6", {0.5}, {0, 1}, depends},
      {"D7", {5}, {5, infinity}},
      {"D8", {2, 0.5, 0.5, 0}, {0, 0.5, 0.5, 0}},
      {"D9", {0.25, 1}, {0.3, 1}},
      {"Z1", {0, 0.5}, {0.1, 0.5}},
      {"Z2", {0.05}, {0.43}},
      {"Z3", {0.5, 0.1, 0, 0}, {0.5, 0, 0, 0}, depends},
      {"O1", {100}, {100, 100, 0.1, 100}, depends},
      {"O2", {infinity}, {88, infinity}, depends},
      {"O3", {infinity}, {89}},
      {"G1", {0.5}, {11.7}},
      {"G2", {0.9}, {1}},
      {"G3", {0.005}, {0.17, 0.004}, depends},
      {"P1", {7}, {40}},
      {"P2", {1.5}, {0.9}},
      {"P3", {4}, {1}},
      {"P4", {0.4}, {0.001}},
  };
  std::set<std::string> seen;
  for (const Numbers& n : cases) {
    const std::vector<Part> parts = judged_parts(computed().at(n.id));
    ASSERT_FALSE(parts.empty()) << n.id;
    EXPECT_EQ(verdict_with(parts, n.holding), Verdict::holds) << n.id;
    EXPECT_EQ(verdict_with(parts, n.failing), n.otherwise) << n.id;
    seen.insert(n.id);
  }
  EXPECT_EQ(seen.size(), claims().size());
}

/// No single number of a claim is there for nothing: against it alone, a claim that held holds no more.
TEST(Claims, RestOnEveryPart) {
  for (const auto& [id, all] : computed()) {
    std::vector<Part> parts = judged_parts(all);
    for (Part& p : parts) {  // a number that satisfies it
      double v = p.bound;
      if (p.relation == Relation::below) v = std::isinf(p.bound) ? 0 : p.bound - 1;
      if (p.relation == Relation::above) v = p.bound + 1;
      p.value = p.low = p.high = v;
      ASSERT_TRUE(p.holds()) << id << ": " << p.label;
    }
    EXPECT_EQ(judge(parts).verdict, Verdict::holds) << id;
    for (Part& p : parts) {
      const Part kept = p;
      double v = std::isinf(p.bound) ? 0 : p.bound + p.tolerance + 1;
      if (p.relation == Relation::at_least || p.relation == Relation::above) v = p.bound - 1;
      if (p.relation == Relation::below && std::isinf(p.bound)) v = infinity;
      p.value = p.low = p.high = v;
      EXPECT_FALSE(p.holds()) << id << ": " << p.label;
      EXPECT_NE(judge(parts).verdict, Verdict::holds) << id << ": " << p.label;
      EXPECT_EQ(judge(parts).verdict == Verdict::fails,
                p.role == Role::essential || parts.size() == 1 ||
                    std::none_of(parts.begin(), parts.end(),
                                 [&](const Part& q) { return q.role == Role::condition && q.holds(); }))
          << id << ": " << p.label;
      p = kept;
    }
  }
}

TEST(Claims, HaveTheVerdictsThatAreKnown) {
  const std::map<std::string, Verdict> known{
      {"V1", Verdict::fails},   {"V2", Verdict::holds},   {"V3", Verdict::depends}, {"V4", Verdict::depends},
      {"V5", Verdict::holds},   {"V6", Verdict::depends}, {"V7", Verdict::holds},   {"V8", Verdict::depends},
      {"R1", Verdict::depends}, {"R2", Verdict::fails},   {"R3", Verdict::depends}, {"R4", Verdict::holds},
      {"R5", Verdict::holds},   {"R6", Verdict::fails},   {"R7", Verdict::depends}, {"D1", Verdict::fails},
      {"D2", Verdict::fails},   {"D3", Verdict::holds},   {"D4", Verdict::fails},   {"D5", Verdict::depends},
      {"D6", Verdict::depends}, {"D7", Verdict::holds},   {"D8", Verdict::holds},   {"D9", Verdict::holds},
      {"Z1", Verdict::holds},   {"Z2", Verdict::fails},   {"Z3", Verdict::depends}, {"O1", Verdict::depends},
      {"O2", Verdict::depends}, {"O3", Verdict::fails},   {"G1", Verdict::depends}, {"G2", Verdict::fails},
      {"G3", Verdict::depends}, {"P4", Verdict::fails}};
  for (const auto& [id, verdict] : known) EXPECT_EQ(judge(computed().at(id)).verdict, verdict) << id;
}

double number(const char* id, std::string_view label) {
  for (const Part& p : computed().at(id))
    if (p.label == label) return p.value.value_or(NAN);
  ADD_FAILURE() << id << " has no number " << label;
  return NAN;
}

TEST(Claims, ComputeKnownNumbers) {
  EXPECT_NEAR(number("V1", "GELU(1) = Φ(1)"), std::erfc(-1 / std::sqrt(2.0)) / 2, 1e-15);
  EXPECT_NEAR(number("G1", "max gap, value, 0.044715"), 4.7323e-4, 1e-8);
  EXPECT_NEAR(number("G1", "max gap, value, 0.0356774"), 5.5265e-3, 7e-8);
  EXPECT_NEAR(number("G3", "largest at ±x"), 0.7517915246935645, 1e-12);
  EXPECT_NEAR(number("D1", "min σ′ on [−3, 3]"), 1 / (2 + 2 * std::cosh(3.0)), 1e-16);
  EXPECT_EQ(number("R1", "|x| from which σ is 1, f32 accurate"), 17.32868003845214844);
  EXPECT_EQ(number("O1", "−x from which e^−x overflows, f32"), 88.72283935546875);
  EXPECT_EQ(number("D9", "layers until it rounds to 0, f32"), 75);
  // Where the textbook's exponentials overflow, there is no sum; a correctly rounded f64 is off by 2^-53 at most.
  EXPECT_EQ(number("R7", "worst |Σ − 1| in ε, f32 naive, rows of 1000"), infinity);
  EXPECT_LE(number("R7", "worst |Σ − 1| in ε, f64 accurate, rows of 1000"), 0.51);
}

TEST(Claims, FollowMeasuredRows) {
  const auto verdict = [](double accurate, double naive) {
    std::vector<RowResult> rows;
    for (const auto& [tier, off] : {std::pair("accurate", accurate), {"naive", naive}}) {
      RowResult row{find(std::string("softmax/forward/f32/") + tier + "/scalar"), {}, {}};
      row.cells[{10, 1.0, "normal"}].sum_deviation = off / 2;
      row.cells[{10, 100.0, "wide"}].sum_deviation = off;
      rows.push_back(std::move(row));
    }
    // Of other functions nothing is claimed.
    rows.push_back({find("softmin/forward/f32/accurate/scalar"), {}, {}});
    rows.back().cells[{10, 1.0, "normal"}].sum_deviation = 100;
    Evidence evidence(nullptr, {}, rows);
    return judge(claim("R7").compute(evidence)).verdict;
  };
  EXPECT_EQ(verdict(0.5, 0.7), Verdict::holds);
  EXPECT_EQ(verdict(0.5, 1.5), Verdict::depends);
  EXPECT_EQ(verdict(2, infinity), Verdict::fails);
}

TEST(Claims, FollowMeasuredTimes) {
  const auto verdict = [](const char* id, const std::map<std::string, double>& ns, double spread = 0) {
    const timing::BenchResult measured = times(ns, spread);
    Evidence evidence(&measured);
    return judge(claim(id).compute(evidence)).verdict;
  };
  auto ns = in_order();
  EXPECT_EQ(verdict("P1", ns), Verdict::holds);
  EXPECT_EQ(verdict("P2", ns), Verdict::holds);
  EXPECT_EQ(verdict("P3", ns), Verdict::holds);
  ns["sigmoid"] = 40;
  EXPECT_EQ(verdict("P1", ns), Verdict::fails);
  ns["mish"] = 2;
  EXPECT_EQ(verdict("P2", ns), Verdict::depends);
  ns["elu"] = 0.9;
  EXPECT_EQ(verdict("P3", ns), Verdict::fails);
  ns["elu"] = 1;  // no faster and no slower
  EXPECT_EQ(verdict("P3", ns, 0.1), Verdict::fails);
  // An activation as slow as this would take its share.
  for (const char* activation : {"relu", "sigmoid", "tanh", "silu", "gelu", "mish"}) ns[activation] = 60;
  EXPECT_EQ(verdict("P4", ns), Verdict::depends);
  Evidence nothing;
  EXPECT_EQ(judge(claim("P1").compute(nothing)).verdict, Verdict::unknown);
}

TEST(Judge, FollowsItsRules) {
  const Part yes = part("a", Role::condition, 1, Relation::equals, 1),
             no = part("b", Role::condition, 2, Relation::equals, 1);
  const Part must = part("c", Role::essential, 1, Relation::at_most, 1),
             broken = part("d", Role::essential, 2, Relation::at_most, 1);
  const Part absent = missing("e", Role::condition, Relation::equals, 1);
  const auto verdict = [](std::vector<Part> parts) { return judge(parts).verdict; };
  EXPECT_EQ(verdict({yes, must}), Verdict::holds);
  EXPECT_EQ(verdict({yes, no}), Verdict::depends);
  EXPECT_EQ(verdict({no, must}), Verdict::fails);
  EXPECT_EQ(verdict({yes, broken}), Verdict::fails);
  EXPECT_EQ(verdict({absent}), Verdict::unknown);
  EXPECT_EQ(verdict({yes, absent}), Verdict::holds);
  EXPECT_EQ(verdict({missing("f", Role::essential, Relation::equals, 1), yes}), Verdict::unknown);
  EXPECT_NE(judge(std::vector<Part>{yes, no}).condition.find("It fails in the others: b"), std::string::npos);
  Part wide = part("w", Role::condition, 1.5, Relation::above, 1);
  wide.low = 0.9;
  EXPECT_FALSE(wide.holds()) << "an interval that reaches below the bound decides nothing in its favour";
  EXPECT_FALSE(part("n", Role::essential, NAN, Relation::at_most, 1).holds());
}

TEST(Tables, ShowEveryClaim) {
  std::vector<const Claim*> chosen{&claim("R6"), &claim("P1")};
  Evidence evidence;
  const auto findings = examine_claims(chosen, evidence, {});
  EXPECT_EQ(claims_table(findings).rows.size(), 2u);
  for (const auto& row : claims_records(findings).rows) EXPECT_EQ(row.size(), claims_records(findings).columns.size());
  EXPECT_NE(claims_in_short(findings).find("R6"), std::string::npos);
}

}  // namespace
}  // namespace actbench::bench
