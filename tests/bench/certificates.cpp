// SPDX-License-Identifier: Apache-2.0
//
// Digests, certificates, and sweeps in parts: what is put together from parts is what comes of one piece, and no file
// that is not whole and sound is believed.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "bench/certificates/certificate.hpp"
#include "bench/certificates/verify.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/checkpoint.hpp"
#include "reports/files.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

const Kernel& kernel_named(std::string_view identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + std::string(identity));
  return *found;
}

std::vector<std::uint64_t> some_patterns(std::size_t n, Type type) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> patterns(n);
  for (auto& p : patterns) p = type == Type::f64 ? random() : random() >> (64 - 8 * size_of(type));
  return patterns;
}
std::vector<std::uint8_t> packed(const std::vector<std::uint64_t>& patterns, Type type) {
  std::vector<std::uint8_t> bytes(patterns.size() * size_of(type));
  for (std::size_t i = 0; i < patterns.size(); ++i) std::memcpy(&bytes[i * size_of(type)], &patterns[i], size_of(type));
  return bytes;
}
Digest digest_of(Type type, const std::vector<std::uint64_t>& patterns) {
  Digest d;
  const auto bytes = packed(patterns, type);
  d.add(type, bytes.data(), 0, patterns.size(), patterns.size());
  return d;
}

constexpr Type types[] = {Type::f32, Type::f64, Type::f16, Type::bf16};
constexpr std::size_t pieces = 64, n = pieces * digest_piece;

/// By the words of the definition alone.
std::uint64_t by_definition(Type type, const std::vector<std::uint64_t>& patterns) {
  const auto mix = [](std::uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9;
    x ^= x >> 27;
    x *= 0x94d049bb133111eb;
    return x ^ (x >> 31);
  };
  constexpr std::uint64_t phi = 0x9e3779b97f4a7c15;
  std::uint64_t digest = 0;
  for (std::uint64_t piece = 0; piece < patterns.size() / 1024; ++piece) {
    std::uint64_t sum = 0;
    for (std::uint64_t j = 0; j < 1024; ++j) {
      const std::uint64_t y = patterns[piece * 1024 + j];
      const std::uint64_t nan = type == Type::f32    ? 0x7fc00000
                                : type == Type::f16  ? 0x7e00
                                : type == Type::bf16 ? 0x7fc0
                                                     : 0x7ff8000000000000;
      sum += (std::isnan(value_of(type, y)) ? nan : y) * (mix((j + 1) * phi) | 1);
    }
    digest += mix(sum + (piece + 1) * phi);
  }
  return digest;
}

TEST(Digest, IsWhatItsDefinitionSays) {
  for (const Type type : types)
    EXPECT_EQ(digest_of(type, some_patterns(n, type)).total(), by_definition(type, some_patterns(n, type)));
  // Kept, as certificates rest on them.
  EXPECT_EQ(digest_weight(0), mix(0x9e3779b97f4a7c15) | 1);
  EXPECT_EQ(digest_of(Type::f32, std::vector<std::uint64_t>(n)).total(),
            by_definition(Type::f32, std::vector<std::uint64_t>(n)));
}

TEST(Digest, PartsAddUp) {
  for (const Type type : types) {
    const auto bytes = packed(some_patterns(n, type), type);
    Digest whole, parts;
    whole.add(type, bytes.data(), 0, n, n);
    for (const std::size_t piece : {40, 0, 63, 17}) {  // any order
      Digest part;
      const std::size_t end = piece == 40 ? 63 : piece == 63 ? 64 : piece == 0 ? 17 : 40;
      part.add(type, bytes.data() + piece * digest_piece * size_of(type), piece * digest_piece,
               (end - piece) * digest_piece, n);
      parts.merge(part);
    }
    EXPECT_EQ(whole, parts) << name(type);
    EXPECT_NE(whole.quick, 0u);
  }
}

TEST(Digest, EveryBitCountsAndEveryNanIsOne) {
  std::mt19937_64 random(3);
  for (const Type type : types) {
    std::vector<std::uint64_t> patterns = some_patterns(n, type);
    const Digest right = digest_of(type, patterns);
    for (int i = 0; i < 200; ++i) {
      const std::size_t at = random() % n;
      const std::uint64_t before = patterns[at];
      patterns[at] ^= std::uint64_t{1} << random() % (8 * size_of(type));
      const Digest changed = digest_of(type, patterns);
      const bool same = canonical(type, before) == canonical(type, patterns[at]);
      EXPECT_EQ(changed == right, same);
      for (std::size_t r = 0; r < digest_ranges; ++r)
        EXPECT_EQ(changed.ranges[r] == right.ranges[r], same || r != at / (n / digest_ranges));
      patterns[at] = before;
    }
    // Two outputs that change places, and the same change at two places.
    std::swap(patterns[5], patterns[6]);
    EXPECT_NE(digest_of(type, patterns), right);
    std::swap(patterns[5], patterns[6]);
    std::swap(patterns[5], patterns[5 + digest_piece]);
    EXPECT_NE(digest_of(type, patterns), right);
    const auto infinity = pattern_of(type, HUGE_VAL), sign = std::uint64_t{1} << (8 * size_of(type) - 1);
    for (const std::uint64_t nan : {infinity + 1, infinity + 2, (infinity + 3) | sign}) {
      patterns[9] = nan;
      const Digest one = digest_of(type, patterns);
      patterns[9] = infinity | (infinity >> 1 & ~infinity);
      if (std::isnan(value_of(type, patterns[9]))) {
        EXPECT_EQ(digest_of(type, patterns), one) << name(type);
      }
      patterns[9] = infinity;
      EXPECT_NE(digest_of(type, patterns), one) << name(type);
    }
  }
}

std::string file_named(const char* name) { return testing::TempDir() + name; }

SweepRow swept(const Kernel& kernel) {
  SweepOptions options;
  options.all = true;
  options.threads = 2;
  return sweep({{&kernel, {}}}, options)[0];
}

constexpr char half_gelu[] = "gelu/derivative/bf16/accurate/scalar";
std::uint64_t spoilt_input = 0;
void spoilt(const Arguments& a) noexcept {
  kernel_named(half_gelu).run(a);
  for (std::size_t i = 0; i < a.n; ++i) {
    const std::uint64_t x = pattern_at(Type::bf16, a.x, i), y = pattern_at(Type::bf16, a.y, i);
    if (x == spoilt_input) set_pattern(Type::bf16, a.y, i, y ^ 1);
  }
}

TEST(Verify, FindsTheRangeOfOneChangedBit) {
  const Kernel& right = kernel_named(half_gelu);
  const Certificate certificate = certificates_of(std::vector{swept(right)})[0];
  EXPECT_EQ(certificate.kernel, "gelu/derivative/bf16/accurate");
  EXPECT_EQ(certificate.inputs, 65536u);
  EXPECT_EQ(certificate.not_correctly_rounded, 0u);
  EXPECT_TRUE(verify({&right, {}}, certificate, {}).passed);
  Kernel kernel = right;
  kernel.run = spoilt;
  for (const std::uint64_t input : {0x0000, 0x0001, 0x3f80, 0x7f80, 0x8001, 0xbf40, 0xffff}) {
    spoilt_input = input;
    const Verification found = verify({&kernel, {}}, certificate, {});
    const bool nan = input == 0xffff;  // a NaN's bits do not count
    EXPECT_EQ(found.passed, nan) << std::hex << input;
    EXPECT_EQ(found.different_ranges, nan ? std::vector<std::size_t>{} : std::vector<std::size_t>{input >> 12});
  }
  EXPECT_EQ(range_text(right, 3), "0x3000 … 0x3fff (4.66e-10 … 1.99)");
}

TEST(Certificates, AreReadAsTheyWereWritten) {
  std::vector<SweepRow> rows;
  for (const char* identity :
       {"gelu/forward/f16/accurate/scalar", "elu/derivative/bf16/accurate/scalar", "sigmoid/forward/f16/naive/scalar"})
    rows.push_back(swept(kernel_named(identity)));
  Certificates all;
  for (const Certificate& c : certificates_of(rows)) all.set(c);
  const std::string text = all.text();
  const Certificates again(text, "file");
  EXPECT_EQ(again.text(), text);
  EXPECT_EQ(again.size(), 3u);
  const Certificate* c = again.find(kernel_named("elu/derivative/bf16/accurate/scalar"), "alpha=1");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->digest, rows[1].digest);
  EXPECT_EQ(again.find(kernel_named("elu/derivative/bf16/accurate/scalar"), "alpha=0.5"), nullptr);
}

/// A text with one character changed or left out, or cut short, is either refused with a sentence that names the file,
/// or says the same.
template <class Read>
void mutate(const std::string& text, Read read) {
  std::mt19937_64 random(11);
  std::size_t refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string changed = text;
    const std::size_t at = random() % text.size();
    switch (random() % 4) {
      case 0:
        changed[at] = static_cast<char>(random());
        break;
      case 1:
        changed.erase(at, 1 + random() % 40);
        break;
      case 2:
        changed.resize(at);
        break;
      default:
        changed.insert(at, text.substr(random() % text.size(), random() % 60));
    }
    try {
      read(changed);
    } catch (const UsageError& e) {
      ++refused;
      EXPECT_NE(std::string(e.what()).find("FILE"), std::string::npos) << e.what();
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(refused, 2000u);
}

TEST(Certificates, AreRefusedWhereTheyAreNotSound) {
  Certificates all;
  for (const Certificate& c : certificates_of(std::vector{swept(kernel_named("gelu/forward/f16/accurate/scalar"))}))
    all.set(c);
  const std::string text = all.text();
  mutate(text, [](const std::string& changed) { Certificates(changed, "FILE"); });
  for (const char* other :
       {"", "{}", "[]", "null", "{\"format\": 2, \"digest\": 1, \"ulp\": \"goldberg\", \"certificates\": []}",
        "{\"format\": 1, \"digest\": 1, \"ulp\": \"goldberg\", \"certificates\": [7]}",
        "{\"format\": 1, \"digest\": 1, \"ulp\": \"goldberg\", \"certificates\": {}}"})
    EXPECT_THROW(Certificates(other, "FILE"), UsageError) << other;
}

TEST(Certificates, ThatTheProgramWasBuiltWithAreRight) {
  const Certificates& all = Certificates::built_in();
  // Every kernel with a promise whose inputs can be told one by one has one, and it says that this is kept; accurate
  // gated units of the half types, which take pairs, do, too.
  for (const Kernel& kernel : kernels()) {
    const bool half = size_of(kernel.type) == 2, gated = kernel.activation->shape == Shape::gated;
    const bool pairs = gated && half && kernel.tier == Tier::accurate && multipliers_of(kernel).count() == 1;
    if (kernel.tier == Tier::naive || kernel.type == Type::f64) continue;
    if ((multipliers_of(kernel).count() > 0 && !pairs) || kernel.activation->shape == Shape::rows) continue;
    std::vector<double> parameters;
    for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
      parameters.push_back(round_to(kernel.type, kernel.activation->parameters[i].default_value));
    const Certificate* c = all.find(kernel, describe_parameters(kernel, parameters));
    ASSERT_NE(c, nullptr) << "no certificate; make it: actbench accuracy " << certified_name(kernel)
                          << " --inputs all --certify certificates.json";
    if (kernel.tier == Tier::accurate) {
      EXPECT_EQ(c->not_correctly_rounded, 0u) << identity(kernel);
      EXPECT_EQ(c->promised_ulp, 0.5) << identity(kernel);
    }
    EXPECT_LE(c->max_ulp, kernel.promised_ulp) << identity(kernel);
    EXPECT_EQ(c->promised_ulp, kernel.promised_ulp) << identity(kernel);
    EXPECT_EQ(c->inputs, half && !pairs ? 65536u : std::uint64_t{1} << 32) << identity(kernel);
  }
}

std::vector<Subject> subjects() {
  return {{&kernel_named("tanh/forward/f16/naive/scalar"), {}},
          {&kernel_named("tanh/forward/f16/accurate/scalar"), {}},
          {&kernel_named("elu/derivative/bf16/accurate/scalar"), {0.5}}};
}
std::string csv(std::span<const SweepRow> rows) {
  return reports::write(accuracy_table(rows, 1), reports::Format::csv);
}

TEST(Shards, MakeWhatOneRunMakes) {
  SweepOptions options;
  options.all = true;
  const std::vector<SweepRow> whole = sweep(subjects(), options);
  for (const std::uint64_t count : {1u, 2u, 3u, 16u}) {
    Checkpoint all;
    for (std::uint64_t index = count; index >= 1; --index) {
      options.shard = {index, count};
      options.threads = 1 + static_cast<unsigned>(index % 2);
      std::vector<Partial> partials(3);
      options.partials = &partials;
      sweep(subjects(), options);
      Checkpoint part;
      for (std::size_t i = 0; i < partials.size(); ++i) part.put(subjects()[i], partials[i]);
      reports::write_file(file_named("shard.json"), part.text());
      const Checkpoint read = Checkpoint::read(file_named("shard.json"));
      EXPECT_EQ(read.text(), part.text());
      EXPECT_THROW(part.merge(read, "shard.json"), UsageError) << "the same twice";
      all.merge(read, "shard.json");
    }
    std::vector<SweepRow> rows;
    for (const Subject& subject : all.subjects()) {
      EXPECT_TRUE(all.take(subject).complete());
      rows.push_back(row_of(subject, all.take(subject), reference::Ulp::goldberg));
    }
    std::vector<SweepRow> ordered = whole;
    std::stable_sort(ordered.begin(), ordered.end(), [](const SweepRow& a, const SweepRow& b) {
      return std::less<>{}(a.subject.kernel, b.subject.kernel);
    });
    EXPECT_EQ(csv(rows), csv(ordered)) << count;
  }
  options.partials = nullptr;
}

TEST(Checkpoint, GoesOnFromWhereItWas) {
  SweepOptions options;
  options.all = true;
  const std::vector<SweepRow> whole = sweep(subjects(), options);
  std::vector<Partial> partials(3);
  options.partials = &partials;
  options.shard = {1, 3};
  sweep(subjects(), options);
  options.shard = {1, 1};
  std::size_t saves = 0;
  options.save = [&] { ++saves; };
  const std::vector<SweepRow> rows = sweep(subjects(), options);
  EXPECT_EQ(csv(rows), csv(whole));
  EXPECT_GT(saves, 0u);
  // Once more, with nothing left to do.
  EXPECT_EQ(csv(sweep(subjects(), options)), csv(whole));
}

/// A full disk ends the sweep at once, not after all of it.
TEST(Checkpoint, ThatCannotBeSavedEndsTheSweep) {
  SweepOptions options;
  options.all = true;
  std::vector<Partial> partials(1);
  options.partials = &partials;
  options.save = [] { throw reports::FileError("cannot write"); };
  EXPECT_THROW(sweep({{&kernel_named("gelu/forward/f32/accurate/scalar"), {}}}, options), reports::FileError);
  EXPECT_FALSE(partials[0].complete());
}

TEST(Checkpoint, IsRefusedWhereItIsNotSound) {
  SweepOptions options;
  options.all = true;
  options.shard = {2, 3};
  std::vector<Partial> partials(3);
  options.partials = &partials;
  sweep(subjects(), options);
  Checkpoint part;
  for (std::size_t i = 0; i < partials.size(); ++i) part.put(subjects()[i], partials[i]);
  mutate(part.text(), [](const std::string& changed) {
    reports::write_file(file_named("FILE.json"), changed);
    Checkpoint::read(file_named("FILE.json"));
  });
  EXPECT_THROW(Checkpoint::read("no such file"), UsageError);
  std::string other = part.text();
  other.replace(other.find("\"build\": \"") + 10, 1, "9");
  reports::write_file(file_named("FILE.json"), other);
  EXPECT_THROW(Checkpoint::read(file_named("FILE.json")), UsageError) << "of another build";
  Checkpoint steps(reference::Ulp::steps);
  EXPECT_THROW(steps.merge(part, "FILE.json"), UsageError);
}

/// Whatever counts as an ULP, a right kernel has none of it wrong, and each measure has its own numbers for a wrong
/// one.
TEST(Measures, OfOneKernel) {
  const auto row = [](const char* identity, reference::Ulp ulp) {
    SweepOptions options;
    options.all = true;
    options.ulp = ulp;
    return sweep({{&kernel_named(identity), {}}}, options)[0];
  };
  using reference::Ulp;
  for (const char* right : {"gelu/forward/f16/accurate/scalar", "silu/derivative/bf16/accurate/scalar"}) {
    EXPECT_EQ(row(right, Ulp::steps).max_ulp, 0);
    EXPECT_LE(row(right, Ulp::kahan).max_ulp, 0.5);
    EXPECT_GE(row(right, Ulp::kahan).tally.mean_ulp(), row(right, Ulp::goldberg).tally.mean_ulp());
    for (const Ulp ulp : {Ulp::goldberg, Ulp::kahan, Ulp::steps}) EXPECT_TRUE(keeps_promise(row(right, ulp)));
  }
  const char* naive = "hard_sigmoid/forward/bf16/naive/scalar";
  const SweepRow goldberg = row(naive, Ulp::goldberg), kahan = row(naive, Ulp::kahan), steps = row(naive, Ulp::steps);
  EXPECT_EQ(goldberg.tally.not_correctly_rounded, steps.tally.not_correctly_rounded);
  EXPECT_EQ(goldberg.tally.not_correctly_rounded, kahan.tally.not_correctly_rounded);
  for (const SweepRow* r : {&goldberg, &kahan, &steps}) {
    const reports::Table table = accuracy_table({r, 1}, 1);
    EXPECT_TRUE(std::any_of(table.notes.begin(), table.notes.end(),
                            [&](const std::string& note) { return note == ulp_definition(r->ulp); }));
  }
}

}  // namespace
}  // namespace actbench::bench
