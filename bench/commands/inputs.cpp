// SPDX-License-Identifier: Apache-2.0
//
// actbench inputs: files of inputs for any program, whose outputs actbench score and identify judge.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include "bench/arrays/files.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/arrays.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/made_inputs.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/numbers/types.hpp"
#include "bench/score/score.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

struct InputsOptions : Options {
  std::string activation = "relu", direction = "forward", type = "f32", count = "2^20", like = "special", row;
  std::string out, dy, a;
  std::uint64_t seed = default_seed;
  bool raw = false;
};

/// One of the arrays that are written: x, dy or a.
struct File {
  const char* what;
  std::string path;
};

/// What the arrays hold.
MadeInputs made_inputs(const InputsOptions& options, const score::Claim& claim) {
  const Multipliers takes{takes_dy(claim.direction), takes_a(claim.activation->shape, claim.direction)};
  const Distribution like = parse_distribution(options.like);
  if (options.count != "all")
    return {claim.type, claim.parameters, like, parse_count(options.count, "--inputs"), options.seed, takes};
  if (options.like != "special")
    throw UsageError(fmt::format("--inputs all is every number of the type: leave out --like {}", options.like));
  if (input_bits(claim.type, takes) > 32)
    throw UsageError(fmt::format("{} {} has 2^{} inputs, too many for all of them; give --inputs a number",
                                 name(claim.type), name(claim.direction), input_bits(claim.type, takes)));
  return MadeInputs::all(claim.type, takes);
}

/// The path of a file from the root on, whether it is there or not.
std::filesystem::path whole(const std::string& path) {
  std::error_code none;  // of a path that cannot be followed, which is said when it is written to
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path), none);
}

std::vector<File> files_of(const InputsOptions& options, const score::Claim& claim) {
  const bool dy = takes_dy(claim.direction), a = takes_a(claim.activation->shape, claim.direction);
  std::vector<File> files{{"x", options.out}};
  for (const auto& [what, named, taken] : {std::tuple("dy", &options.dy, dy), {"a", &options.a, a}}) {
    if (!taken && !named->empty())
      throw UsageError(fmt::format("--{} is for directions that take it, not for {} of {}", what, name(claim.direction),
                                   claim.activation->name));
    if (taken) files.push_back({what, named->empty() ? arrays::beside(options.out, what).string() : *named});
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (whole(files[i].path) == whole(files[j].path))
        throw UsageError(fmt::format("{} cannot hold both {} and {}", files[i].path, files[j].what, files[i].what));
    }
  }
  return files;
}

std::vector<std::uint64_t> shape_of(const InputsOptions& options, const score::Claim& claim, std::uint64_t count) {
  const bool over_rows = claim.activation->shape == Shape::rows;
  if (!over_rows && !options.row.empty())
    throw UsageError(
        fmt::format("--row is for activations over rows, such as softmax, not for {}", options.activation));
  if (!over_rows) return {count};
  if (claim.direction != Direction::forward)
    throw UsageError("of activations over rows there are inputs of forward alone: backward takes its result");
  const std::uint64_t row = options.row.empty() ? 128 : parse_count(options.row, "--row");
  if (row > count || count % row != 0)
    throw UsageError(fmt::format(
        "{} inputs are no whole number of rows of {}; choose --inputs and --row so that they are", count, row));
  return {count / row, row};
}

int run_inputs(const InputsOptions& options) {
  if (options.out.empty()) throw UsageError("--out needs the name of a file, such as x.npy");
  const score::Claim claim = score::claim(options.activation, options.direction, options.type, options.parameters);
  const MadeInputs source = made_inputs(options, claim);
  const std::vector<File> files = files_of(options, claim);
  const std::vector<std::uint64_t> shape = shape_of(options, claim, source.count());
  std::vector<arrays::Writer> writers;
  writers.reserve(files.size());
  for (const File& file : files) writers.emplace_back(file.path, claim.type, shape, options.raw);
  {
    Progress progress("inputs");
    constexpr std::size_t piece = MadeInputs::piece;
    std::vector<std::uint64_t> x(piece), dy(piece), a(piece);  // room for the widest type
    for (std::uint64_t first = 0; first < source.count(); first += piece) {
      check_interrupted();
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(piece, source.count() - first));
      source.fill(first, n, x.data(), dy.data(), a.data());
      for (std::size_t i = 0; i < files.size(); ++i)
        writers[i].append((i == 0 ? x : std::string_view(files[i].what) == "dy" ? dy : a).data(), n);
      progress.update(static_cast<double>(first) / static_cast<double>(source.count()));
    }
  }
  for (arrays::Writer& writer : writers) writer.flush();
  for (arrays::Writer& writer : writers) writer.commit();

  reports::Table table{.name = "inputs"};
  table.columns = {{.name = "file", .key = true},
                   {.name = "array", .key = true},
                   {.name = "type"},
                   {.name = "numbers", .right = true},
                   {.name = "format"}};
  for (const File& file : files)
    table.rows.push_back({file.path, file.what, name(claim.type), source.count(), options.raw ? "raw" : "npy"});
  if (claim.type == Type::bf16 && !options.raw)
    table.notes.emplace_back("NumPy has no bf16: load it with ml_dtypes, numpy.load(FILE).view(ml_dtypes.bfloat16).");
  if (is_foreign(claim.type) && !options.raw)
    table.notes.push_back(
        fmt::format("They are bit patterns: numpy.load(FILE).view(ml_dtypes.{0}), or in torch "
                    "torch.from_numpy(numpy.load(FILE)).view(torch.{0}).",
                    claim.type == f8_e5m2 ? "float8_e5m2" : "float8_e4m3fn"));
  options.output.print(table);
  return exit_fine;
}

}  // namespace

Command add_inputs(CLI::App& program) {
  const auto options = std::make_shared<InputsOptions>();
  CLI::App* app = program.add_subcommand("inputs", "Write inputs into files, for any program to compute from");
  app->add_option(
         "ACTIVATION", options->activation,
         "For which activation: its parameters are among special inputs, and a gate takes two arrays; default: "
         "any of x alone")
      ->type_name("");
  app->add_option("--out", options->out, "The file of x, as numpy.load reads it")->required()->type_name("FILE");
  app->add_option("--dy", options->dy, "The file of dy, where the direction takes it; default: x.npy has x.dy.npy")
      ->type_name("FILE");
  app->add_option("--a", options->a, "The file of a, where the direction takes it; default: x.npy has x.a.npy")
      ->type_name("FILE");
  app->add_option("--inputs", options->count,
                  "How many (1000000, 1e6, 2^28), or all numbers of the type, up to 2^32; default 2^20")
      ->type_name("N");
  app->add_option("--like", options->like,
                  "What they are like: special (default; special values and then every exponent as often), bits, "
                  "normal[:SIGMA], uniform:LOW:HIGH, constant[:VALUE], mixed, subnormal, wide, tail, FILE.npy")
      ->type_name("VALUES");
  add_array_type(*app, options->type, "Their type: f32 (default), f64, f16, bf16, f8_e4m3fn or f8_e5m2");
  add_direction(*app, options->direction);
  app->add_option("--row", options->row, "For activations over rows: the length of each; default 128")->type_name("N");
  app->add_flag("--raw", options->raw, "Without a header: the bare numbers, little-endian");
  add_whole(*app, "--seed", options->seed, any_seed, "S", "Seed of what is drawn; default 1");
  add_parameters(*app, *options);
  add_output_options(*app, *options);
  app->footer("The files appear together when all is done, or not at all.");
  return {app, [options] { return run_inputs(*options); }};
}

}  // namespace actbench::bench
