// SPDX-License-Identifier: Apache-2.0
//
// Outputs of any program against the exact values, and inputs to give to it.
#include "bench/score/score.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "bench/numbers/distribution.hpp"
#include "bench/numbers/made_inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/support/errors.hpp"
#include "python/src/request.hpp"
#include "reports/writers.hpp"

namespace actbench::python {
namespace {

using bench::UsageError;

reference::Ulp ulp_named(const std::string& wanted) {
  for (const reference::Ulp ulp : bench::measures)
    if (wanted == bench::name(ulp)) return ulp;
  throw UsageError("ulp is goldberg, kahan or steps, not '" + wanted + "'");
}

/// What is said of a program's outputs: the tables of `actbench score` as JSON and for people, and the verdict.
nb::dict score(const std::string& activation, const std::string& direction, const std::string& type, const Patterns& x,
               const Patterns& y, const std::optional<Patterns>& dy, const std::optional<Patterns>& a,
               const Settings& settings, std::uint64_t row, std::optional<double> promise, const std::string& ulp,
               bool faults, unsigned threads, const std::string& name) {
  const Request what = request(activation, direction, type, settings);
  const Kernel& kernel = *what.kernel;
  const InputArrays in = inputs_of(kernel, x, dy, a);
  check_output(kernel, x, y);
  bench::score::Claim claim{kernel.activation, kernel.direction, kernel.type, what.parameters};
  if (promise) claim.promise = *promise;
  bench::score::Options options{.ulp = ulp_named(ulp), .faults = faults, .threads = threads};
  options.progress = until_interrupted();
  const bench::score::Arrays arrays{
      .x = in.x, .y = y.data(), .n = x.size(), .dy = in.dy, .a = in.a, .row = row, .other = nullptr};
  std::string json, text;
  bool kept = true;
  {
    const nb::gil_scoped_release unlocked;
    const bench::score::Score found = bench::score::score(claim, arrays, options);
    const std::vector<reports::Table> tables = bench::score::tables(found, name);
    json = reports::write(tables, reports::Format::json);
    text = reports::write(tables, reports::Format::terminal);
    kept = found.kept;
  }
  nb::dict result;
  result["json"] = json;
  result["text"] = text;
  result["kept"] = kept;
  return result;
}

/// The inputs that `actbench inputs` writes; count 0: all of them.
bench::MadeInputs made_inputs(const Request& what, std::uint64_t count, const std::string& like, std::uint64_t seed) {
  const Type type = what.kernel->type;
  const Multipliers multipliers = multipliers_of(*what.kernel);
  const bench::Distribution distribution = bench::parse_distribution(like);
  if (count > 0) return {type, what.parameters, distribution, count, seed, multipliers};
  if (distribution != bench::Distribution::special)
    throw UsageError("inputs='all' is every number of the type: leave out like=");
  if (bench::input_bits(*what.kernel) > 32)
    throw UsageError(
        "inputs='all' is for those that are at most 2^32: of f32 alone, of f16 and bf16 also with dy or a");
  return bench::MadeInputs::all(type, multipliers);
}

std::uint64_t input_count(const std::string& activation, const std::string& direction, const std::string& type,
                          const Settings& settings, std::uint64_t count, const std::string& like) {
  return made_inputs(request(activation, direction, type, settings), count, like, 1).count();
}

/// Whether the direction takes dy, and a.
std::pair<bool, bool> takes(const std::string& activation, const std::string& direction, const std::string& type) {
  const Multipliers found = multipliers_of(*request(activation, direction, type, {}).kernel);
  return {found.dy, found.a};
}

/// Fills the arrays that the direction takes.
void fill_inputs(const std::string& activation, const std::string& direction, const std::string& type,
                 const Settings& settings, std::uint64_t count, const std::string& like, std::uint64_t seed,
                 const WritablePatterns& x, const WritablePatterns& dy, const WritablePatterns& a) {
  const Request what = request(activation, direction, type, settings);
  const bench::MadeInputs inputs = made_inputs(what, count, like, seed);
  check_output(*what.kernel, Patterns(x), Patterns(x));
  if (x.size() != inputs.count()) throw UsageError("x has not the size of the inputs");
  const Multipliers multipliers = multipliers_of(*what.kernel);
  if ((multipliers.dy && dy.size() != x.size()) || (multipliers.a && a.size() != x.size()))
    throw UsageError("dy and a, where the direction takes them, have the size of x");
  const auto start = [](const WritablePatterns& array) { return static_cast<char*>(array.data()); };
  char *const px = start(x), *const pdy = start(dy), *const pa = start(a);
  const std::size_t bytes = size_of(what.kernel->type);
  const nb::gil_scoped_release unlocked;
  constexpr std::uint64_t piece = bench::MadeInputs::piece;
  for (std::uint64_t first = 0; first < inputs.count(); first += piece) {
    const auto n = static_cast<std::size_t>(std::min(piece, inputs.count() - first));
    inputs.fill(first, n, px + first * bytes, multipliers.dy ? pdy + first * bytes : nullptr,
                multipliers.a ? pa + first * bytes : nullptr);
    until_interrupted()(0);
  }
}

}  // namespace

void add_score(nb::module_& module) {
  module.def("score", plainly(score), nb::arg("activation"), nb::arg("direction"), nb::arg("type"), nb::arg("x"),
             nb::arg("y"), nb::arg("dy").none(), nb::arg("a").none(), nb::arg("parameters"), nb::arg("row"),
             nb::arg("promise").none(), nb::arg("ulp"), nb::arg("faults"), nb::arg("threads"), nb::arg("name"));
  module.def("input_count", plainly(input_count), nb::arg("activation"), nb::arg("direction"), nb::arg("type"),
             nb::arg("parameters"), nb::arg("count"), nb::arg("like"));
  module.def("fill_inputs", plainly(fill_inputs), nb::arg("activation"), nb::arg("direction"), nb::arg("type"),
             nb::arg("parameters"), nb::arg("count"), nb::arg("like"), nb::arg("seed"), nb::arg("x"), nb::arg("dy"),
             nb::arg("a"));
  module.def("takes", plainly(takes), nb::arg("activation"), nb::arg("direction"), nb::arg("type"));
}

}  // namespace actbench::python
