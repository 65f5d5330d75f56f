// SPDX-License-Identifier: Apache-2.0
#include "bench/certificates/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "bench/device/call.hpp"
#include "bench/device/digest.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/parallel.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t work_size = std::uint64_t{1} << 18;
constexpr std::uint64_t quick_from = std::uint64_t{1} << 17;  ///< a quick check leaves inputs out from this many on

/// One thread's workplace: takes a kernel's outputs over a piece of all inputs into a digest.
class Runner {
 public:
  Runner(const Subject& subject, const Inputs& inputs) : subject_(subject), inputs_(inputs) {}

  void run(std::uint64_t first, std::size_t n, Digest& digest) {
    const Kernel& kernel = *subject_.kernel;
    inputs_.fill(first, n, x_.data(), multiplier_.data(), multiplier_.data());  // at most one of them is taken
    device::run(kernel, taken(multipliers_of(kernel), {x_.data(), multiplier_.data(), multiplier_.data()}), y_.data(),
                n, subject_.parameters);
    digest.add(kernel.type, y_.data(), first, n, inputs_.count());
  }
  static constexpr std::size_t largest = 4 * digest_piece;

 private:
  const Subject& subject_;
  const Inputs& inputs_;
  std::vector<std::uint64_t> x_ = std::vector<std::uint64_t>(largest), multiplier_ = x_, y_ = x_;
};

Digest digest_of(const Subject& subject, const Inputs& inputs, bool quick, const VerifyOptions& options) {
  if (subject.kernel->backend == Backend::cuda)
    return device::digest(*subject.kernel, subject.parameters, options.progress, options.stop);
  const std::uint64_t items = (inputs.count() + work_size - 1) / work_size;
  const unsigned threads = thread_count(options.threads, items);
  std::vector<Digest> digests(threads);
  std::vector<Runner> runners(threads, Runner(subject, inputs));
  parallel(items, threads, options.stop, options.progress, [&](unsigned thread, std::uint64_t item) {
    const std::uint64_t end = std::min(inputs.count(), (item + 1) * work_size);
    const std::uint64_t step = quick ? digest_piece : Runner::largest;
    for (std::uint64_t first = item * work_size; first < end; first += step) {
      if (quick && !digest_quick(first / digest_piece)) continue;
      runners[thread].run(first, static_cast<std::size_t>(std::min(step, end - first)), digests[thread]);
    }
  });
  Digest all;
  for (const Digest& digest : digests) all.merge(digest);
  return all;
}

}  // namespace

Verification verify(const Subject& subject, const Certificate& certificate, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Kernel& kernel = *subject.kernel;
  const Inputs inputs = Inputs::all(kernel.type, multipliers_of(kernel));
  Verification result;
  // A device does all inputs in the time that a CPU needs for a part.
  result.quick = options.quick && inputs.count() >= quick_from && kernel.backend != Backend::cuda;
  result.digest = digest_of(subject, inputs, result.quick, options);
  result.inputs = result.quick ? inputs.count() / 64 : inputs.count();
  result.passed = result.quick ? result.digest.quick == certificate.digest.quick : result.digest == certificate.digest;
  if (result.quick && !result.passed) {  // all inputs say where the outputs differ
    result.digest = digest_of(subject, inputs, false, options);
    result.quick = false;
    result.inputs = inputs.count();
  }
  if (!result.passed) {
    for (std::size_t i = 0; i < digest_ranges; ++i) {
      if (result.digest.ranges[i] != certificate.digest.ranges[i]) result.different_ranges.push_back(i);
    }
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string range_text(const Kernel& kernel, std::size_t range) {
  const Multipliers multipliers = multipliers_of(kernel);
  const std::uint64_t size = (std::uint64_t{1} << input_bits(kernel)) / digest_ranges;
  const Inputs inputs = Inputs::all(kernel.type, multipliers);
  const auto outer = [&](const Point& p) { return multipliers.dy ? p.dy : multipliers.a ? p.a : p.x; };
  const std::uint64_t from = outer(inputs.point(range * size)), to = outer(inputs.point((range + 1) * size - 1));
  return fmt::format("{}{} … {} ({} … {})",
                     multipliers.dy  ? "dy "
                     : multipliers.a ? "a "
                                     : "",
                     bits(kernel.type, from), bits(kernel.type, to), decimal(kernel.type, value_of(kernel.type, from)),
                     decimal(kernel.type, value_of(kernel.type, to)));
}

}  // namespace actbench::bench
