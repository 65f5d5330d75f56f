// SPDX-License-Identifier: Apache-2.0
//
// Certificates, samples and checkpoints that contradict themselves, or the kernel that they are about, are refused in a
// sentence that names the field and says what would be right.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/certificates/certificate.hpp"
#include "bench/certificates/verify_table.hpp"
#include "bench/gate/samples.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/checkpoint.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using nlohmann::json;

constexpr char accurate[] = "gelu/forward/f16/accurate/scalar";
constexpr char naive[] = "sigmoid/forward/bf16/naive/scalar";

SweepRow swept(const char* identity) {
  SweepOptions options;
  options.all = true;
  options.threads = 2;
  return sweep({{find(identity), {}}}, options)[0];
}

/// What the reader says of a text, or "read".
std::string said(const std::string& text, const std::function<void(const std::string&)>& read) {
  try {
    read(text);
  } catch (const UsageError& e) {
    return e.what();
  }
  return "read";
}

struct Case {
  const char* field;
  json value;
  const char* said;
};

/// Changes one field of the last entry of a list, and looks for what is said.
void expect_refused(const std::string& text, const char* list, const std::vector<Case>& cases,
                    const std::function<void(const std::string&)>& read) {
  ASSERT_EQ(said(json::parse(text).dump(), read), "read") << "before anything is changed";
  for (const Case& c : cases) {
    json changed = json::parse(text);
    json& entry = changed[list].back();
    if (c.value.is_discarded()) {
      entry.erase(c.field);
    } else {
      entry[c.field] = c.value;
    }
    const std::string sentence = said(changed.dump(), read);
    EXPECT_NE(sentence.find(c.said), std::string::npos) << c.field << " = " << c.value << ": " << sentence;
    EXPECT_NE(sentence.find("FILE"), std::string::npos) << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos) << sentence;
  }
}

const json gone = json(json::value_t::discarded);

TEST(Contradictions, OfCertificates) {
  const SweepRow row = swept(accurate);
  const auto read = [](const std::string& text) { Certificates(text, "FILE"); };
  Certificates one;
  for (const Certificate& c : certificates_of(std::vector{row})) one.set(c);
  const std::vector<Case> cases{
      {"max_ulp", 7.3, "\"max_ulp\" is 7.3, more than the 0.5 of \"promised_ulp\""},
      {"max_ulp", "inf", "\"max_ulp\" is inf, more than"},
      {"max_ulp", "nan", "\"max_ulp\" should be a number from 0 on"},
      {"max_ulp", -1, "\"max_ulp\" should be a number from 0 on"},
      {"max_ulp", nullptr, "\"max_ulp\" should be a number from 0 on"},
      {"not_correctly_rounded", 5, "\"not_correctly_rounded\" is 5, where a promise of 0.5 ULP"},
      {"not_correctly_rounded", 65537, "\"not_correctly_rounded\" is 65537, more than the 65536 of \"inputs\""},
      {"not_correctly_rounded", -5, "\"not_correctly_rounded\" should be a whole number"},
      {"above_1_ulp", 1, "\"above_1_ulp\" is 1, more than the 0 of \"not_correctly_rounded\""},
      {"promised_ulp", 4, "\"promised_ulp\" is 4, and the kernel's promise is 0.5"},
      {"promised_ulp", "inf", "\"promised_ulp\" is inf, and the kernel's promise is 0.5"},
      {"promised_ulp", -0.5, "\"promised_ulp\" should be a number from 0 on"},
      {"inputs", 65535, "\"inputs\" is 65535, and should be 65536"},
      {"inputs", 4294967296, "\"inputs\" is 4294967296, and should be 65536"},
      {"inputs", 65536.5, "\"inputs\" should be a whole number"},
      {"kernel", "gelu/forward/f16/best", "\"kernel\" is \"gelu/forward/f16/best\", of which this program has none"},
      {"kernel", accurate, "of which this program has none"},
      {"kernel", "gelu/forward/f64/accurate", "too many inputs for all of them"},
      {"kernel", "elu/forward/f16/accurate", "\"parameters\" is \"\", and should be like \"alpha=1\""},
      {"kernel", "gelu/forward/f32/accurate", "\"inputs\" is 65536, and should be 4294967296"},
      {"parameters", "alpha=1", "\"parameters\" is \"alpha=1\", and should be empty"},
      {"swept_on", "", "\"swept_on\": no backend is named"},
      {"swept_on", "scalar scalar", "\"swept_on\": the backend scalar is named twice"},
      {"swept_on", "sse9", "\"swept_on\": \"sse9\" is none of the backends"},
      {"proved_by", "", "\"proved_by\" is empty"},
      {"at_x", "", "\"at_x\" of gelu/forward/f16/accurate is no bit pattern of 0x and 4 digits"},
      {"at_x", "0x00000001", "\"at_x\" of gelu/forward/f16/accurate is no bit pattern"},
      {"at_dy", "0x0001", "has \"at_dy\", which it does not take"},
      {"at_a", "0x0001", "has \"at_a\", which it does not take"},
      {"digest", "0x0000000000000001", "do not add up to its digest"},
      {"digest", "0x1", "\"digest\" is not 0x and sixteen digits"},
      {"quick", "0X0000000000000001", "\"quick\" is not 0x and sixteen digits"},
      {"ranges", json::array({"0x0000000000000001"}), "\"ranges\" has not 16 entries"},
      {"ranges", gone, "\"ranges\" is missing"}};
  expect_refused(one.text(), "certificates", cases, read);

  json twice = json::parse(one.text());
  twice["certificates"].push_back(twice["certificates"][0]);
  EXPECT_NE(said(twice.dump(), read).find("is there twice"), std::string::npos);
}

TEST(Contradictions, OfCertificatesWithoutAPromise) {
  const auto read = [](const std::string& text) { Certificates(text, "FILE"); };
  Certificates one;
  for (const Certificate& c : certificates_of(std::vector{swept(naive)})) one.set(c);
  expect_refused(one.text(), "certificates",
                 {{"not_correctly_rounded", 0, "more than the 0 of \"not_correctly_rounded\""},
                  {"above_1_ulp", 0, "where \"above_1_ulp\" is 0"},
                  {"max_ulp", 0.4, "where \"not_correctly_rounded\" is"},
                  {"max_ulp", 0.9, "where \"above_1_ulp\" is"},
                  {"promised_ulp", 4, "more than the 4 of \"promised_ulp\""},
                  {"promised_ulp", 1e9, "and the kernel's promise is inf"}},
                 read);
}

TEST(Contradictions, ABrokenPromiseIsNotCertified) {
  SweepRow row = swept(accurate);
  EXPECT_EQ(why_not_certified(std::vector{row}), "");
  row.tally.not_correctly_rounded = 5;
  EXPECT_TRUE(certificates_of(std::vector{row}).empty());
  EXPECT_NE(why_not_certified(std::vector{row}).find(accurate), std::string::npos);
}

TEST(Contradictions, WhatIsNotPromisedIsNoPass) {
  for (const auto& [identity, verdict] : {std::pair(accurate, "pass"), std::pair(naive, "no promise")}) {
    const Certificate certificate = certificates_of(std::vector{swept(identity)})[0];
    Checked checked{find(identity), &certificate, verify({find(identity), {}}, certificate, {})};
    ASSERT_TRUE(checked.verification.passed);
    const std::string csv = reports::write(verify_table({&checked, 1}), reports::Format::csv);
    EXPECT_NE(csv.find(fmt::format(",{},", verdict)), std::string::npos) << csv;
    checked.verification.passed = false;
    EXPECT_NE(reports::write(verify_table({&checked, 1}), reports::Format::csv).find(",fail,"), std::string::npos);
  }
}

TEST(Contradictions, OfSamples) {
  const auto read = [](const std::string& text) { gate::Samples(text, "FILE"); };
  json all = json::parse(gate::Samples::built_in().text());
  json& samples = all["samples"];
  const auto only = [&](const char* kernel) {
    json few = all;
    few["samples"] = json::array();
    for (const json& sample : samples) {
      if (sample["kernel"] == kernel) few["samples"] = json::array({sample});
    }
    return few.dump();
  };
  expect_refused(only("gelu/forward/f16/accurate"), "samples",
                 {{"inputs", 0, "\"inputs\" is 0, and should be 65536"},
                  {"not_correctly_rounded", 1, "a promise of 0.5 ULP"},
                  {"max_ulp", 0.75, "more than the 0.5 of \"promised_ulp\""},
                  {"max_ulp", "nan", "\"max_ulp\" should be a number from 0 on"},
                  {"wrong_zeros", 1, "\"wrong_zeros\" is 1, more than the 0 of \"not_correctly_rounded\""},
                  {"wrong_nans", 1, "\"wrong_nans\" is 1, more than"},
                  {"zero_signs", 65537, "\"zero_signs\" is 65537, more than the 65536 of \"inputs\""},
                  {"parameters", "x=1", "\"parameters\" is \"x=1\", and should be empty"},
                  {"backends", "", "no backend is named"},
                  {"backends", "scalar vax", "\"vax\" is none of the backends"},
                  {"digest", "0x1", "\"digest\" is not 0x and sixteen digits"}},
                 read);
}

TEST(Contradictions, OfCheckpoints) {
  SweepOptions options;
  options.all = true;
  options.shard = {2, 4};
  std::vector<Partial> partials(1);
  options.partials = &partials;
  const std::vector<Subject> subjects{{find(naive), {}}};
  sweep(subjects, options);
  Checkpoint checkpoint;
  checkpoint.put(subjects[0], partials[0]);
  const std::string text = checkpoint.text();
  const auto read = [](const std::string& changed) { Checkpoint::parse(changed, "FILE"); };
  const json entry = json::parse(text)["kernels"][0];
  json elsewhere = entry["worst"], another = entry["worst"], beyond = entry["worst"], ranges = entry["ranges"];
  elsewhere[0]["index"] = 0;  // in a chunk that is not done
  another[0]["x"] = "0x0000000000000000";
  beyond[0]["index"] = 65536;
  ranges[15] = "0x0000000000000001";
  expect_refused(text, "kernels",
                 {{"done", "ffff", "\"inputs\" is 16384, and the 16 chunks that are done have 65536"},
                  {"done", "0000", "\"inputs\" is 16384, and the 0 chunks that are done have 0"},
                  {"done", "0f000", "\"done\" has another length"},
                  {"done", "0g00", "\"done\" has other digits"},
                  {"inputs", 65536, "\"inputs\" is 65536, and the 4 chunks"},
                  {"not_correctly_rounded", 16385, "\"not_correctly_rounded\" is 16385, more than the 16384"},
                  {"above_1_ulp", 16384, "\"above_1_ulp\" is 16384, more than"},
                  {"wrong_infinities", 16384, "\"wrong_infinities\" is 16384, more than"},
                  {"max_goldberg", 0.25, "\"max_goldberg\" is 0.25"},
                  {"worst", json::array(), "\"worst\" is empty"},
                  {"worst", elsewhere, "in a chunk that is not done"},
                  {"worst", another, "not the one of its index"},
                  {"worst", beyond, "beyond the last of 65536"},
                  {"ranges", ranges, "of range 16, of which no chunk is done"}},
                 read);
}

}  // namespace
}  // namespace actbench::bench
