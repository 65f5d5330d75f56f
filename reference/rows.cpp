// SPDX-License-Identifier: Apache-2.0
//
// Definitions over rows, as forms.hpp has those of functions: over any real number type, as a simple number plus a rest
// with all its digits. Sums over a row are taken once at each precision. Sums of the format's own numbers and of their
// products, which may cancel by any amount, are exact: all of them are integers of fewer than 4400 bits.
#include "reference/rows.hpp"

#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "reference/evaluator.hpp"
#include "reference/value.hpp"
#include "reference/wide.hpp"

namespace actbench::reference {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Kind {
  const char* activation;
  bool negated, logarithm;
};
constexpr Kind kinds[] = {{"softmax", false, false}, {"log_softmax", false, true}, {"softmin", true, false}};

const Kind* find_kind(std::string_view activation) {
  const auto* const found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& k) { return k.activation == activation; });
  return found == std::end(kinds) ? nullptr : found;
}

/// A number that sums of doubles and of their products fit into without rounding.
class ExactNumber {
 public:
  ExactNumber() {
    mpfr_init2(value_, 4608);
    mpfr_set_zero(value_, 1);
  }
  ~ExactNumber() { mpfr_clear(value_); }
  ExactNumber(const ExactNumber& other) : ExactNumber() { mpfr_set(value_, other.value_, MPFR_RNDN); }
  ExactNumber& operator=(const ExactNumber&) = delete;
  void add(double a) { mpfr_add_d(value_, value_, a, MPFR_RNDN); }
  void add_product(double a, double b) {
    mpfr_t product;
    mpfr_init2(product, 106);
    mpfr_set_d(product, a, MPFR_RNDN);
    mpfr_mul_d(product, product, b, MPFR_RNDN);
    mpfr_add(value_, value_, product, MPFR_RNDN);
    mpfr_clear(product);
  }
  int sign() const { return mpfr_sgn(value_); }
  mpfr_srcptr get() const { return value_; }

 private:
  mpfr_t value_;
};

/// Of a row: how many elements are its largest, and Σ e^(x - m) over the others.
template <class R>
struct Weights {
  long tops;
  R below;
};
template <class R>
Weights<R> weights(std::span<const double> x, double m) {
  Weights<R> w{0, R(0)};
  for (const double v : x) {
    if (v == m) {
      ++w.tops;
    } else if (v > -infinity) {
      w.below = w.below + decay(R(R(m) - R(v)));
    }
  }
  return w;
}

/// e^(x - m)/S, or its logarithm, for finite x.
template <class R>
Anchored<R> forward(bool logarithm, double x, double m, const Weights<R>& w) {
  using std::log1p;
  const R tops(w.tops);
  if (logarithm) return {R(R(x) - R(m)), R(-log1p(R(R(w.tops - 1) + w.below)))};
  if (x != m) return nearly(R(decay(R(R(m) - R(x))) / (tops + w.below)));
  if ((w.tops & (w.tops - 1)) != 0) return nearly(R(R(1) / (tops + w.below)));
  return {R(R(1) / tops), R(-(w.below / (tops * (tops + w.below))))};  // next to a power of two
}

/// The gradient from dy - D and D.
template <class R>
Anchored<R> backward(const Kind& kind, double y, double dy, const R& difference, const R& dot) {
  using std::exp;
  using std::expm1;
  if (!kind.logarithm) return nearly(R(R(kind.negated ? -y : y) * difference));
  if (std::abs(y) <= 0.5) return {difference, R(-(dot * expm1(R(y))))};
  return {R(dy), R(-(dot * (y < 0 ? decay(R(-y)) : R(exp(R(y))))))};
}

template <int digits>
using WeightsAt = std::optional<Weights<RealOf<digits>>>;

/// The quick value without the scale that f64 alone has: numbers beyond a double's exponents are far below those of the
/// other formats.
Quick unscaled(const Quick& q) {
  if (q.scale == 0) return q;
  const double size = std::abs(q.hi + q.lo);
  if (!(q.error < 0.5 * size) || q.scale > 0) return {0, 0, infinity};
  if (std::ilogb(size) + q.scale < -900) return {std::copysign(0x1p-900, q.hi + q.lo), 0, 0x1.ffp-901};
  return {std::ldexp(q.hi, q.scale), std::ldexp(q.lo, q.scale), std::ldexp(q.error, q.scale)};
}

template <class R>
R rounded_to_real(mpfr_srcptr exact) {
  R result;
  mpfr_set(result.backend().data(), exact, MPFR_RNDN);
  return result;
}

}  // namespace

bool is_row_function(std::string_view activation, std::string_view direction) noexcept {
  return find_kind(activation) != nullptr && (direction == "forward" || direction == "backward");
}

struct ExactRow::Impl {
  const Kind& kind;
  Format format;
  bool gradient;
  std::vector<double> x, dy;  ///< x negated where softmin's forward is of -x
  double m = -infinity;
  bool nan_row = false;
  std::optional<double> infinite_dot;  ///< what is not finite, of backward
  ExactNumber dot;
  mutable std::tuple<WeightsAt<50>, WeightsAt<100>, WeightsAt<300>, WeightsAt<1000>> at_level;
  mutable std::vector<Quick> quick;
  mutable std::vector<std::unique_ptr<Value>> values;

  Impl(const Kind& k, const Format& f, bool backwards, std::span<const double> in, std::span<const double> from_above)
      : kind(k), format(f), gradient(backwards), x(in.begin(), in.end()), dy(from_above.begin(), from_above.end()) {
    values.resize(x.size());
    if (gradient) {
      sum_gradients();
      return;
    }
    for (double& v : x) {
      if (kind.negated) v = -v;
      nan_row = nan_row || std::isnan(v) || v == infinity;
      m = std::max(m, v);
    }
    nan_row = nan_row || m == -infinity;
  }

  void sum_gradients() {
    double plain = 0;
    bool finite = true;
    for (std::size_t i = 0; i < dy.size(); ++i) {
      const double factor = kind.logarithm ? 1 : x[i];
      if (!std::isfinite(dy[i]) || !std::isfinite(factor)) {
        finite = false;
        plain += factor * dy[i];  // an infinity or NaN
      }
    }
    if (!finite) {
      infinite_dot = plain;
      return;
    }
    for (std::size_t i = 0; i < dy.size(); ++i) kind.logarithm ? dot.add(dy[i]) : dot.add_product(x[i], dy[i]);
  }

  /// What needs no evaluation: NaN, infinities, and zeros for -inf.
  std::optional<double> special(std::size_t i) const {
    if (!gradient) {
      if (nan_row) return not_a_number;
      if (x[i] == -infinity) return kind.logarithm ? -infinity : 0.0;
      return {};
    }
    if (infinite_dot) {
      if (!kind.logarithm) return (kind.negated ? -x[i] : x[i]) * (dy[i] - *infinite_dot);
      const double e = std::isnan(x[i]) ? x[i] : x[i] == -infinity ? 0.0 : x[i] == infinity ? infinity : 1.0;
      return dy[i] - e * *infinite_dot;
    }
    if (std::isnan(x[i])) return not_a_number;
    if (x[i] == infinity) return dy[i] - infinity * dot.sign();
    return {};
  }

  template <int digits>
  Anchored<RealOf<digits>> evaluate(std::size_t i) const {
    using R = RealOf<digits>;
    if (!gradient) {
      auto& w = std::get<WeightsAt<digits>>(at_level);
      if (!w) w = weights<R>(x, m);
      return forward<R>(kind.logarithm, x[i], m, *w);
    }
    if (x[i] == -infinity) return exactly(R(dy[i]));
    ExactNumber less(dot);
    less.add(-dy[i]);
    const R difference = less.sign() == 0 ? R(0) : R(-rounded_to_real<R>(less.get()));
    return backward<R>(kind, x[i], dy[i], difference, rounded_to_real<R>(dot.get()));
  }

  struct Element : Evaluation {
    const Impl& row;
    std::size_t i;
    Element(const Impl& of, std::size_t at) : row(of), i(at) {}
    template <int digits>
    void put(mpfr_ptr anchor, mpfr_ptr rest) const {
      const auto sum = row.evaluate<digits>(i);
      mpfr_set(anchor, sum.anchor.backend().data(), MPFR_RNDN);
      mpfr_set(rest, sum.rest.backend().data(), MPFR_RNDN);
    }
    void at(int level, mpfr_ptr anchor, mpfr_ptr rest) const override {
      static_assert(levels == 4 && level_digits[0] == 50 && level_digits[1] == 100 && level_digits[2] == 300 &&
                    level_digits[3] == 1000);
      level == 0   ? put<50>(anchor, rest)
      : level == 1 ? put<100>(anchor, rest)
      : level == 2 ? put<300>(anchor, rest)
                   : put<1000>(anchor, rest);
    }
  };

  Value& value(std::size_t i) const {
    if (!values[i]) values[i] = std::make_unique<Value>(format, std::make_unique<Element>(*this, i));
    return *values[i];
  }

  Quick quick_gradient(std::size_t i, const Wide& total) const {
    Wide difference = Wide(dy[i]) - total;
    if (difference.significand == 0 && difference.error == 0) difference = Wide(0);
    const bool open = x[i] == 0 && !kind.logarithm && !sign_known(Anchored<Wide>{Wide(0), difference});  // of a zero
    return open ? Quick{0, 0, infinity} : quick_of(backward<Wide>(kind, x[i], dy[i], difference, total));
  }

  /// All of the row's quick values.
  void look() const {
    if (!quick.empty()) return;
    quick.resize(x.size());
    Weights<Wide> w{};
    Wide total;
    if (!gradient && !nan_row) w = weights<Wide>(x, m);
    if (gradient && !infinite_dot) {
      for (std::size_t i = 0; i < x.size(); ++i)
        total = total + (kind.logarithm ? Wide(dy[i]) : Wide(x[i]) * Wide(dy[i]));
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (const auto known = special(i)) {
        quick[i] = {*known, 0, 0};
      } else if (gradient && x[i] == -infinity) {
        quick[i] = {dy[i], 0, 0};
      } else {
        quick[i] = gradient ? quick_gradient(i, total) : quick_of(forward<Wide>(kind.logarithm, x[i], m, w));
        if (format.precision != f64.precision) quick[i] = unscaled(quick[i]);
      }
    }
  }
};

ExactRow::ExactRow(std::string_view activation, std::string_view direction, const Format& format,
                   std::span<const double> x, std::span<const double> dy) {
  if (!is_row_function(activation, direction)) throw std::invalid_argument("ExactRow: no such function of rows");
  const bool gradient = direction == "backward";
  if (x.empty() || dy.size() != (gradient ? x.size() : 0))
    throw std::invalid_argument("ExactRow: a row has at least one element, and backward as many of dy");
  impl_ = std::make_unique<Impl>(*find_kind(activation), format, gradient, x, dy);
}
ExactRow::~ExactRow() = default;
ExactRow::ExactRow(ExactRow&&) noexcept = default;
ExactRow& ExactRow::operator=(ExactRow&&) noexcept = default;

std::size_t ExactRow::size() const { return impl_->x.size(); }

double ExactRow::rounded(std::size_t i) const {
  if (const auto known = impl_->special(i)) return *known;
  return impl_->value(i).rounded();
}

double ExactRow::ulp_error(std::size_t i, double computed, Ulp measure) const {
  if (const auto known = impl_->special(i)) {
    Judgement judgement{};
    judged_by(impl_->format, {*known, 0, 0}, computed, measure, judgement);
    return judgement.measured;
  }
  return impl_->value(i).ulp_error(computed, measure);
}

std::string ExactRow::decimal(std::size_t i, int digits) const {
  if (const auto known = impl_->special(i))
    return std::isnan(*known) ? "nan" : std::isinf(*known) ? (*known > 0 ? "inf" : "-inf") : "0";
  return impl_->value(i).decimal(digits);
}

void ExactRow::judge(const double* computed, Judgement* out, Ulp measure) const {
  impl_->look();
  for (std::size_t i = 0; i < size(); ++i) {
    if (judged_by(impl_->format, impl_->quick[i], computed[i], measure, out[i])) continue;
    const double expected = rounded(i);
    const bool right = computed[i] == expected || (std::isnan(computed[i]) && std::isnan(expected));
    out[i] = {expected, ulp_error(i, computed[i]), right, true, ulp_error(i, computed[i], measure)};
  }
}

}  // namespace actbench::reference
