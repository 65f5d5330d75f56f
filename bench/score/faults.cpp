// SPDX-License-Identifier: Apache-2.0
#include "bench/score/faults.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <variant>

#include "bench/faults/findings_text.hpp"
#include "bench/faults/kinds.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/faults/survey.hpp"
#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::score {
namespace {

using faults::Slope;

/// How many inputs the survey of a function samples: as many as a moment allows.
std::uint64_t surveyed(Type type) {
  return bits_of(type) == 16 ? std::uint64_t{1} << 16 : std::uint64_t{1} << (type == Type::f64 ? 16 : 18);
}

/// An input by its magnitude, and the output there.
template <class U>
struct Place {
  U magnitude, output;
};

/// Walks over the inputs of one sign, from zero outwards.
template <class U>
class Neighbours {
 public:
  Neighbours(const Subject& subject, const faults::FunctionShape<U>& shape, FaultFindings& found)
      : subject_(subject), shape_(shape), layout_(subject.kernel->type), oracle_(subject), found_(found) {}

  /// The magnitudes do not fall.
  void walk(const std::vector<Place<U>>& places, bool negative) {
    at_ = 0;
    for (std::size_t i = 0; i + 1 < places.size(); ++i) step(places[i], places[i + 1], negative);
  }

  /// One step, from a magnitude to another that is not below it.
  void step(const Place<U>& here, const Place<U>& next, bool negative) {
    const std::uint64_t sign = negative ? layout_.sign : 0;
    if (here.magnitude == next.magnitude) {
      if (here.output != next.output)
        found_.kinds[static_cast<std::size_t>(Fault::position)].add(here.magnitude | sign, layout_.sign, next.output,
                                                                    here.output, false);
      return;
    }
    if (next.magnitude > layout_.infinity) return;
    const auto& stretches = shape_.stretches[negative];
    if (at_ >= stretches.size() || stretches[at_].from > here.magnitude) at_ = 0;
    while (at_ + 1 < stretches.size() && stretches[at_ + 1].from <= here.magnitude) ++at_;
    if (at_ + 1 < stretches.size() && stretches[at_ + 1].from < next.magnitude) return;
    const Slope slope = stretches[at_].slope;
    if (!faults::kinds::monotonicity::against(layout_, slope, here.output, next.output)) return;
    // The survey may have missed an extremum: then the right results go against the slope, too.
    const U x[] = {static_cast<U>(here.magnitude | sign), static_cast<U>(next.magnitude | sign)};
    U right[2];
    oracle_.right(x, right, 2);
    if (faults::kinds::monotonicity::against(layout_, slope, right[0], right[1])) return;
    found_.kinds[static_cast<std::size_t>(Fault::monotonicity)].add(x[1], layout_.sign, next.output, here.output,
                                                                    subject_.promised_ulp() <= 0.5);
  }

 private:
  const Subject& subject_;
  const faults::FunctionShape<U>& shape_;
  Layout layout_;
  faults::Oracle oracle_;
  FaultFindings& found_;
  std::size_t at_ = 0;  ///< the stretch of the step before
};

template <class U>
U pattern(const void* array, std::uint64_t i) {
  U value;
  std::memcpy(&value, static_cast<const char*>(array) + i * sizeof(U), sizeof(U));
  return value;
}

template <class U>
void compare(const Subject& subject, const faults::FunctionShape<U>& shape, const Arrays& arrays,
             const std::atomic<bool>* stop, FaultFindings& found) {
  const Layout layout(subject.kernel->type);
  const auto place = [&](std::uint64_t i) {
    return Place<U>{static_cast<U>(layout.magnitude(pattern<U>(arrays.x, i))),
                    static_cast<U>(layout.canonical(pattern<U>(arrays.y, i)))};
  };
  const auto negative = [&](std::uint64_t i) { return (pattern<U>(arrays.x, i) & layout.sign) != 0; };
  Neighbours<U> neighbours(subject, shape, found);
  if (sizeof(U) > 2 && arrays.n > most_sorted) {
    found.in_order = true;
    for (std::uint64_t i = 0; i + 1 < arrays.n; ++i) {
      if (i % most_sorted == 0 && stop != nullptr && stop->load(std::memory_order_relaxed)) throw Interrupted();
      if (negative(i) != negative(i + 1)) continue;
      const Place<U> a = place(i), b = place(i + 1);
      if (a.magnitude <= b.magnitude) {
        neighbours.step(a, b, negative(i));
      } else {
        neighbours.step(b, a, negative(i));
      }
    }
    return;
  }
  std::vector<Place<U>> sides[2];
  if constexpr (sizeof(U) == 2) {
    // However many there are, few differ: the first output of each input, and the others that differ from it.
    std::vector<std::int32_t> first(std::size_t{1} << 16, -1);
    for (std::uint64_t i = 0; i < arrays.n; ++i) {
      const U x = pattern<U>(arrays.x, i);
      const Place<U> here = place(i);
      if (first[x] < 0) {
        first[x] = here.output;
      } else if (first[x] != here.output) {
        neighbours.step({here.magnitude, static_cast<U>(first[x])}, here, negative(i));
      }
    }
    for (std::size_t x = 0; x < first.size(); ++x) {
      if (first[x] >= 0)
        sides[(x & layout.sign) != 0].push_back({static_cast<U>(layout.magnitude(x)), static_cast<U>(first[x])});
    }
  } else {
    for (std::uint64_t i = 0; i < arrays.n; ++i) sides[negative(i)].push_back(place(i));
    for (auto& side : sides) {
      std::stable_sort(side.begin(), side.end(),
                       [](const Place<U>& a, const Place<U>& b) { return a.magnitude < b.magnitude; });
    }
  }
  for (const bool side : {false, true}) neighbours.walk(sides[side], side);
}

}  // namespace

struct Nature::Shape {
  std::variant<faults::FunctionShape<std::uint16_t>, faults::FunctionShape<std::uint32_t>,
               faults::FunctionShape<std::uint64_t>>
      of;
};

Nature::Nature(const Subject& subject, const Options& options, const std::function<void(double)>& progress)
    : subject_(subject), stop_(options.stop) {
  const Kernel& kernel = *subject.kernel;
  const Layout layout(kernel.type);
  truth_.least = layout.sign | layout.infinity;
  truth_.greatest = layout.infinity;
  if (!options.faults || is_foreign(kernel.type) || kernel.activation->shape != actbench::Shape::elementwise ||
      multipliers_of(kernel).count() > 0)
    return;
  SweepOptions how;
  how.threads = options.threads;
  how.stop = options.stop;
  const std::uint64_t inputs = surveyed(kernel.type);
  shape_ = std::make_unique<Shape>();
  switch (size_of(kernel.type)) {
    case 2:
      shape_->of = faults::survey<std::uint16_t>(subject, how, inputs, progress);
      break;
    case 4:
      shape_->of = faults::survey<std::uint32_t>(subject, how, inputs, progress);
      break;
    default:
      shape_->of = faults::survey<std::uint64_t>(subject, how, inputs, progress);
  }
  truth_ = std::visit([](const auto& shape) { return shape.truth; }, shape_->of);
}

Nature::~Nature() = default;

void Nature::compare_neighbours(const Arrays& arrays, FaultFindings& found) const {
  if (!known()) return;
  found.range = found.slope = true;
  found.nature = text();
  std::visit([&](const auto& shape) { compare(subject_, shape, arrays, stop_, found); }, shape_->of);
}

std::string Nature::text() const { return faults::nature_text(subject_.kernel->type, truth_); }

void take_fault(const Subject& subject, const FunctionTruth& truth, const WrongResult& wrong, FaultFindings& found) {
  const Type type = subject.kernel->type;
  const Layout layout(type);
  const double promised = subject.promised_ulp();
  const std::uint64_t largest = layout.infinity - 1;
  const faults::Difference difference{layout, truth, layout.canonical(wrong.got),
                                      layout.canonical(pattern_of(type, wrong.expected))};
  found.saturated += difference.got_size() == largest && difference.right_size() == layout.infinity;
  faults::for_each_kind<std::uint64_t>([&]<class K>(Fault fault) {
    if constexpr (faults::ResultKind<K>) {
      if (!K::in_result(difference)) return;
      bool breaks = false;
      if (K::excluded == faults::Excluded::by_correct_rounding) breaks = promised <= 0.5;
      if (K::excluded == faults::Excluded::beyond_promise) breaks = wrong.ulp > promised;
      found.kinds[static_cast<std::size_t>(fault)].add(wrong.x, layout.sign, difference.got, difference.right, breaks);
    }
  });
}

void merge(FaultFindings& sum, const FaultFindings& other, Type type) {
  const std::uint64_t sign = Layout(type).sign;
  for (std::size_t f = 0; f < fault_count; ++f) sum.kinds[f].merge(other.kinds[f], sign);
  sum.saturated += other.saturated;
  sum.flushed_inputs.merge(other.flushed_inputs, sign);
}

}  // namespace actbench::bench::score
