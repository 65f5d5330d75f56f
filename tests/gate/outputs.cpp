// SPDX-License-Identifier: Apache-2.0
//
// The exact half of the gate, with seeded defects: whatever bit of whatever output changes, it is said, and said to be
// what it is.
#include "bench/gate/outputs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>

#include "bench/gate/library.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::gate {
namespace {

const Kernel& kernel_named(std::string_view identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + std::string(identity));
  return *found;
}

/// The kernel that spoilt() calls, and for which input it changes which bits.
const Kernel* right = nullptr;
std::uint64_t spoilt_input = 0, flipped = 1;
/// Whether the input is among those of 32 bits; quick, as there are 2^32.
bool may_have_it(const Arguments& a) {
  if (right->type != Type::f32) return true;
  const auto* const x = static_cast<const std::uint32_t*>(a.x);
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < a.n; ++i) found |= x[i] == spoilt_input;
  return found != 0;
}
void spoilt(const Arguments& a) noexcept {
  right->run(a);
  if (!may_have_it(a)) return;
  for (std::size_t i = 0; i < a.n; ++i) {
    if (pattern_at(right->type, a.x, i) == spoilt_input)
      set_pattern(right->type, a.y, i, pattern_at(right->type, a.y, i) ^ flipped);
  }
}
Kernel spoil(const Kernel& kernel, std::uint64_t input, std::uint64_t bits = 1) {
  right = &kernel, spoilt_input = input, flipped = bits;
  Kernel defect = kernel;
  defect.run = spoilt;
  return defect;
}

OutputRow check_one(const Kernel& kernel, const Samples& samples = Samples::built_in(), bool changed = false) {
  OutputOptions options{.samples = &samples,
                        .certificates = &Certificates::built_in(),
                        .may_have_changed = [changed](const Kernel&) { return changed; },
                        .progress = {}};
  return check_outputs({&kernel}, options)[0];
}

TEST(Outputs, OfThisProgramAreTheRecordedOnes) {
  std::vector<const Kernel*> all;
  for (const Kernel& kernel : kernels()) {
    if (unrunnable_reason(kernel) == nullptr && callable(kernel)) all.push_back(&kernel);
  }
  OutputOptions options{.samples = &Samples::built_in(),
                        .certificates = &Certificates::built_in(),
                        .may_have_changed = [](const Kernel&) { return false; },
                        .progress = {}};
  for (const OutputRow& row : check_outputs(all, options)) {
    EXPECT_TRUE(row.verdict == Outputs::unchanged || row.verdict == Outputs::other_libm)
        << identity(*row.kernel) << ": " << name(row.verdict) << "; actbench check --update records what is right";
  }
  EXPECT_TRUE(Samples::built_in().missing().empty());
}

TEST(Outputs, OneChangedBitIsSeenWhereverItIs) {
  std::mt19937_64 random(1);
  for (const char* name : {"gelu/forward/f16/accurate/scalar", "tanh/derivative/bf16/accurate/scalar"}) {
    for (int i = 0; i < 40; ++i) {
      const Kernel& kernel = kernel_named(name);
      const std::uint64_t input = random() % 65536, bit = random() % 15;
      const double x = value_of(kernel.type, input);
      const OutputRow row = check_one(spoil(kernel, input, std::uint64_t{1} << bit));
      if (x != x && row.verdict == Outputs::unchanged) continue;  // a NaN's bits do not count
      EXPECT_EQ(row.verdict, Outputs::broken) << name << " " << input << " " << bit;
      EXPECT_NE(row.detail.find(name), std::string::npos);
    }
  }
}

TEST(Outputs, OneChangedBitInFourBillionIsSeen) {
  const char* name = unrunnable_reason(Backend::avx2) == nullptr ? "relu/forward/f32/accurate/avx2"
                                                                 : "relu/forward/f32/accurate/scalar";
  std::mt19937_64 random(2);
  const auto input = static_cast<std::uint32_t>(random()) & 0x7effffff;
  const Kernel defect = spoil(kernel_named(name), input);
  const OutputRow row = check_one(defect, Samples::built_in(), true);
  EXPECT_EQ(row.verdict, Outputs::broken);
  EXPECT_TRUE(row.whole);
  EXPECT_EQ(row.inputs, std::uint64_t{1} << 32);
  EXPECT_NE(row.detail.find("certificate"), std::string::npos) << row.detail;
}

TEST(Outputs, OfNaiveKernelsAreComparedNotPromised) {
  const Kernel& kernel = kernel_named("gelu/forward/f16/naive/scalar");
  Samples samples;
  const OutputRow before = check_one(kernel, samples);
  EXPECT_EQ(before.verdict, Outputs::added);
  for (const Sample& s : {Sample{.kernel = {},
                         .parameters = "",
                         .backends = {},
                         .promised_ulp = HUGE_VAL,
                         .counts = *before.after,
                         .digest = before.digest}})
    samples.add(kernel, s);
  EXPECT_EQ(check_one(kernel, samples).verdict, Outputs::unchanged);
  // 2 instead of 1.9…: nothing is promised, so it is no failure, but it is said.
  const OutputRow worse = check_one(spoil(kernel, 0x4000, 0x40), samples);
  EXPECT_EQ(worse.verdict, Outputs::unpromised);
  EXPECT_GT(worse.after->not_correctly_rounded, before.after->not_correctly_rounded);
  samples.platform = "another libm";
  EXPECT_EQ(check_one(spoil(kernel, 0x4000, 0x40), samples).verdict, Outputs::other_libm);
  EXPECT_EQ(check_one(kernel, samples).verdict, Outputs::unchanged) << "the bits are the same";
}

TEST(Outputs, ThatBecameBetterAreSaidToBe) {
  const Kernel& naive = kernel_named("gelu/forward/f16/naive/scalar");
  Samples samples;
  const OutputRow before = check_one(naive, samples);
  samples.add(naive, {.kernel = {},
                      .parameters = "",
                      .backends = {},
                      .promised_ulp = HUGE_VAL,
                      .counts = *before.after,
                      .digest = before.digest});
  Kernel better = naive;
  better.run = kernel_named("gelu/forward/f16/accurate/scalar").run;
  const OutputRow row = check_one(better, samples);
  EXPECT_EQ(row.verdict, Outputs::improved);
  EXPECT_EQ(row.after->not_correctly_rounded, 0u);
}

TEST(Outputs, APromiseTakenBackIsBroken) {
  Kernel kernel = kernel_named("gelu/forward/f16/accurate/scalar");
  kernel.promised_ulp = 4;
  const OutputRow row = check_one(kernel);
  EXPECT_EQ(row.verdict, Outputs::broken);
  EXPECT_NE(row.detail.find("less than the 0.5"), std::string::npos) << row.detail;
}

TEST(Outputs, BackendsThatDifferAreBroken) {
  const Kernel& scalar = kernel_named("gelu/forward/f64/accurate/scalar");
  Samples samples;  // nothing recorded: both are new, and both keep their promise
  // The last bit of the sample's first telling result.
  const Kernel defect = spoil(scalar, pattern_of(Type::f64, 1.0));
  OutputOptions options{.samples = &samples,
                        .certificates = &Certificates::built_in(),
                        .may_have_changed = [](const Kernel&) { return false; },
                        .progress = {}};
  const auto rows = check_outputs({&scalar, &defect}, options);
  EXPECT_EQ(rows[0].verdict, Outputs::added);
  EXPECT_EQ(rows[1].verdict, Outputs::broken);
}

TEST(Samples, AreReadAsTheyWereWritten) {
  const std::string text = Samples::built_in().text();
  EXPECT_EQ(Samples(text, "FILE").text(), text);
  for (const std::string& other :
       {std::string(), std::string("{}"), std::string("[]"), text.substr(0, text.size() / 2),
        std::string("{\"format\": 2, \"digest\": 1, \"ulp\": \"goldberg\", \"platform\": \"\", \"samples\": []}"),
        std::string("{\"format\": 1, \"digest\": 1, \"ulp\": \"goldberg\", \"platform\": \"\", \"samples\": [7]}")}) {
    EXPECT_THROW(Samples(other, "FILE"), UsageError) << other.substr(0, 100);
  }
  std::string twice = text;
  const std::size_t begin = twice.find("{\"kernel\""), end = twice.find('\n', begin);
  twice.insert(begin, twice.substr(begin, end - begin + 1));
  EXPECT_THROW(Samples(twice, "FILE"), UsageError);
}

TEST(Samples, KnowWhatIsMissing) {
  Samples samples;
  samples.add(kernel_named("gelu/forward/f16/naive/scalar"),
              {.kernel = {}, .parameters = "", .backends = {}, .promised_ulp = 0, .counts = {}, .digest = 1});
  EXPECT_TRUE(samples.missing().empty());
  std::string text = samples.text();
  text.replace(text.find("gelu/forward"), 4, "gone");
  EXPECT_EQ(Samples(text, "FILE").missing(), std::vector<std::string>{"gone/forward/f16/naive/scalar"});
}

}  // namespace
}  // namespace actbench::bench::gate
