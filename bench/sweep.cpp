// SPDX-License-Identifier: Apache-2.0
//
// Of every block of inputs the reference's quick values are computed once for all kernels of that activation, direction
// and type. An output that equals the correctly rounded result, where the quick value decides what that is, is settled
// by a few vectorised operations; all others go to reference::judge. A kernel whose outputs have the bits of one judged
// before takes over its tally.
#include "bench/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>

#include "bench/errors.hpp"
#include "bench/inputs.hpp"
#include "bench/options.hpp"
#include "bench/parallel.hpp"
#include "bench/types.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

constexpr std::size_t block_size = 4096;
constexpr std::size_t chunk_size = 16 * block_size;
constexpr double error_unit = 0x1p24;     // of Tally::error_sum, per ULP
constexpr double largest_error = 0x1p64;  // that a mean takes in: 2^32 of them fit the sum

/// Subjects that share their inputs and their exact values.
struct Group {
  const reference::Function* function;
  const reference::Format* format;
  Type type;
  bool takes_dy;
  std::vector<double> parameters;
  Inputs inputs;
  std::uint64_t search;  ///< inputs, for each subject
  std::vector<std::size_t> subjects;
};

std::vector<Group> group(std::span<const Subject> subjects, const SweepOptions& options) {
  std::vector<Group> groups;
  const auto same = [](const Kernel& a, const Kernel& b) {
    return std::string_view(a.activation->name) == b.activation->name && a.direction == b.direction && a.type == b.type;
  };
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Kernel& kernel = *subjects[i].kernel;
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [&](const Group& g) { return same(*subjects[g.subjects[0]].kernel, kernel); });
    if (found != groups.end()) {
      found->subjects.push_back(i);
      continue;
    }
    const reference::Function* function = reference::find(kernel.activation->name, name(kernel.direction));
    if (function == nullptr) {
      throw MissingError(fmt::format("the reference has no {} of {}", name(kernel.direction), kernel.activation->name));
    }
    const bool pairs = takes_dy(kernel.direction);
    if (options.all && input_bits(kernel.type, pairs) > 32) {
      throw UsageError(
          fmt::format("{} {} has 2^{} {}, too many for all of them; give --inputs a number, or choose f32, f16 or bf16 "
                      "by --type and "
                      "forward or derivative by --direction (backward: f16 or bf16)",
                      name(kernel.type), name(kernel.direction), input_bits(kernel.type, pairs),
                      pairs ? "pairs of x and dy" : "inputs"));
    }
    const Subject& subject = subjects[i];
    const std::uint64_t count = subject.inputs > 0 ? subject.inputs : options.inputs;
    Inputs inputs = options.all ? Inputs::all(kernel.type, pairs)
                                : Inputs(kernel.type, subject.parameters, count, options.seed, pairs);
    const std::uint64_t search = inputs.exhaustive() ? 0 : subject.search > 0 ? subject.search : options.search;
    groups.push_back(
        {function, &format_of(kernel.type), kernel.type, pairs, subject.parameters, std::move(inputs), search, {i}});
  }
  return groups;
}

/// What one output is worth, taken into a tally.
void count(Tally& tally, double got, const reference::Judgement& judgement) {
  const double right = judgement.expected;
  tally.not_correctly_rounded += !judgement.correctly_rounded;
  tally.above_one_ulp += judgement.ulp > 1;
  if (std::isnan(got) || std::isnan(right)) {
    tally.wrong_nans += std::isnan(got) != std::isnan(right);
  } else if (std::isinf(got) || std::isinf(right)) {
    tally.wrong_infinities += got != right;
  } else if ((got == 0) != (right == 0)) {
    ++tally.wrong_zeros;
  } else if (got == 0) {
    tally.zero_signs += std::signbit(got) != std::signbit(right);
  }
}

/// Rounds doubles to a type, and gives them back as doubles, in a form that the compiler can vectorise. The half types:
/// adding and taking off a number so large that just their bits are left.
template <int precision, int min_exponent, int max_exponent>
inline double rounded_to(double value) {
  constexpr auto power = [](int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
  };
  constexpr double beyond = power(max_exponent + 1), largest = beyond - power(max_exponent - precision + 1);
  const double bounded = std::max(-beyond, std::min(beyond, value));
  const auto exponent = std::bit_cast<std::uint64_t>(bounded) & 0x7ff0000000000000;
  const double shift = std::max(std::bit_cast<double>(exponent), power(min_exponent)) * (1.5 * power(53 - precision));
  const double rounded = (bounded + shift) - shift;
  const double finite = std::fabs(rounded) > largest ? std::copysign(HUGE_VAL, value) : rounded;
  return value != value ? value : finite;
}
template <Type type>
inline double rounded(double value) {
  if constexpr (type == Type::f32) return static_cast<double>(static_cast<float>(value));
  if constexpr (type == Type::f16) return rounded_to<11, -14, 15>(value);
  if constexpr (type == Type::bf16) return rounded_to<8, -126, 127>(value);
  return value;
}

/// The correctly rounded results that the quick values decide.
template <Type type>
void decide(const reference::Quick* quick, std::size_t n, double* right, std::uint8_t* decided) {
  for (std::size_t i = 0; i < n; ++i) {
    const double hi = quick[i].hi, lo = quick[i].lo;
    double low, high;
    if constexpr (type == Type::f64) {
      // hi + lo = sum + rest exactly; then one rounding at each end, which is what rounding to f64 is. The reach makes
      // up for the rounding of rest ∓ error.
      // What does not lie in the doubles' own range (scale) is left open.
      const double sum = quick[i].scale == 0 ? hi + lo : std::nan(""), part = sum - hi;
      const double rest = (hi - (sum - part)) + (lo - part);
      const double reach = quick[i].error == 0 ? 0 : quick[i].error * (1 + 0x1p-50) + std::fabs(rest) * 0x1p-51;
      low = sum + (rest - reach), high = sum + (rest + reach);
    } else {
      // Both ends of the interval that holds the exact value are rounded to a double first. Half a double's spacing,
      // more than that can move them, on top of the error: then no end comes to lie on the wrong side of a tie.
      const double reach = quick[i].error + std::fabs(hi) * 0x1p-52;
      low = rounded<type>(hi + (lo - reach)), high = rounded<type>(hi + (lo + reach));
    }
    // The conventions' sign of a zero is that of hi.
    right[i] = low == 0 ? std::copysign(0.0, hi) : low;
    decided[i] = (low == high) | ((hi != hi) & (lo == 0));
  }
}

/// Errors in ULP where the output is right and so decided; at most 0.5.
void errors(const reference::Quick* quick, const double* got, std::size_t n, const reference::Format& format,
            double* ulp) {
  const double smallest_binade = std::ldexp(1.0, format.min_exponent);
  const double steps = std::ldexp(1.0, format.precision - 1);
  for (std::size_t i = 0; i < n; ++i) {
    const double exact = quick[i].hi + quick[i].lo;
    const auto exponent = std::bit_cast<std::uint64_t>(exact) & 0x7ff0000000000000;
    const double binade = std::max(std::bit_cast<double>(exponent), smallest_binade);
    const double error = std::fabs((got[i] - quick[i].hi) - quick[i].lo) / binade * steps;
    // A right infinity and a right NaN have no error, but the arithmetic above makes infinities and NaNs of them.
    ulp[i] = std::fabs(got[i]) <= 0x1.fffffffffffffp1023 ? std::min(error, 0.5) : 0.0;
  }
}

/// One thread's workplace.
class Worker {
 public:
  Worker(std::span<const Subject> subjects, std::vector<Tally>& tallies) : subjects_(subjects), tallies_(tallies) {}

  /// The inputs first … end - 1 of a group, for all its subjects.
  void chunk(const Group& group, std::uint64_t first, std::uint64_t end, const std::atomic<bool>* stop) {
    std::vector<Tally> sums(group.subjects.size());
    for (; first < end; first += block_size) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first));
      group.inputs.fill(first, n, patterns_.data(), dy_patterns_.data());
      evaluate(group, n);
      known_ = 0;
      for (std::size_t k = 0; k < sums.size(); ++k) sums[k].merge(judge(group, subjects_[group.subjects[k]], first, n));
    }
    for (std::size_t k = 0; k < sums.size(); ++k) tallies_[group.subjects[k]].merge(sums[k]);
  }

  /// Looks around a bad input of a subject for worse ones.
  Tally search(const Group& group, const Subject& subject, const Bad& start, std::uint64_t inputs, std::uint64_t seed,
               const std::atomic<bool>* stop) {
    constexpr std::uint64_t rounds = 16;
    Tally found;
    Bad centre = start;
    std::uint64_t state = seed ^ start.index, done = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      const int reach =
          static_cast<int>(static_cast<std::uint64_t>(fraction_bits(group.type)) * (rounds - round) / rounds);
      for (const std::uint64_t end = inputs * (round + 1) / rounds; done < end;) {
        if (stop != nullptr && stop->load(std::memory_order_relaxed)) return found;
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - done));
        for (std::size_t i = 0; i < n; ++i) {
          const Point p = near(group, centre.input, reach, done + i, state);
          set_pattern(group.type, patterns_.data(), i, p.x);
          set_pattern(group.type, dy_patterns_.data(), i, p.dy);
        }
        evaluate(group, n);
        known_ = 0;
        found.merge(judge(group, subject, done, n));
        done += n;
        if (found.max_ulp() > centre.ulp) centre = found.worst[0];
      }
    }
    return found;
  }

 private:
  static std::uint64_t random(std::uint64_t& state) {  // SplitMix64
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }

  /// A pattern at most 2^reach steps away, of the same sign, and finite.
  static std::uint64_t nudged(Type type, std::uint64_t pattern, int reach, std::uint64_t& state) {
    const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
    const std::uint64_t largest = pattern_of(type, HUGE_VAL) - 1;
    const std::uint64_t magnitude = std::min(pattern & ~sign, largest), bits = random(state);
    const std::uint64_t step = 1 + (bits >> 1 & ((std::uint64_t{1} << reach) - 1));
    const std::uint64_t moved = bits & 1 ? std::min(largest, magnitude + step) : magnitude - std::min(magnitude, step);
    return (pattern & sign) | moved;
  }

  /// The input to try: small steps as often as wide ones. Of pairs both are moved, or one of them.
  static Point near(const Group& group, Point centre, int reach, std::uint64_t number, std::uint64_t& state) {
    const auto some = [&] { return static_cast<int>(random(state) % static_cast<std::uint64_t>(reach + 1)); };
    const std::uint64_t which = group.takes_dy ? number % 4 : 0;
    if (which != 1) centre.x = nudged(group.type, centre.x, some(), state);
    if (which == 1 || which == 2) centre.dy = nudged(group.type, centre.dy, some(), state);
    if (which == 3) centre.dy = nudged(group.type, centre.dy, fraction_bits(group.type), state);
    return centre;
  }

  /// What does not depend on the kernel: values and quick values of the n patterns.
  void evaluate(const Group& group, std::size_t n) {
    widen(group.type, patterns_.data(), x_.data(), n);
    if (group.takes_dy) widen(group.type, dy_patterns_.data(), dy_.data(), n);
    const double* const dy = group.takes_dy ? dy_.data() : nullptr;
    reference::quick(*group.function, *group.format, x_.data(), dy, quick_.data(), n, group.parameters);
    switch (group.type) {
      case Type::f32:
        decide<Type::f32>(quick_.data(), n, right_.data(), decided_.data());
        break;
      case Type::f64:
        decide<Type::f64>(quick_.data(), n, right_.data(), decided_.data());
        break;
      case Type::f16:
        decide<Type::f16>(quick_.data(), n, right_.data(), decided_.data());
        break;
      case Type::bf16:
        decide<Type::bf16>(quick_.data(), n, right_.data(), decided_.data());
        break;
    }
  }

  /// The tally of one subject over the evaluated inputs; known_ counts the outputs of this block that differ.
  const Tally& judge(const Group& group, const Subject& subject, std::uint64_t first, std::size_t n) {
    if (known_ == outputs_.size()) outputs_.emplace_back(block_size), judged_.emplace_back();
    auto& output = outputs_[known_];
    const void* const dy = group.takes_dy ? dy_patterns_.data() : nullptr;
    apply(*subject.kernel, patterns_.data(), dy, output.data(), n, subject.parameters);
    std::size_t twin = 0;
    while (twin < known_ && std::memcmp(outputs_[twin].data(), output.data(), n * size_of(group.type)) != 0) ++twin;
    if (twin == known_) judged_[known_++] = judge(group, first, n, output.data());
    return judged_[twin];
  }

  Tally judge(const Group& group, std::uint64_t first, std::size_t n, const void* output) {
    Tally tally;
    tally.inputs = n;
    widen(group.type, output, got_.data(), n);
    errors(quick_.data(), got_.data(), n, *group.format, ulp_.data());
    open_.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const double got = got_[i], right = right_[i];
      const bool settled = decided_[i] & ((got == right) | ((got != got) & (right != right)));
      if (!settled) open_.push_back(static_cast<std::uint32_t>(i));
      tally.zero_signs += settled & (got == 0) & (std::signbit(got) != std::signbit(right));
    }
    if (!open_.empty()) {
      const std::size_t m = open_.size();
      for (std::size_t j = 0; j < m; ++j) {
        open_x_[j] = x_[open_[j]];
        open_dy_[j] = dy_[open_[j]];
        open_quick_[j] = quick_[open_[j]];
        open_got_[j] = got_[open_[j]];
      }
      reference::judge(*group.function, *group.format, open_x_.data(), group.takes_dy ? open_dy_.data() : nullptr,
                       open_quick_.data(), open_got_.data(), judgements_.data(), m, group.parameters);
      for (std::size_t j = 0; j < m; ++j) {
        count(tally, open_got_[j], judgements_[j]);
        ulp_[open_[j]] = judgements_[j].ulp;
      }
    }
    // Summed in a fixed order. Infinite errors are counted, not summed.
    double sum = 0, worth_a_look = -1;
    for (std::size_t i = 0; i < n; ++i) {
      const double ulp = ulp_[i];
      const bool finite = ulp <= 0x1.fffffffffffffp1023;
      tally.unmeasurable += !finite;
      sum += finite ? std::min(ulp, largest_error) : 0.0;
      if (ulp > worth_a_look) {
        const Point p{pattern_at(group.type, patterns_.data(), i),
                      group.takes_dy ? pattern_at(group.type, dy_patterns_.data(), i) : 0};
        tally.take({ulp, first + i, p, pattern_at(group.type, output, i),
                    static_cast<std::uint32_t>(p.x >> fraction_bits(group.type))});
        if (tally.worst.size() == Tally::worst_kept) worth_a_look = tally.worst.back().ulp;
      }
    }
    tally.error_sum = static_cast<unsigned __int128>(sum * error_unit + 0.5);
    return tally;
  }

  std::span<const Subject> subjects_;
  std::vector<Tally>& tallies_;
  // Room for the widest type.
  std::vector<std::uint64_t> patterns_ = std::vector<std::uint64_t>(block_size), dy_patterns_ = patterns_;
  std::vector<std::vector<std::uint64_t>> outputs_;
  std::vector<Tally> judged_;
  std::size_t known_ = 0;
  std::vector<double> x_ = std::vector<double>(block_size), dy_ = x_, got_ = x_, right_ = x_, ulp_ = x_, open_x_ = x_,
                      open_dy_ = x_, open_got_ = x_;
  std::vector<std::uint8_t> decided_ = std::vector<std::uint8_t>(block_size);
  std::vector<reference::Quick> quick_ = std::vector<reference::Quick>(block_size), open_quick_ = quick_;
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
  std::vector<std::uint32_t> open_;
};

SweepRow finish(const Subject& subject, const Tally& tally, const Tally& searched, const Group& group) {
  SweepRow row{subject, tally, searched, group.inputs.exhaustive(), {}, 0, 0, 0, 0, 0};
  row.worst = searched.max_ulp() > tally.max_ulp() ? searched.worst[0] : tally.worst[0];
  row.input = value_of(group.type, row.worst.input.x);
  row.dy = value_of(group.type, row.worst.input.dy);
  row.got = value_of(group.type, row.worst.output);
  const double inputs[] = {row.input, row.dy};
  const reference::Exact exact(*group.function, *group.format, {inputs, group.takes_dy ? 2u : 1u}, group.parameters);
  row.expected = exact.rounded();
  row.max_ulp = exact.ulp_error(row.got);
  return row;
}

/// Of two inputs the worse one, or the first.
bool worse(const Bad& a, const Bad& b) { return a.ulp > b.ulp || (a.ulp == b.ulp && a.index < b.index); }

}  // namespace

double Tally::mean_ulp() const {
  const std::uint64_t measured = inputs - unmeasurable;
  return measured == 0 ? 0 : static_cast<double>(error_sum) / error_unit / static_cast<double>(measured);
}

void Tally::take(const Bad& bad) {
  const auto same = std::find_if(worst.begin(), worst.end(), [&](const Bad& b) { return b.region == bad.region; });
  if (same != worst.end()) {
    if (!worse(bad, *same)) return;
    worst.erase(same);
  } else if (worst.size() == worst_kept) {
    if (!worse(bad, worst.back())) return;
    worst.pop_back();
  }
  worst.insert(std::lower_bound(worst.begin(), worst.end(), bad, worse), bad);
}

void Tally::merge(const Tally& other) {
  inputs += other.inputs;
  not_correctly_rounded += other.not_correctly_rounded;
  above_one_ulp += other.above_one_ulp;
  wrong_zeros += other.wrong_zeros;
  wrong_infinities += other.wrong_infinities;
  wrong_nans += other.wrong_nans;
  zero_signs += other.zero_signs;
  unmeasurable += other.unmeasurable;
  error_sum += other.error_sum;
  for (const Bad& bad : other.worst) take(bad);
}

std::vector<SweepRow> sweep(std::vector<Subject> subjects, const SweepOptions& options) {
  for (Subject& subject : subjects) {
    if (subject.parameters.empty()) subject.parameters = parameters_of(*subject.kernel, {});
  }
  const std::vector<Group> groups = group(subjects, options);
  std::uint64_t chunks = 0;
  std::vector<std::uint64_t> chunks_before;  // of each group
  for (const Group& g : groups) {
    chunks_before.push_back(chunks);
    chunks += (g.inputs.count() + chunk_size - 1) / chunk_size;
  }
  // Functions differ in what an input costs. Chunks far apart in the list follow each other, so that what is left costs
  // as much as what is done, and progress tells the time.
  std::uint64_t stride = chunks * 5 / 8 + 1;
  while (std::gcd(stride, chunks) != 1) ++stride;

  std::uint64_t searches = 0;
  double search_cost = 0;
  for (const Group& g : groups) {
    if (g.search > 0) searches += g.subjects.size() * Tally::worst_kept;
    search_cost += static_cast<double>(g.search) * static_cast<double>(g.subjects.size());
  }
  const unsigned threads = thread_count(options.threads, std::max(chunks, searches));
  std::vector<std::vector<Tally>> tallies(threads, std::vector<Tally>(subjects.size()));
  std::vector<Worker> workers;
  for (auto& tally : tallies) workers.emplace_back(subjects, tally);
  // Inputs of the sample are evaluated once for all kernels of a function, those of the search for each.
  const double sample_cost = static_cast<double>(chunks) * chunk_size;
  const auto progress = [&](double sampled, double searched) {
    if (options.progress)
      options.progress((sampled * sample_cost + searched * search_cost) / (sample_cost + search_cost));
  };

  parallel(
      chunks, threads, options.stop, [&](double sampled) { progress(sampled, 0); },
      [&](unsigned thread, std::uint64_t i) {
        i = static_cast<std::uint64_t>(static_cast<unsigned __int128>(i) * stride % chunks);
        const auto after = std::upper_bound(chunks_before.begin(), chunks_before.end(), i);
        const Group& g = groups[static_cast<std::size_t>(after - chunks_before.begin() - 1)];
        const std::uint64_t first = (i - *(after - 1)) * chunk_size;
        workers[thread].chunk(g, first, std::min<std::uint64_t>(first + chunk_size, g.inputs.count()), options.stop);
      });
  std::vector<Tally> sampled(subjects.size()), found(subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    for (const auto& tally : tallies) sampled[i].merge(tally[i]);
  }

  struct Search {
    const Group* group;
    std::size_t subject;
    Bad start;
    std::uint64_t inputs;
    Tally found;
  };
  std::vector<Search> list;
  for (const Group& g : groups) {
    if (g.search == 0) continue;
    for (const std::size_t i : g.subjects) {
      if (std::isinf(sampled[i].max_ulp())) continue;  // nothing is worse
      const auto& worst = sampled[i].worst;
      for (std::size_t k = 0; k < worst.size(); ++k) {
        const std::uint64_t inputs = g.search * (k + 1) / worst.size() - g.search * k / worst.size();
        if (inputs > 0) list.push_back({&g, i, worst[k], inputs, {}});
      }
    }
  }
  parallel(
      list.size(), threads, options.stop, [&](double searched) { progress(1, searched); },
      [&](unsigned thread, std::uint64_t i) {
        Search& s = list[i];
        s.found = workers[thread].search(*s.group, subjects[s.subject], s.start, s.inputs, options.seed, options.stop);
      });
  for (Search& s : list) {
    // Numbered on from the searches before, so that no two inputs share a number.
    for (Bad& bad : s.found.worst) bad.index += found[s.subject].inputs;
    found[s.subject].merge(s.found);
  }

  std::vector<SweepRow> rows(subjects.size());
  for (const Group& g : groups) {
    for (std::size_t i : g.subjects) rows[i] = finish(subjects[i], sampled[i], found[i], g);
  }
  return rows;
}

bool keeps_promise(const SweepRow& row) {
  const double promised = row.subject.kernel->promised_ulp;
  if (promised == 0.5 && row.tally.not_correctly_rounded + row.searched.not_correctly_rounded > 0) return false;
  return row.max_ulp <= promised;
}

}  // namespace actbench::bench
