// SPDX-License-Identifier: Apache-2.0
//
// Of every block of inputs the reference's quick values are computed once for all kernels of that activation, direction
// and type. An output that equals the correctly rounded result, where the quick value decides what that is, is settled
// by a few vectorised operations; all others go to reference::judge. A kernel whose outputs have the bits of one judged
// before takes over its tally.
#include "bench/sweep.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "bench/errors.hpp"
#include "bench/inputs.hpp"
#include "bench/options.hpp"
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
  std::vector<double> parameters;
  Inputs inputs;
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
    if (options.all && bits_of(kernel.type) > 32) {
      throw UsageError(fmt::format("{} has 2^{} inputs, too many for all of them; give a number", name(kernel.type),
                                   bits_of(kernel.type)));
    }
    groups.push_back({function,
                      &format_of(kernel.type),
                      kernel.type,
                      subjects[i].parameters,
                      options.all ? Inputs::all(kernel.type)
                                  : Inputs(kernel.type, subjects[i].parameters, options.inputs, options.seed),
                      {i}});
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

/// Rounds doubles to a type, and gives them back as doubles; in a form that the compiler can vectorise where there is
/// one.
template <Type type>
inline double rounded(double value) {
  if constexpr (type == Type::f32) return static_cast<double>(static_cast<float>(value));
  if constexpr (type == Type::f64) return value;
  return round_to(type, value);
}

/// The correctly rounded results that the quick values decide.
template <Type type>
void decide(const reference::Quick* quick, std::size_t n, double* right, std::uint8_t* decided) {
  for (std::size_t i = 0; i < n; ++i) {
    const double hi = quick[i].hi, lo = quick[i].lo;
    // Both ends of the interval that holds the exact value are rounded to a double first. Half a double's spacing, more
    // than that can move them, on top of the error: then no end comes to lie on the wrong side of a tie.
    const double reach = quick[i].error + std::fabs(hi) * 0x1p-52;
    const double low = rounded<type>(hi + (lo - reach)), high = rounded<type>(hi + (lo + reach));
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

  void chunk(const Group& group, std::uint64_t first, std::uint64_t end, const std::atomic<bool>* stop) {
    std::vector<Tally> sums(group.subjects.size());
    for (; first < end; first += block_size) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
      block(group, first, static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first)), sums);
    }
    for (std::size_t k = 0; k < sums.size(); ++k) tallies_[group.subjects[k]].merge(sums[k]);
  }

 private:
  void block(const Group& group, std::uint64_t first, std::size_t n, std::vector<Tally>& sums) {
    const std::size_t size = size_of(group.type);
    group.inputs.fill(first, n, patterns_.data());
    widen(group.type, patterns_.data(), x_.data(), n);
    reference::quick(*group.function, *group.format, x_.data(), nullptr, quick_.data(), n, group.parameters);
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
    std::size_t known = 0;  // outputs of this block that differ from one another
    for (std::size_t k = 0; k < group.subjects.size(); ++k) {
      if (known == outputs_.size()) outputs_.emplace_back(block_size), judged_.emplace_back();
      auto& output = outputs_[known];
      const Subject& subject = subjects_[group.subjects[k]];
      apply(*subject.kernel, patterns_.data(), output.data(), n, subject.parameters);
      std::size_t twin = 0;
      while (twin < known && std::memcmp(outputs_[twin].data(), output.data(), n * size) != 0) ++twin;
      if (twin == known) judged_[known++] = judge(group, first, n, output.data());
      sums[k].merge(judged_[twin]);
    }
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
        open_quick_[j] = quick_[open_[j]];
        open_got_[j] = got_[open_[j]];
      }
      reference::judge(*group.function, *group.format, open_x_.data(), nullptr, open_quick_.data(), open_got_.data(),
                       judgements_.data(), m, group.parameters);
      for (std::size_t j = 0; j < m; ++j) {
        count(tally, open_got_[j], judgements_[j]);
        ulp_[open_[j]] = judgements_[j].ulp;
      }
    }
    // Summed in a fixed order. Infinite errors are counted, not summed.
    double sum = 0;
    std::size_t worst = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double ulp = ulp_[i];
      const bool finite = ulp <= 0x1.fffffffffffffp1023;
      tally.unmeasurable += !finite;
      sum += finite ? std::min(ulp, largest_error) : 0.0;
      if (ulp > ulp_[worst]) worst = i;
    }
    tally.error_sum = static_cast<unsigned __int128>(sum * error_unit + 0.5);
    tally.max_ulp = ulp_[worst];
    tally.worst_index = first + worst;
    tally.worst_input = pattern_at(group.type, patterns_.data(), worst);
    tally.worst_output = pattern_at(group.type, output, worst);
    return tally;
  }

  std::span<const Subject> subjects_;
  std::vector<Tally>& tallies_;
  // Room for the widest type.
  std::vector<std::uint64_t> patterns_ = std::vector<std::uint64_t>(block_size);
  std::vector<std::vector<std::uint64_t>> outputs_;
  std::vector<Tally> judged_;
  std::vector<double> x_ = std::vector<double>(block_size), got_ = x_, right_ = x_, ulp_ = x_, open_x_ = x_,
                      open_got_ = x_;
  std::vector<std::uint8_t> decided_ = std::vector<std::uint8_t>(block_size);
  std::vector<reference::Quick> quick_ = std::vector<reference::Quick>(block_size), open_quick_ = quick_;
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
  std::vector<std::uint32_t> open_;
};

unsigned usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

SweepRow finish(const Subject& subject, const Tally& tally, const Group& group) {
  SweepRow row{subject,
               tally,
               group.inputs.exhaustive(),
               0,
               value_of(group.type, tally.worst_input),
               value_of(group.type, tally.worst_output),
               0};
  const reference::Exact exact(*group.function, *group.format, {&row.input, 1}, group.parameters);
  row.expected = exact.rounded();
  row.max_ulp = exact.ulp_error(row.got);
  return row;
}

}  // namespace

double Tally::mean_ulp() const {
  const std::uint64_t measured = inputs - unmeasurable;
  return measured == 0 ? 0 : static_cast<double>(error_sum) / error_unit / static_cast<double>(measured);
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
  if (other.max_ulp > max_ulp || (other.max_ulp == max_ulp && other.worst_index < worst_index)) {
    max_ulp = other.max_ulp;
    worst_index = other.worst_index;
    worst_input = other.worst_input;
    worst_output = other.worst_output;
  }
}

std::vector<SweepRow> sweep(std::vector<Subject> subjects, const SweepOptions& options) {
  for (Subject& subject : subjects) {
    if (subject.parameters.empty()) subject.parameters = parameters_of(*subject.kernel, {});
  }
  const std::vector<Group> groups = group(subjects, options);
  struct Item {
    const Group* group;
    std::uint64_t first, end;
  };
  std::uint64_t chunks = 0;
  std::vector<std::uint64_t> chunks_before;  // of each group
  for (const Group& g : groups) {
    chunks_before.push_back(chunks);
    chunks += (g.inputs.count() + chunk_size - 1) / chunk_size;
  }
  const auto item = [&](std::uint64_t i) {
    const auto after = std::upper_bound(chunks_before.begin(), chunks_before.end(), i);
    const Group& g = groups[static_cast<std::size_t>(after - chunks_before.begin() - 1)];
    const std::uint64_t first = (i - *(after - 1)) * chunk_size;
    return Item{&g, first, std::min<std::uint64_t>(first + chunk_size, g.inputs.count())};
  };

  const unsigned wanted = options.threads > 0 ? options.threads : usable_cpus();
  const unsigned thread_count = static_cast<unsigned>(std::min<std::uint64_t>(wanted, chunks));
  std::vector<std::vector<Tally>> tallies(thread_count, std::vector<Tally>(subjects.size()));
  std::atomic<std::uint64_t> next{0}, done{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = thread_count;

  const auto work = [&](unsigned id) {
    try {
      Worker worker(subjects, tallies[id]);
      for (std::uint64_t i; !failed && (i = next++) < chunks; ++done) {
        if (options.stop != nullptr && options.stop->load()) break;
        const Item it = item(i);
        worker.chunk(*it.group, it.first, it.end, options.stop);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failed.exchange(true)) failure = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned id = 0; id < thread_count; ++id) threads.emplace_back(work, id);
    std::unique_lock lock(mutex);
    while (running > 0) {
      changed.wait_for(lock, std::chrono::milliseconds(100));
      if (options.progress) options.progress(static_cast<double>(done) / static_cast<double>(chunks));
    }
  }
  if (failure) std::rethrow_exception(failure);
  if (options.stop != nullptr && options.stop->load()) throw Interrupted();

  std::vector<SweepRow> rows(subjects.size());
  for (const Group& g : groups) {
    for (std::size_t i : g.subjects) {
      Tally total;
      for (const auto& tally : tallies) total.merge(tally[i]);
      rows[i] = finish(subjects[i], total, g);
    }
  }
  return rows;
}

bool keeps_promise(const SweepRow& row) {
  const double promised = row.subject.kernel->promised_ulp;
  if (promised == 0.5 && row.tally.not_correctly_rounded > 0) return false;
  return row.max_ulp <= promised;
}

}  // namespace actbench::bench
