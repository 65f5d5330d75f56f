// SPDX-License-Identifier: Apache-2.0
#include "bench/selection/filter.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bench/selection/holes.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/names.hpp"
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

TEST(Filter, BracesHoldAnythingAndNest) {
  const char* gelu = "gelu/forward/f32/accurate/avx2";
  for (const char* pattern : {"{gelu/forward,silu/backward}", "{{{gelu}}}", "g{e}lu", "{g,s}{e,i}lu", "gelu{,_tanh}",
                              "{gelu/{forward,backward},x}/f32", "x,{y,gelu}", "a,b,{c,d},f32/accurate/avx{2,512}"})
    EXPECT_TRUE(matches(pattern, gelu)) << pattern;
  for (const char* pattern : {"{gelu/backward,silu/forward}", "gelu{_tanh}", "{,}", ",", "{gelu}forward", "/",
                              "gelu//forward", "/gelu", "**/**/**/**/**/**"})
    EXPECT_FALSE(matches(pattern, gelu)) << pattern;
}

std::string refusal(const std::string& pattern) {
  try {
    Filter{pattern};
  } catch (const UsageError& e) {
    return e.what();
  }
  return {};
}

TEST(Filter, SaysWhatGlobsThereAreToWhatIsNone) {
  for (const auto& [pattern, sign] : {std::pair("^gelu/", "^"),
                                      {"acc.*avx2$", "."},
                                      {"g(e|u)lu", "("},
                                      {"avx[0-9]", "["},
                                      {"f32+", "+"},
                                      {"a\\d", "\\"},
                                      {"gelu forward", " "},
                                      {"gélu", "é"},
                                      {"a!b", "!"}}) {
    const std::string sentence = refusal(pattern);
    EXPECT_NE(sentence.find("is no glob, because of its '" + std::string(sign) + "'"), sentence.npos) << sentence;
    EXPECT_NE(sentence.find("{a,b} for either"), sentence.npos) << sentence;
  }
  for (const char* pattern : {"{gelu", "gelu}", "}{", "{a,{b}", "{", "}", "!{"})
    EXPECT_NE(refusal(pattern).find("do not pair"), std::string::npos) << pattern;
  EXPECT_NE(refusal("").find("an empty filter"), std::string::npos);
  EXPECT_NE(refusal("!").find("an empty filter"), std::string::npos);
  EXPECT_NE(refusal(std::string(1001, 'a')).find("has 1001 characters; 1000 are the most"), std::string::npos);
  EXPECT_EQ(refusal(std::string(1000, 'a')), "");
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Filter, TakesNoLongerForAnyPattern) {
  using Clock = std::chrono::steady_clock;
  const std::string text = repeated("a", 200) + "/" + repeated("b/", 100);
  for (const std::string& pattern : {repeated("*a", 400) + "*Q", repeated("{a,b}", 30) + "Q", repeated("{a,b,*}", 140),
                                     repeated("{", 450) + "a" + repeated("}", 450), repeated("*", 999) + "Q",
                                     repeated("?", 1000), repeated("{,a}", 250), repeated("*/", 499),
                                     repeated("a,", 499), repeated("{*,", 240) + "Q" + repeated("}", 240)}) {
    const auto start = Clock::now();
    const Filter filter(pattern);
    for (int i = 0; i < 20; ++i) filter.matches(text);
    EXPECT_LT(std::chrono::duration<double>(Clock::now() - start).count(), 5) << pattern;
  }
  EXPECT_TRUE(matches((repeated("{a,b}", 30) + ",*").c_str(), "gelu"));
  EXPECT_TRUE(matches(repeated("{a,b}", 30).c_str(), repeated("ab", 15).c_str()));
  EXPECT_FALSE(matches(repeated("{a,b}", 30).c_str(), repeated("ab", 16).c_str()));
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

TEST(Matching, KnowsEveryName) {
  const auto chosen = [](std::vector<std::string> patterns) { return matching(table, patterns); };
  using Kernels = std::vector<const Kernel*>;
  EXPECT_EQ(chosen({"gelu_erf"}), (Kernels{&table[0], &table[1]}));
  EXPECT_EQ(chosen({"{gelu_erf,swish-1}/forward"}), (Kernels{&table[0], &table[1], &table[2]}));
  EXPECT_EQ(chosen({"gelu_u10/*/f32"}), Kernels{&table[0]});
  EXPECT_EQ(chosen({"gelu_erf_u05"}), Kernels{&table[1]});
  EXPECT_EQ(chosen({"*_u05"}), (Kernels{&table[1], &table[2], &table[3]}));
  EXPECT_EQ(chosen({"gelu_u*"}), (Kernels{&table[0], &table[1]}));
  for (const char* none : {"*erf", "gel?????", "*5/forward", "gelu_u05/*/*/naive", "swish-?"})
    EXPECT_NE(error_of({none}), "") << none << ": a wildcard stands for no letter of another name";
}

TEST(Matching, LeavesOutWhatAnExclamationMarkSays) {
  const auto chosen = [](std::vector<std::string> patterns) { return matching(table, patterns); };
  using Kernels = std::vector<const Kernel*>;
  EXPECT_EQ(chosen({"!gelu"}), (Kernels{&table[2], &table[3]}));
  EXPECT_EQ(chosen({"!*lu", "accurate"}), Kernels{&table[3]});
  EXPECT_EQ(chosen({"gelu", "!naive"}), Kernels{&table[1]});
  EXPECT_NE(error_of({"!gellu"}).find("no kernel matches '!gellu'"), std::string::npos);
  EXPECT_NE(error_of({"gelu", "!gelu"}).find("leave out every kernel"), std::string::npos);
}

TEST(Names, AreAnActivationsOwnOthersAndThoseWithAPromise) {
  EXPECT_STREQ(activation_named("gelu_erf").name, "gelu");
  EXPECT_STREQ(activation_named("gelu_u05").name, "gelu");
  EXPECT_STREQ(activation_named("NewGELU").name, "gelu_tanh");
  EXPECT_STREQ(activation_named("gelu_new").name, "gelu_tanh");
  EXPECT_THROW(activation_named("gelu_u06"), UsageError);
  EXPECT_THROW(activation_named("NewGELU in model code"), UsageError);
  EXPECT_THROW(activation_named(std::string(1 << 20, 'g')), UsageError);
  const auto notes = [](std::vector<std::string> filters) { return notes_on_names(filters).size(); };
  EXPECT_EQ(notes({"gelu", "gelu_new/forward"}), 1u);
  EXPECT_EQ(notes({"{gelu,new_gelu}"}), 1u);
  EXPECT_EQ(notes({"new_gelu_u05"}), 1u);
  EXPECT_EQ(notes({"NewGELU", "new_gelu"}), 1u);
  EXPECT_EQ(notes({"gelu", "*gelu*", "renew_gelu", "new_gelus"}), 0u);
}

TEST(Matching, NamesWhatComesNearWhereNothingMatches) {
  EXPECT_EQ(error_of({"gellu"}), "no kernel matches 'gellu'; did you mean gelu?");
  EXPECT_NE(error_of({"gelu/acurate"}).find("did you mean accurate?"), std::string::npos);
  EXPECT_NE(error_of({"gelu_eerf"}).find("did you mean gelu_erf"), std::string::npos);
  EXPECT_NE(error_of({"gelu_u04"}).find("did you mean gelu_u05"), std::string::npos) << error_of({"gelu_u04"});
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
