// SPDX-License-Identifier: Apache-2.0
//
// The table of kernels: complete, ordered, found by name, with the facts that the specification of the activations
// states.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "actbench/kernels.hpp"

namespace actbench {
namespace {

struct SpecifiedParameter {
  const char* name;
  double default_value;
  Domain domain;
};
struct Specified {
  const char* name;
  std::vector<SpecifiedParameter> parameters;
};

const std::vector<Specified>& specification() {
  static const std::vector<Specified> all{
      {"celu", {{"alpha", 1, Domain::nonzero}}},
      {"elu", {{"alpha", 1, Domain::any}}},
      {"gelu", {}},
      {"gelu_normal", {{"mu", 0, Domain::any}, {"sigma", 1, Domain::positive}}},
      {"gelu_tanh", {}},
      {"hard_sigmoid", {}},
      {"hard_swish", {}},
      {"hardshrink", {{"lambda", 0.5, Domain::any}}},
      {"hardtanh", {{"lower", -1, Domain::any}, {"upper", 1, Domain::not_below_previous}}},
      {"identity", {}},
      {"leaky_relu", {{"alpha", 0.01, Domain::any}}},
      {"log_sigmoid", {}},
      {"mish", {}},
      {"new_gelu", {}},
      {"prelu", {{"alpha", 0.25, Domain::any}}},
      {"quick_gelu", {}},
      {"relu", {}},
      {"relu6", {}},
      {"rrelu", {{"lower", 1.0 / 8, Domain::any}, {"upper", 1.0 / 3, Domain::not_below_previous}}},
      {"scaled_sigmoid", {{"a", 0, Domain::any}, {"b", 100, Domain::any}}},
      {"scaled_tanh", {{"a", -5, Domain::any}, {"b", 5, Domain::any}}},
      {"selu", {}},
      {"sigmoid", {}},
      {"silu", {}},
      {"softplus", {{"beta", 1, Domain::nonzero}}},
      {"softshrink", {{"lambda", 0.5, Domain::not_negative}}},
      {"softsign", {}},
      {"squared_relu", {}},
      {"step", {}},
      {"swish", {{"beta", 1, Domain::any}}},
      {"tanh", {}},
      {"tanhshrink", {}},
      {"threshold", {{"theta", 0.1, Domain::any}, {"value", 20, Domain::any}}},
  };
  return all;
}

/// What every specified activation has.
struct Variant {
  Direction direction;
  Type type;
  Tier tier;
  auto operator<=>(const Variant&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14 sees a 0 in it
};
std::vector<Variant> promised_variants(Shape shape) {
  std::vector<Variant> all;
  const Direction others[] = {Direction::derivative, Direction::backward},
                  gradients[] = {Direction::gradient_a, Direction::gradient_b};
  const auto& rest = shape == Shape::gated ? gradients : others;
  for (const Direction direction : {Direction::forward, rest[0], rest[1]}) {
    for (const Type type : {Type::f32, Type::f64, Type::f16, Type::bf16}) {
      for (const Tier tier : {Tier::naive, Tier::fast, Tier::accurate}) all.push_back({direction, type, tier});
    }
  }
  return all;
}
/// Rows of AVX2 and AVX-512 are in every table, their code only in that of x86-64.
bool has_code([[maybe_unused]] Backend backend) {
#ifdef __x86_64__
  return true;
#else
  return backend != Backend::avx2 && backend != Backend::avx512;
#endif
}

constexpr Backend promised_backends[] = {Backend::scalar, Backend::avx2, Backend::avx512};

TEST(Table, HasEverySpecifiedKernelOnce) {
  std::vector<Specified> all = specification();
  for (const char* gated : {"glu", "reglu", "geglu", "swiglu"}) all.push_back({gated, {}});
  for (const Specified& activation : all) {
    const Kernel* const any = find(activation.name + std::string("/forward/f32/accurate/scalar"));
    ASSERT_NE(any, nullptr) << activation.name;
    EXPECT_EQ(any->activation->shape, &activation < &all[specification().size()] ? Shape::elementwise : Shape::gated);
    for (const Variant& v : promised_variants(any->activation->shape)) {
      for (const Backend backend : promised_backends) {
        const auto is_it = [&](const Kernel& k) {
          return std::string_view(k.activation->name) == activation.name && k.direction == v.direction &&
                 k.type == v.type && k.tier == v.tier && k.backend == backend;
        };
        EXPECT_EQ(std::ranges::count_if(kernels(), is_it), 1)
            << activation.name << '/' << name(v.direction) << '/' << name(v.type) << '/' << name(v.tier) << '/'
            << name(backend);
      }
    }
  }
}

TEST(Table, HasNoHole) {
  std::map<std::pair<Variant, Backend>, std::set<std::string>> activations_of;
  for (const Kernel& k : kernels()) {
    if (k.direction == Direction::alpha_gradient) continue;  // only where there is an α to learn
    if (k.activation->shape != Shape::elementwise) continue;
    activations_of[{{k.direction, k.type, k.tier}, k.backend}].insert(k.activation->name);
  }
  for (const auto& [key, present] : activations_of) {
    for (const Specified& activation : specification()) {
      EXPECT_TRUE(present.count(activation.name))
          << activation.name << " lacks " << name(key.first.direction) << '/' << name(key.first.type) << '/'
          << name(key.first.tier) << '/' << name(key.second) << ", which others have";
    }
  }
}

TEST(Table, IsOrderedWithoutDuplicates) {
  const auto key = [](const Kernel& k) {
    return std::tuple(std::string_view(k.activation->name), k.direction, k.type, k.tier, k.backend);
  };
  const std::span<const Kernel> all = kernels();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(key(all[i - 1]), key(all[i])) << identity(all[i - 1]) << ", " << identity(all[i]);
  }
}

TEST(Table, FindsEveryIdentityAndNothingElse) {
  for (const Kernel& k : kernels()) {
    const std::string id = identity(k);
    EXPECT_EQ(find(id), &k) << id;
    EXPECT_EQ(id, std::string(k.activation->name) + '/' + name(k.direction) + '/' + name(k.type) + '/' + name(k.tier) +
                      '/' + name(k.backend));
    EXPECT_EQ(std::ranges::count(id, '/'), 4);
    EXPECT_EQ(find(id + '/'), nullptr);
    EXPECT_EQ(find(id + 'x'), nullptr);
    EXPECT_EQ(find('x' + id), nullptr);
    EXPECT_EQ(find(std::string_view(id).substr(0, id.size() - 1)), nullptr);
  }
  EXPECT_EQ(find(""), nullptr);
  EXPECT_EQ(find("////"), nullptr);
  EXPECT_EQ(find("gelu"), nullptr);
  EXPECT_EQ(find("GELU/forward/f32/accurate/scalar"), nullptr);
  EXPECT_EQ(find(" gelu/forward/f32/accurate/scalar"), nullptr);
}

TEST(Table, PromisesWhatTheTiersSay) {
  for (const Kernel& k : kernels()) {
    double promise = std::numeric_limits<double>::infinity();
    if (k.tier == Tier::accurate) promise = k.type == Type::f64 ? 1 : 0.5;
    if (k.tier == Tier::fast) promise = k.type == Type::f32 || k.type == Type::f64 ? 4 : 1;
    EXPECT_LE(k.promised_ulp, promise) << identity(k);
    EXPECT_GT(k.promised_ulp, 0) << identity(k);
    if (k.tier == Tier::naive) {
      EXPECT_EQ(k.promised_ulp, promise) << identity(k);
    }
    EXPECT_EQ(k.run != nullptr, has_code(k.backend)) << identity(k);
  }
}

TEST(Table, StatesTheFactsOfTheSpecification) {
  for (const Specified& expected : specification()) {
    const auto k = std::ranges::find_if(
        kernels(), [&](const Kernel& kernel) { return std::string_view(kernel.activation->name) == expected.name; });
    ASSERT_NE(k, kernels().end()) << expected.name;
    const Activation& got = *k->activation;
    EXPECT_NE(std::string_view(got.formula), "") << expected.name;
    EXPECT_NE(got.aliases, nullptr) << expected.name;
    ASSERT_EQ(got.parameter_count, expected.parameters.size()) << expected.name;
    for (std::size_t i = 0; i < got.parameter_count; ++i) {
      EXPECT_STREQ(got.parameters[i].name, expected.parameters[i].name) << expected.name;
      EXPECT_EQ(got.parameters[i].default_value, expected.parameters[i].default_value) << expected.name;
      EXPECT_EQ(got.parameters[i].domain, expected.parameters[i].domain) << expected.name;
    }
  }
}

TEST(Table, HoldsOneSetOfFactsAnActivation) {
  std::map<std::string, const Activation*> first;
  for (const Kernel& k : kernels()) {
    const Activation& a = *k.activation;
    const Activation& b = *first.try_emplace(a.name, &a).first->second;
    EXPECT_STREQ(a.formula, b.formula) << identity(k);
    EXPECT_STREQ(a.aliases, b.aliases) << identity(k);
    ASSERT_EQ(a.parameter_count, b.parameter_count) << identity(k);
    for (std::size_t i = 0; i < a.parameter_count; ++i) {
      EXPECT_STREQ(a.parameters[i].name, b.parameters[i].name) << identity(k);
      EXPECT_EQ(a.parameters[i].default_value, b.parameters[i].default_value) << identity(k);
      EXPECT_EQ(a.parameters[i].domain, b.parameters[i].domain) << identity(k);
    }
  }
}

TEST(Names, AreDistinctAndFitAnIdentity) {
  const auto check = [](std::vector<std::string> names) {
    for (const std::string& n : names) {
      EXPECT_FALSE(n.empty());
      EXPECT_TRUE(std::ranges::all_of(n, [](char c) {
        return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_';
      })) << n;
    }
    std::ranges::sort(names);
    EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  };
  check({name(Direction::forward), name(Direction::derivative), name(Direction::backward),
         name(Direction::alpha_gradient), name(Direction::gradient_a), name(Direction::gradient_b)});
  check({name(Shape::elementwise), name(Shape::gated), name(Shape::rows)});
  check({name(Type::f32), name(Type::f64), name(Type::f16), name(Type::bf16)});
  check({name(Tier::naive), name(Tier::fast), name(Tier::accurate)});
  check({name(Backend::scalar), name(Backend::avx2), name(Backend::avx512), name(Backend::cuda)});
  std::set<std::string> activations;
  for (const Kernel& k : kernels()) activations.insert(k.activation->name);
  check({activations.begin(), activations.end()});
}

TEST(Types, HaveTheirSizes) {
  EXPECT_EQ(size_of(Type::f32), 4u);
  EXPECT_EQ(size_of(Type::f64), 8u);
  EXPECT_EQ(size_of(Type::f16), 2u);
  EXPECT_EQ(size_of(Type::bf16), 2u);
}

TEST(Types, RoundToNearestEven) {
  EXPECT_EQ(round_to(Type::f64, 0.1), 0.1);
  EXPECT_EQ(round_to(Type::f32, 0.1), double{0.1f});
  EXPECT_EQ(round_to(Type::f16, 0.1), 0x1.998p-4);
  EXPECT_EQ(round_to(Type::bf16, 0.1), 0x1.9ap-4);
  // Ties: to the even neighbour, down and up.
  EXPECT_EQ(round_to(Type::f32, 1 + 0x1p-24), 1);
  EXPECT_EQ(round_to(Type::f32, 1 + 0x3p-24), 1 + 0x2p-23);
  EXPECT_EQ(round_to(Type::f16, 1 + 0x1p-11), 1);
  EXPECT_EQ(round_to(Type::f16, 1 + 0x3p-11), 1 + 0x2p-10);
  EXPECT_EQ(round_to(Type::bf16, 1 + 0x1p-8), 1);
  EXPECT_EQ(round_to(Type::bf16, 1 + 0x3p-8), 1 + 0x2p-7);
  // Just beyond a tie: one rounding, not two.
  EXPECT_EQ(round_to(Type::f16, 1 + 0x1p-11 + 0x1p-40), 1 + 0x1p-10);
  EXPECT_EQ(round_to(Type::bf16, 1 + 0x1p-8 + 0x1p-40), 1 + 0x1p-7);
  // Subnormals, the largest number, zeros.
  EXPECT_EQ(round_to(Type::f16, 0x1.8p-24), 0x1p-23);
  EXPECT_EQ(round_to(Type::f16, 0x1p-25), 0);
  EXPECT_EQ(round_to(Type::bf16, 0x1p-133), 0x1p-133);
  EXPECT_EQ(round_to(Type::bf16, 0x1p-134), 0);
  EXPECT_EQ(round_to(Type::f16, 65519), 65504);
  EXPECT_EQ(round_to(Type::f16, 65520), std::numeric_limits<double>::infinity());
  EXPECT_EQ(round_to(Type::bf16, 0x1.fep127), 0x1.fep127);
  EXPECT_EQ(round_to(Type::bf16, 0x1.ffp127), std::numeric_limits<double>::infinity());
  for (const Type type : {Type::f32, Type::f64, Type::f16, Type::bf16}) {
    EXPECT_TRUE(std::signbit(round_to(type, -0.0)));
    EXPECT_TRUE(std::isnan(round_to(type, std::numeric_limits<double>::quiet_NaN())));
    EXPECT_EQ(round_to(type, -std::numeric_limits<double>::infinity()), -std::numeric_limits<double>::infinity());
  }
}

TEST(Parameters, DefaultsAreAccepted) {
  for (const Kernel& k : kernels()) {
    std::vector<double> p;
    for (std::size_t i = 0; i < k.activation->parameter_count; ++i)
      p.push_back(k.activation->parameters[i].default_value);
    EXPECT_EQ(parameter_error(*k.activation, p), "") << identity(k);
  }
}

TEST(Parameters, ErrorsNameTheParameterAndTheActivation) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::set<const Activation*> seen;
  for (const Kernel& k : kernels()) {
    const Activation& a = *k.activation;
    if (!seen.insert(&a).second) continue;
    std::vector<double> defaults;
    for (std::size_t i = 0; i < a.parameter_count; ++i) defaults.push_back(a.parameters[i].default_value);

    std::vector<double> more = defaults;
    more.push_back(1);
    EXPECT_NE(parameter_error(a, more).find(a.name), std::string::npos) << parameter_error(a, more);
    if (!defaults.empty()) {
      const std::vector<double> fewer(defaults.begin(), defaults.end() - 1);
      EXPECT_NE(parameter_error(a, fewer), "") << a.name;
    }
    for (std::size_t i = 0; i < a.parameter_count; ++i) {
      const Domain domain = a.parameters[i].domain;
      std::vector<double> bad{inf, -inf, nan}, good{0, -0.0, 2.5, -defaults[i] - 1};
      if (domain == Domain::nonzero || domain == Domain::positive) {
        bad.insert(bad.end(), {0.0, -0.0});
        good.erase(good.begin(), good.begin() + 2);
      }
      if (domain == Domain::positive || domain == Domain::not_negative) {
        bad.insert(bad.end(), {-1, -1e-300});
        good.pop_back();
      }
      if (domain == Domain::not_below_previous) {
        ASSERT_GT(i, 0u) << a.name;
        bad.insert(bad.end(), {defaults[i - 1] - 1, std::nextafter(defaults[i - 1], -inf)});
        good = {defaults[i - 1], 2.5};
      }
      for (const double value : bad) {
        std::vector<double> p = defaults;
        p[i] = value;
        EXPECT_NE(parameter_error(a, p).find(a.parameters[i].name), std::string::npos)
            << a.name << ", " << a.parameters[i].name << " = " << value << ": '" << parameter_error(a, p) << "'";
      }
      for (const double value : good) {
        std::vector<double> p = defaults;
        p[i] = value;
        if (i + 1 < p.size() && a.parameters[i + 1].domain == Domain::not_below_previous) p[i + 1] = value + 1;
        EXPECT_EQ(parameter_error(a, p), "") << a.name << ", " << a.parameters[i].name << " = " << p[i];
      }
    }
  }
}

TEST(Parameters, WhatTheTypeMakesOfThemIsSaid) {
  const auto said = [](const char* identity, std::vector<double> given) {
    return parameter_error(*find(identity), given);
  };
  EXPECT_EQ(said("softplus/forward/f32/fast/scalar", {1e-60}),
            "parameter beta of softplus must be other than 0, and f32 rounds 1e-60 to 0; f64 holds it");
  EXPECT_EQ(said("softplus/forward/f16/fast/scalar", {70000}),
            "parameter beta of softplus must be finite, and f16 rounds 70000 to infinity; f64 holds it");
  EXPECT_EQ(said("gelu_normal/forward/bf16/fast/scalar", {0, 1e-45}),
            "parameter sigma of gelu_normal must be above 0, and bf16 rounds 1e-45 to 0; f64 holds it");
  EXPECT_EQ(said("hardtanh/forward/f32/fast/scalar", {-1, 1e300}),
            "parameter upper of hardtanh must be finite, and f32 rounds 1e+300 to infinity; f64 holds it");
  EXPECT_EQ(said("softplus/forward/f64/fast/scalar", {1e-60}), "");
  EXPECT_EQ(said("softplus/forward/f32/fast/scalar", {0}), "parameter beta of softplus must be other than 0");
  EXPECT_EQ(said("softplus/forward/f32/fast/scalar", {HUGE_VAL}), "parameter beta of softplus must be finite");
  EXPECT_EQ(said("softshrink/forward/f32/fast/scalar", {-0.5}), "parameter lambda of softshrink must be at least 0");
  EXPECT_EQ(said("hardtanh/forward/f32/fast/scalar", {1, 0.5}),
            "parameter upper of hardtanh must be at least lower, and 0.5 is below 1");
  EXPECT_EQ(said("hardtanh/forward/f32/fast/scalar", {1, std::nextafter(1.0, 0.0)}), "") << "f32 rounds both to 1";
  EXPECT_EQ(said("elu/forward/f32/fast/scalar", {}), "elu takes 1 parameter (alpha), not 0");
}

TEST(Parameters, PromisesHaveLimits) {
  const auto promised = [](const char* identity, std::vector<double> given) {
    return promised_ulp(*find(identity), given);
  };
  EXPECT_EQ(promised("softplus/backward/f64/accurate/scalar", {256}), 0.502);
  EXPECT_EQ(promised("softplus/backward/f64/accurate/scalar", {-0x1p-8}), 0.502);
  EXPECT_EQ(promised("softplus/backward/f64/accurate/scalar", {1000}), HUGE_VAL);
  EXPECT_EQ(promised("softplus/backward/f64/fast/scalar", {0x1p-9}), HUGE_VAL);
  EXPECT_EQ(promised("elu/forward/f64/fast/scalar", {0}), 4);
  EXPECT_EQ(promised("softplus/backward/f32/accurate/scalar", {1000}), 0.5);
  EXPECT_EQ(promised("softplus/backward/f32/accurate/scalar", {0x1p101}), HUGE_VAL);
  EXPECT_EQ(promised("hardtanh/forward/f64/accurate/scalar", {-1e300, 1e300}), 0.5) << "rounds once";
  EXPECT_EQ(promised("gelu/forward/f64/accurate/scalar", {}), 0.502);
  EXPECT_EQ(promised("gelu/forward/f64/naive/scalar", {}), HUGE_VAL);
}

}  // namespace
}  // namespace actbench
