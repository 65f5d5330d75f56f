// SPDX-License-Identifier: Apache-2.0
//
// A sweep goes one way: subjects become groups that share inputs (group.hpp), groups become chunks, threads take chunks
// block by block (block.hpp), outcomes add up to partials, a search follows (search.hpp), and rows say what came out.
#include "bench/sweep/sweep.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <numeric>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/sweep/block.hpp"
#include "bench/sweep/group.hpp"
#include "bench/sweep/search.hpp"

namespace actbench::bench {
namespace {

// The time between saves doubles from the one to the other.
constexpr std::chrono::seconds first_save{1}, between_saves{10};

/// A chunk of a group's inputs, and the subjects that have not done it.
struct Chunk {
  const Group* group;
  std::uint64_t index;
  std::vector<std::size_t> subjects;
};

/// The chunks of a shard that are to do. Functions differ in what an input costs; chunks that are far apart among all
/// of them follow each other in the list, so that what is left costs as much as what is done, and progress tells the
/// time.
std::vector<Chunk> chunks_to_do(std::span<const Group> groups, std::span<const Partial> partials, Shard shard) {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> before;  // chunks before those of each group
  for (const Group& group : groups) {
    before.push_back(count);
    count += group.chunks;
  }
  std::uint64_t stride = count * 5 / 8 + 1;
  while (std::gcd(stride, count) != 1) ++stride;
  std::vector<Chunk> chunks;
  for (std::uint64_t k = 0; k < count; ++k) {
    const auto i = static_cast<std::uint64_t>(static_cast<unsigned __int128>(k) * stride % count);
    const auto after = std::upper_bound(before.begin(), before.end(), i);
    const Group& group = groups[static_cast<std::size_t>(after - before.begin() - 1)];
    Chunk chunk{&group, i - *(after - 1), {}};
    if (chunk.index * shard.count / group.chunks + 1 != shard.index) continue;
    for (const std::size_t s : group.subjects) {
      if (!partials[s].done[chunk.index]) chunk.subjects.push_back(s);
    }
    if (!chunk.subjects.empty()) chunks.push_back(std::move(chunk));
  }
  return chunks;
}

/// A search around one of the worst inputs of a subject.
struct Search {
  const Group* group;
  std::size_t subject;
  WorstCase start;
  std::uint64_t inputs;
  Tally found;
};

/// The worst inputs of a subject share what it has to search. Nothing is worse than an infinite error.
std::vector<Search> searches_to_do(std::span<const Group> groups, std::span<const Partial> partials) {
  std::vector<Search> searches;
  for (const Group& group : groups) {
    if (group.search == 0) continue;
    for (const std::size_t i : group.subjects) {
      if (std::isinf(partials[i].tally.max_ulp())) continue;
      const auto& worst = partials[i].tally.worst;
      for (std::size_t k = 0; k < worst.size(); ++k) {
        const std::uint64_t inputs = group.search * (k + 1) / worst.size() - group.search * k / worst.size();
        if (inputs > 0) searches.push_back({&group, i, worst[k], inputs, {}});
      }
    }
  }
  return searches;
}

/// Says how much is done of two parts that cost differently. A function's inputs of the sample are evaluated once for
/// all its kernels, those of the search for each.
class Cost {
 public:
  Cost(std::span<const Chunk> chunks, std::span<const Group> groups) {
    for (const Chunk& chunk : chunks) sample_ += static_cast<double>(chunk.group->chunk_size());
    for (const Group& group : groups)
      search_ += static_cast<double>(group.search) * static_cast<double>(group.subjects.size());
  }
  double done(double sampled, double searched) const {
    return (sampled * sample_ + searched * search_) / std::max(1.0, sample_ + search_);
  }

 private:
  double sample_ = 0, search_ = 0;
};

/// What the chunk's subjects make of it; nothing where the sweep is stopped.
std::vector<Outcome> outcomes_of(const Chunk& chunk, std::span<const Subject> subjects, const std::atomic<bool>* stop,
                                 Block& block) {
  const Group& group = *chunk.group;
  std::vector<Outcome> sums(chunk.subjects.size());
  const std::uint64_t size = group.chunk_size();
  const std::uint64_t end = std::min((chunk.index + 1) * size, group.inputs.count());
  for (std::uint64_t first = chunk.index * size; first < end; first += block_size) {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) return {};
    block.load(group, first, static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first)));
    double floor = HUGE_VAL;
    for (const Outcome& sum : sums) floor = std::min(floor, block.floor_of(sum.tally));
    for (std::size_t k = 0; k < sums.size(); ++k) {
      const Outcome& outcome = block.judge(subjects[chunk.subjects[k]], floor);
      sums[k].tally.merge(outcome.tally);
      sums[k].digest.merge(outcome.digest);
      merge_regions(sums[k].by_region, outcome.by_region);
    }
  }
  return sums;
}

/// Sweeps the chunks and adds what comes out to the partials. Returns the largest errors by region of each subject that
/// asks for them.
std::vector<std::vector<double>> sweep_chunks(std::span<const Chunk> chunks, std::span<const Subject> subjects,
                                              const SweepOptions& options, const std::function<void(double)>& progress,
                                              std::vector<Block>& blocks, std::vector<Partial>& partials) {
  std::vector<std::vector<double>> by_region(subjects.size());
  std::mutex mutex;  // guards the partials while threads run
  auto saved = std::chrono::steady_clock::now();
  auto pause = first_save;
  const auto tick = [&](double fraction) {
    progress(fraction);
    if (!options.save || std::chrono::steady_clock::now() - saved < pause) return;
    pause = std::min(2 * pause, between_saves);
    const std::lock_guard lock(mutex);
    options.save();
    saved = std::chrono::steady_clock::now();
  };
  const auto sweep_chunk = [&](unsigned thread, std::uint64_t i) {
    const Chunk& chunk = chunks[i];
    const std::vector<Outcome> sums = outcomes_of(chunk, subjects, options.stop, blocks[thread]);
    const std::lock_guard lock(mutex);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      Partial& partial = partials[chunk.subjects[k]];
      partial.tally.merge(sums[k].tally);
      partial.digest.merge(sums[k].digest);
      partial.done[chunk.index] = true;
      merge_regions(by_region[chunk.subjects[k]], sums[k].by_region);
    }
  };
  try {
    parallel(chunks.size(), static_cast<unsigned>(blocks.size()), options.stop, tick, sweep_chunk);
  } catch (const Interrupted&) {
    if (options.save) options.save();
    throw;
  }
  if (options.save) options.save();
  return by_region;
}

/// Searches around the worst inputs. Returns what is found for each subject.
std::vector<Tally> search_worst(std::vector<Search> searches, std::span<const Subject> subjects,
                                const SweepOptions& options, const std::function<void(double)>& progress,
                                std::vector<Block>& blocks) {
  parallel(searches.size(), static_cast<unsigned>(blocks.size()), options.stop, progress,
           [&](unsigned thread, std::uint64_t i) {
             Search& s = searches[i];
             s.found = search_around(s.start, *s.group, subjects[s.subject], s.inputs, options.seed, options.stop,
                                     blocks[thread]);
           });
  std::vector<Tally> found(subjects.size());
  for (Search& s : searches) {
    // Numbers go on from the searches before, so that no two inputs share one.
    for (WorstCase& w : s.found.worst) w.index += found[s.subject].inputs;
    found[s.subject].merge(s.found);
  }
  return found;
}

/// The row of these tallies, with its worst case held against the exact value.
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

}  // namespace

std::vector<SweepRow> sweep(std::vector<Subject> subjects, const SweepOptions& options) {
  for (Subject& subject : subjects) {
    if (subject.parameters.empty()) subject.parameters = parameters_of(*subject.kernel, {});
  }
  const std::vector<Group> groups = groups_of(subjects, options);
  std::vector<Partial> own(subjects.size());
  std::vector<Partial>& partials = options.partials != nullptr ? *options.partials : own;
  std::vector<bool> all(subjects.size());
  std::uint64_t searches = 0;
  for (const Group& group : groups) {
    if (group.search > 0) searches += group.subjects.size() * Tally::worst_kept;
    for (const std::size_t i : group.subjects) {
      partials[i].done.resize(group.chunks);
      all[i] = group.inputs.exhaustive();
    }
  }
  const std::vector<Chunk> chunks = chunks_to_do(groups, partials, options.shard);
  const Cost cost(chunks, groups);
  const auto progress = [&](double sampled, double searched) {
    if (options.progress) options.progress(cost.done(sampled, searched));
  };
  std::vector<Block> blocks(thread_count(options.threads, std::max<std::uint64_t>(chunks.size(), searches)),
                            Block(options.ulp));
  std::vector<std::vector<double>> by_region = sweep_chunks(
      chunks, subjects, options, [&](double fraction) { progress(fraction, 0); }, blocks, partials);
  const std::vector<Tally> found = search_worst(
      searches_to_do(groups, partials), subjects, options, [&](double fraction) { progress(1, fraction); }, blocks);

  std::vector<SweepRow> rows;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (partials[i].tally.inputs == 0) continue;  // the shard has no chunk of this subject
    rows.push_back(finish(subjects[i], options.ulp, partials[i].tally, found[i]));
    rows.back().exhaustive = all[i] && partials[i].complete();
    rows.back().digest = partials[i].digest;
    rows.back().by_region = std::move(by_region[i]);
    if (rows.back().by_region.empty()) continue;
    for (const WorstCase& worst : found[i].worst) {
      double& largest = rows.back().by_region[worst.region];
      largest = std::max(largest, worst.ulp);
    }
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
