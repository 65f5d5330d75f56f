// SPDX-License-Identifier: Apache-2.0
//
// Of every block of inputs the reference's quick values are computed once for all kernels of that activation, direction
// and type. Outputs that these settle (settle.hpp) cost a few vectorised operations; all others go to reference::judge.
// A kernel whose outputs have the bits of one judged before takes over its tally.
#include "bench/sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numeric>
#include <stdexcept>

#include "bench/device/call.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/settle.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/timing/random.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

constexpr std::size_t block_size = 4096;
constexpr std::uint64_t sample_chunk = 16 * block_size;
constexpr double largest_error = 0x1p60;                          // that a mean takes in: 2^32 of them fit the sum
constexpr std::chrono::seconds first_save{1}, between_saves{10};  // ever longer, from one to the other

/// Subjects that share their inputs and their exact values.
struct Group {
  const reference::Function* function;
  const reference::Format* format;
  Type type;
  Multipliers multipliers;
  std::vector<double> parameters;
  Inputs inputs;
  std::uint64_t chunks;
  std::uint64_t search;  ///< inputs, for each subject
  std::vector<std::size_t> subjects;

  std::uint64_t chunk_size() const {
    return inputs.exhaustive() ? inputs.count() / chunks : std::min(sample_chunk, inputs.count());
  }
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
    const Multipliers multipliers = multipliers_of(kernel);
    if (options.all && input_bits(kernel) > 32) {
      constexpr const char* kinds[] = {"inputs", "pairs of inputs", "triples of inputs"};
      throw UsageError(
          fmt::format("{} {} has 2^{} {}, too many for all of them; give --inputs a number, or choose f32, f16 or bf16 "
                      "by --type and "
                      "forward or derivative by --direction (backward: f16 or bf16)",
                      name(kernel.type), name(kernel.direction), input_bits(kernel), kinds[multipliers.count()]));
    }
    const Subject& subject = subjects[i];
    const std::uint64_t count = subject.inputs > 0 ? subject.inputs : options.inputs;
    Inputs inputs = options.all ? Inputs::all(kernel.type, multipliers)
                                : Inputs(kernel.type, subject.parameters, count, options.seed, multipliers);
    const std::uint64_t search = inputs.exhaustive() ? 0 : subject.search > 0 ? subject.search : options.search;
    const std::uint64_t chunks =
        inputs.exhaustive() ? chunks_of_all(inputs.count()) : (inputs.count() + sample_chunk - 1) / sample_chunk;
    groups.push_back({function,
                      &format_of(kernel.type),
                      kernel.type,
                      multipliers,
                      subject.parameters,
                      std::move(inputs),
                      chunks,
                      search,
                      {i}});
  }
  return groups;
}

}  // namespace

void count(Tally& tally, double got, const reference::Judgement& judgement) {
  const double right = judgement.expected;
  tally.not_correctly_rounded += !judgement.correctly_rounded;
  tally.above_one_ulp += judgement.measured > 1;
  tally.max_goldberg = std::max(tally.max_goldberg, judgement.ulp);
  if (std::isnan(got) || std::isnan(right)) {
    tally.wrong_nans += std::isnan(got) != std::isnan(right);
  } else if (std::isinf(got) || std::isinf(right)) {
    tally.wrong_infinities += got != right;
  } else if ((got == 0) != (right == 0)) {
    tally.wrong_zeros += judgement.ulp > 0.5 + 0x1p-8;
  } else if (got == 0) {
    tally.zero_signs += std::signbit(got) != std::signbit(right);
  }
}

namespace {

struct Outcome {
  Tally tally;
  Digest digest;
};

/// One thread's workplace.
class Worker {
 public:
  Worker(std::span<const Subject> subjects, reference::Ulp measure) : subjects_(subjects), measure_(measure) {}

  /// The inputs first … end - 1 of a group, for those of its subjects; false where stopped.
  bool chunk(const Group& group, std::span<const std::size_t> subjects, std::uint64_t first, std::uint64_t end,
             const std::atomic<bool>* stop, std::vector<Outcome>& sums) {
    sums.assign(subjects.size(), {});
    for (; first < end; first += block_size) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) return false;
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first));
      group.inputs.fill(first, n, patterns_.data(), dy_patterns_.data(), a_patterns_.data());
      evaluate(group, n);
      double floor = HUGE_VAL;
      for (const Outcome& sum : sums) floor = std::min(floor, floor_of(group, sum.tally, n));
      known_ = 0;
      for (std::size_t k = 0; k < sums.size(); ++k) {
        const Outcome& block = judge(group, subjects_[subjects[k]], first, n, floor);
        sums[k].tally.merge(block.tally);
        sums[k].digest.merge(block.digest);
      }
    }
    return true;
  }

  /// Looks around a bad input of a subject for worse ones.
  Tally search(const Group& group, const Subject& subject, const Bad& start, std::uint64_t inputs, std::uint64_t seed,
               const std::atomic<bool>* stop) {
    constexpr std::uint64_t rounds = 16;
    Tally found;
    Bad centre = start;
    timing::Random random(seed ^ start.index);
    std::uint64_t done = 0;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      const int reach =
          static_cast<int>(static_cast<std::uint64_t>(fraction_bits(group.type)) * (rounds - round) / rounds);
      for (const std::uint64_t end = inputs * (round + 1) / rounds; done < end;) {
        if (stop != nullptr && stop->load(std::memory_order_relaxed)) return found;
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - done));
        for (std::size_t i = 0; i < n; ++i) {
          const Point p = near(group, centre.input, reach, done + i, random);
          set_pattern(group.type, patterns_.data(), i, p.x);
          set_pattern(group.type, dy_patterns_.data(), i, p.dy);
          set_pattern(group.type, a_patterns_.data(), i, p.a);
        }
        evaluate(group, n);
        known_ = 0;
        found.merge(judge(group, subject, done, n, -1).tally);
        done += n;
        if (found.max_ulp() > centre.ulp) centre = found.worst[0];
      }
    }
    return found;
  }

 private:
  /// A pattern at most 2^reach steps away, of the same sign, and finite.
  static std::uint64_t nudged(Type type, std::uint64_t pattern, int reach, timing::Random& random) {
    const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
    const std::uint64_t largest = pattern_of(type, HUGE_VAL) - 1;
    const std::uint64_t magnitude = std::min(pattern & ~sign, largest), bits = random.next();
    const std::uint64_t step = 1 + (bits >> 1 & ((std::uint64_t{1} << reach) - 1));
    const std::uint64_t moved = bits & 1 ? std::min(largest, magnitude + step) : magnitude - std::min(magnitude, step);
    return (pattern & sign) | moved;
  }

  /// The input to try: small steps as often as wide ones. Of pairs both are moved, or one of them; of triples now one
  /// multiplier is held, now the other.
  static Point near(const Group& group, Point centre, int reach, std::uint64_t number, timing::Random& random) {
    const auto some = [&] { return static_cast<int>(random.next() % static_cast<std::uint64_t>(reach + 1)); };
    const Multipliers m = group.multipliers;
    const std::uint64_t which = m.count() > 0 ? number % 4 : 0;
    std::uint64_t& moved = m.dy && !(m.a && (number >> 2) % 2 == 1) ? centre.dy : centre.a;
    if (which != 1) centre.x = nudged(group.type, centre.x, some(), random);
    if (which == 1 || which == 2) moved = nudged(group.type, moved, some(), random);
    if (which == 3) moved = nudged(group.type, moved, fraction_bits(group.type), random);
    return centre;
  }

  /// Errors up to this one, of the n inputs at hand, would not change the list of the worst.
  double floor_of(const Group& group, const Tally& tally, std::size_t n) const {
    double floor = tally.worst.size() == Tally::worst_kept ? tally.worst.back().ulp : -1;
    if (!in_one_region(group, n)) return floor;
    for (const Bad& bad : tally.worst) {
      if (bad.region == region_of(group, 0)) floor = std::max(floor, bad.ulp);
    }
    return floor;
  }

  bool in_one_region(const Group& group, std::size_t n) const {  // all inputs are in order
    return group.inputs.exhaustive() && region_of(group, 0) == region_of(group, n - 1);
  }

  std::uint32_t region_of(const Group& group, std::size_t i) const {
    return static_cast<std::uint32_t>(pattern_at(group.type, patterns_.data(), i) >> fraction_bits(group.type));
  }

  /// What does not depend on the kernel: values and quick values of the n patterns.
  void evaluate(const Group& group, std::size_t n) {
    widen(group.type, patterns_.data(), x_.data(), n);
    if (group.multipliers.dy) widen(group.type, dy_patterns_.data(), dy_.data(), n);
    if (group.multipliers.a) widen(group.type, a_patterns_.data(), a_.data(), n);
    const reference::InputArrays in = reference_arrays(group.multipliers, x_.data(), dy_.data(), a_.data());
    if (group.type == Type::f64) {
      reference::quick(*group.function, *group.format, in, quick_.data(), n, group.parameters);
    } else {
      reference::quick(*group.function, in, arrays(), n, group.parameters);
    }
  }

  reference::QuickArrays arrays() { return {hi_.data(), lo_.data(), bound_.data()}; }

  /// The outcome of one subject over the evaluated inputs; known_ counts the outputs of this block that differ.
  const Outcome& judge(const Group& group, const Subject& subject, std::uint64_t first, std::size_t n, double floor) {
    if (known_ == outputs_.size()) outputs_.emplace_back(block_size), judged_.emplace_back();
    auto& output = outputs_[known_];
    device::run(*subject.kernel, taken(group.multipliers, {patterns_.data(), dy_patterns_.data(), a_patterns_.data()}),
                output.data(), n, subject.parameters);
    std::size_t twin = 0;
    while (twin < known_ && std::memcmp(outputs_[twin].data(), output.data(), n * size_of(group.type)) != 0) ++twin;
    if (twin < known_) return judged_[twin];
    Outcome& outcome = judged_[known_++];
    outcome.tally = tally_of(group, first, n, output.data(), floor);
    outcome.digest = {};
    if (group.inputs.exhaustive()) outcome.digest.add(group.type, output.data(), first, n, group.inputs.count());
    return outcome;
  }

  Tally tally_of(const Group& group, std::uint64_t first, std::size_t n, const void* output, double floor) {
    Tally tally;
    tally.inputs = n;
    widen(group.type, output, got_.data(), n);
    Settled settled{.open = n};
    if (group.type == Type::f64) {
      std::fill_n(ulp_.begin(), n, -1.0);
    } else {
      settled = settle(group.type, measure_, arrays(), got_.data(), n, ulp_.data());
    }
    tally.error_sum = settled.error_sum;
    tally.zero_signs = settled.zero_signs;
    const double max = settled.open > 0 ? std::max(settled.max, judge_open(group, n, tally)) : settled.max;
    if (max > floor) take_worst(group, first, n, output, floor, max, tally);
    return tally;
  }

  /// Those of the n outputs that are not settled, by the reference; the largest error among them.
  double judge_open(const Group& group, std::size_t n, Tally& tally) {
    std::size_t open = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!(ulp_[i] < 0)) continue;
      open_x_[open] = x_[i];
      open_dy_[open] = dy_[i];
      open_a_[open] = a_[i];
      open_quick_[open] = group.type == Type::f64 ? quick_[i] : reference::Quick{hi_[i], lo_[i], bound_[i]};
      open_got_[open] = got_[i];
      open_[open++] = static_cast<std::uint32_t>(i);
    }
    reference::judge(*group.function, *group.format,
                     reference_arrays(group.multipliers, open_x_.data(), open_dy_.data(), open_a_.data()),
                     open_quick_.data(), open_got_.data(), judgements_.data(), open, group.parameters, measure_);
    double max = 0;
    for (std::size_t j = 0; j < open; ++j) {
      const double ulp = judgements_[j].measured;
      count(tally, open_got_[j], judgements_[j]);
      ulp_[open_[j]] = ulp;
      max = std::max(max, ulp);
      if (std::isinf(ulp)) {
        ++tally.unmeasurable;  // infinite errors are counted, not summed
      } else {
        tally.error_sum += static_cast<unsigned __int128>(std::min(ulp, largest_error) / error_unit + 0.5);
      }
    }
    return max;
  }

  /// max: the largest of the n errors, above floor.
  void take_worst(const Group& group, std::uint64_t first, std::size_t n, const void* output, double floor, double max,
                  Tally& tally) const {
    // Of one region only the first of the largest can count.
    const bool one_region = in_one_region(group, n);
    if (one_region) floor = std::nextafter(max, -1);
    for (std::size_t i = 0; i < n; ++i) {
      if (!(ulp_[i] > floor)) continue;
      const Multipliers m = group.multipliers;
      const Point p{pattern_at(group.type, patterns_.data(), i),
                    m.dy ? pattern_at(group.type, dy_patterns_.data(), i) : 0,
                    m.a ? pattern_at(group.type, a_patterns_.data(), i) : 0};
      tally.take({ulp_[i], first + i, p, pattern_at(group.type, output, i), region_of(group, i)});
      if (one_region) return;
      if (tally.worst.size() == Tally::worst_kept) floor = std::max(floor, tally.worst.back().ulp);
    }
  }

  std::span<const Subject> subjects_;
  reference::Ulp measure_;
  // Room for the widest type.
  std::vector<std::uint64_t> patterns_ = std::vector<std::uint64_t>(block_size), dy_patterns_ = patterns_,
                             a_patterns_ = patterns_;
  std::vector<std::vector<std::uint64_t>> outputs_;
  std::vector<Outcome> judged_;
  std::size_t known_ = 0;
  std::vector<double> x_ = std::vector<double>(block_size), dy_ = x_, a_ = x_, hi_ = x_, lo_ = x_, bound_ = x_,
                      got_ = x_, ulp_ = x_, open_x_ = x_, open_dy_ = x_, open_a_ = x_, open_got_ = x_;
  std::vector<reference::Quick> quick_ = std::vector<reference::Quick>(block_size), open_quick_ = quick_;
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
  std::vector<std::uint32_t> open_ = std::vector<std::uint32_t>(block_size);
};

SweepRow finish(const Subject& subject, reference::Ulp measure, const Tally& tally, const Tally& searched) {
  const Kernel& kernel = *subject.kernel;
  SweepRow row{.subject = subject,
               .ulp = measure,
               .tally = tally,
               .searched = searched,
               .exhaustive = false,
               .digest = {},
               .worst = {}};
  row.worst = searched.max_ulp() > tally.max_ulp() ? searched.worst[0] : tally.worst.at(0);
  row.input = value_of(kernel.type, row.worst.input.x);
  row.dy = value_of(kernel.type, row.worst.input.dy);
  row.a = value_of(kernel.type, row.worst.input.a);
  row.got = value_of(kernel.type, row.worst.output);
  const reference::Exact exact = exact_at(kernel, row.worst.input, subject.parameters);
  row.expected = exact.rounded();
  row.max_ulp = exact.ulp_error(row.got, measure);
  return row;
}

/// Of two inputs the worse one, or the first.
bool worse(const Bad& a, const Bad& b) { return a.ulp > b.ulp || (a.ulp == b.ulp && a.index < b.index); }

}  // namespace

double Tally::mean_ulp() const {
  const std::uint64_t measured = inputs - unmeasurable;
  return measured == 0 ? 0 : static_cast<double>(error_sum) * error_unit / static_cast<double>(measured);
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
  max_goldberg = std::max(max_goldberg, other.max_goldberg);
  for (const Bad& bad : other.worst) take(bad);
}

bool Partial::complete() const { return !done.empty() && std::find(done.begin(), done.end(), false) == done.end(); }

void Partial::merge(const Partial& other) {
  if (done.empty()) done.resize(other.done.size());
  if (other.done.size() != done.size()) throw std::invalid_argument("other chunks");
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (done[i] && other.done[i]) throw std::invalid_argument("done twice");
    done[i] = done[i] || other.done[i];
  }
  tally.merge(other.tally);
  digest.merge(other.digest);
}

std::uint64_t chunks_of_all(std::uint64_t inputs) { return std::clamp<std::uint64_t>(inputs / block_size, 1, 4096); }

std::vector<SweepRow> sweep(std::vector<Subject> subjects, const SweepOptions& options) {
  for (Subject& subject : subjects) {
    if (subject.parameters.empty()) subject.parameters = parameters_of(*subject.kernel, {});
  }
  const std::vector<Group> groups = group(subjects, options);
  std::vector<Partial> own(subjects.size());
  std::vector<Partial>& partials = options.partials != nullptr ? *options.partials : own;
  std::uint64_t all_chunks = 0;
  std::vector<std::uint64_t> chunks_before;  // of each group
  std::vector<bool> exhaustive(subjects.size());
  for (const Group& g : groups) {
    chunks_before.push_back(all_chunks);
    all_chunks += g.chunks;
    for (const std::size_t i : g.subjects) {
      partials[i].done.resize(g.chunks);
      exhaustive[i] = g.inputs.exhaustive();
    }
  }

  // What is to do. Functions differ in what an input costs. Chunks far apart in the list follow each other, so that
  // what is left costs as much as what is done, and progress tells the time.
  struct Work {
    const Group* group;
    std::uint64_t chunk;
    std::vector<std::size_t> subjects;
  };
  std::uint64_t stride = all_chunks * 5 / 8 + 1;
  while (std::gcd(stride, all_chunks) != 1) ++stride;
  std::vector<Work> work;
  double sample_cost = 0;
  for (std::uint64_t k = 0; k < all_chunks; ++k) {
    const auto i = static_cast<std::uint64_t>(static_cast<unsigned __int128>(k) * stride % all_chunks);
    const auto after = std::upper_bound(chunks_before.begin(), chunks_before.end(), i);
    const Group& g = groups[static_cast<std::size_t>(after - chunks_before.begin() - 1)];
    const std::uint64_t chunk = i - *(after - 1);
    if (chunk * options.shard.count / g.chunks + 1 != options.shard.index) continue;
    Work w{&g, chunk, {}};
    for (const std::size_t s : g.subjects) {
      if (!partials[s].done[chunk]) w.subjects.push_back(s);
    }
    if (w.subjects.empty()) continue;
    sample_cost += static_cast<double>(g.chunk_size());
    work.push_back(std::move(w));
  }

  std::uint64_t searches = 0;
  double search_cost = 0;
  for (const Group& g : groups) {
    if (g.search > 0) searches += g.subjects.size() * Tally::worst_kept;
    search_cost += static_cast<double>(g.search) * static_cast<double>(g.subjects.size());
  }
  const unsigned threads = thread_count(options.threads, std::max<std::uint64_t>(work.size(), searches));
  std::vector<Worker> workers(threads, Worker(subjects, options.ulp));
  // Inputs of the sample are evaluated once for all kernels of a function, those of the search for each.
  const auto progress = [&](double sampled, double searched) {
    if (options.progress)
      options.progress((sampled * sample_cost + searched * search_cost) / std::max(1.0, sample_cost + search_cost));
  };

  std::mutex mutex;  // of partials, while threads run
  auto saved = std::chrono::steady_clock::now();
  auto pause = first_save;
  std::vector<std::vector<Outcome>> outcomes(threads);
  try {
    parallel(
        work.size(), threads, options.stop,
        [&](double sampled) {
          progress(sampled, 0);
          if (!options.save || std::chrono::steady_clock::now() - saved < pause) return;
          pause = std::min(2 * pause, between_saves);
          const std::lock_guard lock(mutex);
          options.save();
          saved = std::chrono::steady_clock::now();
        },
        [&](unsigned thread, std::uint64_t i) {
          const Work& w = work[i];
          const std::uint64_t size = w.group->chunk_size(), first = w.chunk * size;
          const std::uint64_t end = std::min(first + size, w.group->inputs.count());
          std::vector<Outcome>& sums = outcomes[thread];
          if (!workers[thread].chunk(*w.group, w.subjects, first, end, options.stop, sums)) return;
          const std::lock_guard lock(mutex);
          for (std::size_t k = 0; k < sums.size(); ++k) {
            Partial& partial = partials[w.subjects[k]];
            partial.tally.merge(sums[k].tally);
            partial.digest.merge(sums[k].digest);
            partial.done[w.chunk] = true;
          }
        });
  } catch (const Interrupted&) {
    if (options.save) options.save();
    throw;
  }
  if (options.save) options.save();

  std::vector<Tally> found(subjects.size());
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
      if (std::isinf(partials[i].tally.max_ulp())) continue;  // nothing is worse
      const auto& worst = partials[i].tally.worst;
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

  std::vector<SweepRow> rows;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (partials[i].tally.inputs == 0) continue;  // of a shard that has no chunk of this one
    rows.push_back(finish(subjects[i], options.ulp, partials[i].tally, found[i]));
    rows.back().exhaustive = exhaustive[i] && partials[i].complete();
    rows.back().digest = partials[i].digest;
  }
  return rows;
}

SweepRow row_of(const Subject& subject, const Partial& partial, reference::Ulp measure) {
  SweepRow row = finish(subject, measure, partial.tally, {});
  row.exhaustive = partial.complete();
  row.digest = partial.digest;
  return row;
}

bool keeps_promise(const SweepRow& row) {
  const double promised = row.subject.promised_ulp();
  if (promised == 0.5 && row.tally.not_correctly_rounded + row.searched.not_correctly_rounded > 0) return false;
  if (row.ulp == reference::Ulp::goldberg) return row.max_ulp <= promised;
  return std::max(row.tally.max_goldberg, row.searched.max_goldberg) <= promised;
}

}  // namespace actbench::bench
