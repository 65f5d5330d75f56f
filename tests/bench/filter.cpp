// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/filter.hpp"

#include <gtest/gtest.h>

#include <set>

#include "bench/selection/holes.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

bool matches(const char* pattern, const char* identity) { return Filter(pattern).matches(identity); }

TEST(Filter, AGlobMatchesRunsOfWholeComponents) {
  const char* gelu = "gelu/forward/f32/accurate/avx2";
  for (const char* pattern :
       {"gelu", "gelu/forward/f32/accurate/avx2", "f32/accurate", "gelu/*/f32", "avx2", "*", "ge*", "g?lu",
        "{gelu,silu}/forward", "silu,gelu", "*/*/*/*/*", "{silu,{relu,ge{lu,x}}}", "a*e/avx?", "gelu/*"}) {
    EXPECT_TRUE(matches(pattern, gelu)) << pattern;
  }
  for (const char* pattern :
       {"gel", "elu", "gelu/f32", "avx", "gelu_tanh", "f32/avx2", "*/*/*/*/*/*", "gelu/", "{silu,mish}", "GELU"}) {
    EXPECT_FALSE(matches(pattern, gelu)) << pattern;
  }
  EXPECT_FALSE(matches("gelu", "gelu_tanh/forward/f32/naive/scalar"));
  EXPECT_TRUE(matches("gelu*", "gelu_tanh/forward/f32/naive/scalar"));
}

TEST(Filter, AnythingElseIsARegularExpression) {
  const char* gelu = "gelu/forward/f32/accurate/avx2";
  for (const char* pattern : {"^gelu/", "acc.*avx2$", "g(e|u)lu", ".", "avx[0-9]"})
    EXPECT_TRUE(matches(pattern, gelu)) << pattern;
  for (const char* pattern : {"^elu", "avx2.", "f32/(naive|fast)"}) EXPECT_FALSE(matches(pattern, gelu)) << pattern;
}

TEST(Filter, RefusesWhatIsNeither) {
  for (const char* pattern : {"", "{gelu", "gelu}", "}{", "gelu(", "[a"})
    EXPECT_THROW(Filter{pattern}, UsageError) << pattern;
}

constexpr Activation gelu{"gelu", "", "gelu_erf", {}, 0}, silu{"silu", "", "swish-1", {}, 0},
    swish{"swish", "", "", {{"beta", 1.0, Domain::any}}, 1};
constexpr Kernel table[] = {{&gelu, Direction::forward, Type::f32, Tier::naive, Backend::scalar, 1, nullptr},
                            {&gelu, Direction::forward, Type::f32, Tier::accurate, Backend::avx2, 0.5, nullptr},
                            {&silu, Direction::forward, Type::f32, Tier::accurate, Backend::avx2, 0.5, nullptr},
                            {&swish, Direction::forward, Type::f32, Tier::accurate, Backend::avx2, 0.5, nullptr}};

std::string error_of(std::vector<std::string> patterns) {
  try {
    matching(table, patterns);
  } catch (const UsageError& e) {
    return e.what();
  }
  return {};
}

TEST(Matching, TakesTheUnionInTheTablesOrder) {
  const std::vector<std::string> both{"silu", "naive"};
  EXPECT_EQ(matching(table, both), (std::vector<const Kernel*>{&table[0], &table[2]}));
  EXPECT_EQ(matching(table, {}).size(), 4u);
}

TEST(Matching, NamesWhatComesNearWhereNothingMatches) {
  EXPECT_EQ(error_of({"gellu"}), "no kernel matches 'gellu'; did you mean gelu?");
  EXPECT_NE(error_of({"gelu/acurate"}).find("did you mean accurate?"), std::string::npos);
  EXPECT_NE(error_of({"gelu_erf"}).find("gelu (also called gelu_erf)"), std::string::npos);
  EXPECT_NE(error_of({"naive/avx2"}).find("not together"), std::string::npos);
  EXPECT_NE(error_of({"zzzzzzzzz"}).find("actbench list"), std::string::npos);
  EXPECT_NE(error_of({"gelu", "silv"}).find("'silv'; did you mean silu?"), std::string::npos);
}

TEST(Matching, SaysWhatFollowsWhereTheFirstPartsMatch) {
  EXPECT_NE(error_of({"gelu/scalar"}).find("; gelu goes on with forward"), std::string::npos)
      << error_of({"gelu/scalar"});
  EXPECT_NE(error_of({"gelu/forward/qqqqqqqq"}).find("; gelu/forward goes on with f32"), std::string::npos);
  EXPECT_NE(error_of({"gelu/*/f32/*/qqqqqqqq"}).find("; gelu/*/f32/* goes on with scalar, avx2"), std::string::npos);
}

TEST(Holes, AreWhatOthersHave) {
  static constexpr Activation prelu{"prelu", "", "", {{"alpha", 0.25, Domain::any}}, 1};
  const auto kernel = [](const Activation& a, Direction d, Type t) {
    return Kernel{&a, d, t, Tier::naive, Backend::scalar, 1, nullptr};
  };
  const Kernel whole[] = {kernel(gelu, Direction::forward, Type::f32), kernel(prelu, Direction::forward, Type::f32),
                          kernel(prelu, Direction::alpha_gradient, Type::f32)};
  EXPECT_TRUE(holes(whole).empty()) << "nothing is learned in gelu";
  const Kernel holed[] = {
      kernel(gelu, Direction::forward, Type::f32),         kernel(gelu, Direction::backward, Type::f32),
      kernel(prelu, Direction::forward, Type::f32),        kernel(prelu, Direction::forward, Type::f16),
      kernel(prelu, Direction::alpha_gradient, Type::f32), kernel(prelu, Direction::alpha_gradient, Type::f16),
      kernel(silu, Direction::alpha_gradient, Type::f32)};
  std::set<std::string> found;
  for (const Hole& hole : holes(holed)) {
    found.insert(identity(hole.kernel));
    EXPECT_NE(hole.reason.find(hole.kernel.activation->name), std::string::npos) << hole.reason;
  }
  const std::set<std::string> expected{"gelu/forward/f16/naive/scalar",  "prelu/backward/f32/naive/scalar",
                                       "silu/forward/f32/naive/scalar",  "silu/forward/f16/naive/scalar",
                                       "silu/backward/f32/naive/scalar", "silu/alpha_gradient/f16/naive/scalar"};
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(holes(kernels()).empty()) << "the table that was built has none";
}

TEST(Parameters, AreTakenFromSettingsAndRoundedToTheType) {
  const Kernel* kernels[] = {&table[0], &table[3]};
  const std::vector<std::string> texts{"beta=0.1"};
  const auto set = settings(texts, kernels);
  EXPECT_EQ(parameters_of(table[3], set), (std::vector<double>{static_cast<double>(0.1f)}));
  EXPECT_TRUE(parameters_of(table[0], set).empty());
  for (const char* bad : {"beta", "=1", "beta=", "gamma=1", "beta=x", "beta=inf", "beta=nan", "beta=0x3f800000"}) {
    const std::vector<std::string> one{bad};
    EXPECT_THROW(settings(one, kernels), UsageError) << bad;
  }
}

TEST(Parameters, MustStayInTheirDomainAfterRounding) {
  static constexpr Activation normal{
      "gelu_normal", "", "", {{"mu", 0, Domain::any}, {"sigma", 1, Domain::positive}}, 2};
  const Kernel kernel{&normal, Direction::forward, Type::f32, Tier::naive, Backend::scalar, 1, nullptr};
  for (double value : {0.0, -1.0, 1e-60, 1e60}) {
    const std::vector<Setting> set{{"sigma", value}};
    EXPECT_THROW(parameters_of(kernel, set), UsageError) << value;
  }
}

}  // namespace
}  // namespace actbench::bench
