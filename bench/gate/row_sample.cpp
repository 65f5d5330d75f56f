// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/row_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "bench/gate/samples.hpp"
#include "bench/numbers/random.hpp"

namespace actbench::bench::gate {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t lengths[] = {1, 2, 3, 7, 8, 17, 33, 64, 100, 128, 1000, 1024, 4096};

/// Twelve uniform numbers add up to about N(6, 1).
double bell(Random& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// A number of either sign, log-uniform over so many binades below 2^top. Draws are statements of their own: the
/// compiler chooses in which order it evaluates the arguments of a call.
double wide(Random& random, int top, std::uint64_t binades) {
  const auto below = static_cast<int>(random.next() % binades);
  const double size = std::ldexp(1 + random.uniform(), top - 1 - below);
  return random.next() >> 63 ? -size : size;
}

double logit(Random& random, std::uint64_t kind, double one, double other) {
  switch (kind) {
    case 0:
      return bell(random);
    case 1:
      return 10 * bell(random);
    case 2:
      return 100 * bell(random);
    case 3:
      return random.next() % 3 == 0 ? -infinity : bell(random);
    case 4:
      return random.next() >> 63 ? one : other;
    default:
      return wide(random, 7, 60);
  }
}

double gradient(Random& random, std::uint64_t kind, double one, bool chosen) {
  switch (kind) {
    case 0:
      return bell(random);
    case 1:
      return one;
    case 2:
      return chosen ? 1 : 0;
    default:
      return wide(random, 1, 60);
  }
}

}  // namespace

std::vector<RowInputs> row_sample(const Kernel& kernel) {
  const std::string_view name = kernel.activation->name;
  const bool forward = kernel.direction == Direction::forward, logarithm = name == "log_softmax";
  const double sign = name == "softmin" && forward ? -1 : 1;
  Random random(sample_seed);
  std::vector<RowInputs> rows;
  for (std::uint64_t left = sample_inputs; left > 0;) {
    const std::uint64_t number = rows.size(), kind = number % 6, gradients = number / 2 % 4;
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, lengths[number % std::size(lengths)]));
    const double one = bell(random), other = one - 3 * random.uniform();
    const std::size_t chosen = random.next() % n;
    RowInputs row;
    for (std::size_t i = 0; i < n; ++i) {
      double x = sign * logit(random, kind, one, other);
      if (!forward) {
        const auto halvings = static_cast<int>(random.next() % 20);
        const double share = std::ldexp(random.uniform(), -halvings);
        x = logarithm ? -40 * share : share;
        if (kind == 3 && random.next() % 3 == 0) x = logarithm ? -infinity : 0;
        row.dy.push_back(round_to(kernel.type, gradient(random, gradients, one, i == chosen)));
      }
      row.x.push_back(round_to(kernel.type, x));
    }
    if (forward && number % 31 == 30) {
      constexpr double special[] = {infinity, std::numeric_limits<double>::quiet_NaN(), -infinity};
      row.x[chosen] = special[number / 31 % std::size(special)];
    }
    rows.push_back(std::move(row));
    left -= n;
  }
  return rows;
}

}  // namespace actbench::bench::gate
