// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
namespace {

constexpr std::uint64_t format_version = 1;

std::string build_text() {
  const BuildInfo info = build_info();
  return fmt::format("{} {}{}", info.version, info.revision, info.modified ? " changed" : "");
}

std::uint64_t inputs_of(const Kernel& kernel) { return std::uint64_t{1} << input_bits(kernel); }

/// Hexadecimal; each digit stands for four chunks.
std::string done_text(const std::vector<bool>& done) {
  std::string text((done.size() + 3) / 4, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    int digit = 0;
    for (std::size_t k = 0; k < 4 && 4 * i + k < done.size(); ++k) digit |= done[4 * i + k] ? 1 << k : 0;
    text[i] = "0123456789abcdef"[digit];
  }
  return text;
}

std::vector<bool> done_from(const std::string& text, std::uint64_t chunks) {
  if (text.size() != (chunks + 3) / 4) throw json::FieldError("\"done\" has another length");
  std::vector<bool> done(chunks);
  for (std::size_t i = 0; i < 4 * text.size(); ++i) {
    const std::size_t digit = std::string_view("0123456789abcdef").find(text[i / 4]);
    if (digit == std::string_view::npos) throw json::FieldError("\"done\" has other digits");
    const bool is_done = (digit >> (i % 4) & 1) != 0;
    if (i < chunks) done[i] = is_done;
    if (i >= chunks && is_done)
      throw json::FieldError(fmt::format("\"done\" has more chunks than the {} that there are", chunks));
  }
  return done;
}

struct Count {
  const char* name;
  std::uint64_t Tally::*value;
};
constexpr Count counts[] = {{"inputs", &Tally::inputs},
                            {"not_correctly_rounded", &Tally::not_correctly_rounded},
                            {"above_1_ulp", &Tally::above_one_ulp},
                            {"wrong_zeros", &Tally::wrong_zeros},
                            {"wrong_infinities", &Tally::wrong_infinities},
                            {"wrong_nans", &Tally::wrong_nans},
                            {"zero_signs", &Tally::zero_signs},
                            {"unmeasurable", &Tally::unmeasurable}};

std::string text_of(const Subject& subject, const Partial& partial) {
  const Kernel& kernel = *subject.kernel;
  const Tally& tally = partial.tally;
  std::string text = fmt::format("{{\"kernel\": {}, \"parameters\": [", json::quoted(identity(kernel)));
  for (std::size_t i = 0; i < subject.parameters.size(); ++i)
    text += fmt::format("{}{}", i > 0 ? ", " : "", json::quoted(hexadecimal(subject.parameters[i])));
  text += fmt::format("],\n \"done\": \"{}\",\n", done_text(partial.done));
  for (const Count& c : counts) text += fmt::format(" \"{}\": {},", c.name, tally.*c.value);
  text +=
      fmt::format("\n \"error_sum\": [\"{}\", \"{}\"], \"max_goldberg\": {},\n \"worst\": [",
                  json::bits_text(static_cast<std::uint64_t>(tally.error_sum >> 64)),
                  json::bits_text(static_cast<std::uint64_t>(tally.error_sum)), json::size_text(tally.max_goldberg));
  for (std::size_t i = 0; i < tally.worst.size(); ++i) {
    const WorstCase& w = tally.worst[i];
    const std::string a =
        multipliers_of(*subject.kernel).a ? fmt::format(" \"a\": \"{}\",", json::bits_text(w.input.a)) : "";
    text += fmt::format("{}{{\"ulp\": {}, \"index\": {}, \"x\": \"{}\", \"dy\": \"{}\",{} \"output\": \"{}\"}}",
                        i > 0 ? ",\n  " : "", json::size_text(w.ulp), w.index, json::bits_text(w.input.x),
                        json::bits_text(w.input.dy), a, json::bits_text(w.output));
  }
  text += "],\n \"ranges\": [";
  for (std::size_t i = 0; i < digest_ranges; ++i)
    text += fmt::format("{}\"{}\"", i > 0 ? ", " : "", json::bits_text(partial.digest.ranges[i]));
  return text + fmt::format("],\n \"quick\": \"{}\"}}", json::bits_text(partial.digest.quick));
}

Subject subject_from(const json::json& j) {
  const std::string identity = json::text(j, "kernel");
  const Kernel* kernel = find(identity);
  if (kernel == nullptr) throw json::FieldError(not_found_reason(identity));
  if (input_bits(*kernel) > 32) throw json::FieldError(fmt::format("{} has too many inputs for all of them", identity));
  Subject subject{kernel, {}};
  for (const json::json& value : json::list(j, "parameters", max_parameters)) {
    try {
      subject.parameters.push_back(parse_finite(value.is_string() ? value.get<std::string>() : ""));
    } catch (const UsageError&) {
      throw json::FieldError("a parameter is no number written as text");
    }
    if (round_to(kernel->type, subject.parameters.back()) != subject.parameters.back())
      throw json::FieldError("a parameter is none of the type's numbers");
  }
  if (subject.parameters.size() != kernel->activation->parameter_count)
    throw json::FieldError(fmt::format("{} has another number of parameters", identity));
  const std::string error = parameter_error(*kernel->activation, subject.parameters);
  if (!error.empty()) throw json::FieldError(error);
  return subject;
}

/// Throws FieldError where counts are larger than what they are counted among.
void check_counts(const Tally& tally) {
  for (const Count& c : counts) {
    const bool of_misrounded =
        c.value != &Tally::inputs && c.value != &Tally::not_correctly_rounded && c.value != &Tally::zero_signs;
    const std::uint64_t most = of_misrounded ? tally.not_correctly_rounded : tally.inputs;
    if (tally.*c.value > most) {
      throw json::FieldError(fmt::format("\"{}\" is {}, more than the {} of \"{}\"", c.name, tally.*c.value, most,
                                         of_misrounded ? "not_correctly_rounded" : "inputs"));
    }
  }
  if (tally.max_goldberg < 0.5 || (tally.max_goldberg > 0.5 && tally.not_correctly_rounded == 0)) {
    throw json::FieldError(fmt::format("\"max_goldberg\" is {}, where \"not_correctly_rounded\" is {}",
                                       tally.max_goldberg, tally.not_correctly_rounded));
  }
}

/// Throws FieldError where a worst input is none of those that were tried.
void check_worst(const WorstCase& w, const Kernel& kernel, const std::vector<bool>& done) {
  const std::uint64_t inputs = inputs_of(kernel);
  if (w.index >= inputs)
    throw json::FieldError(fmt::format("\"index\" of a worst input is {}, beyond the last of {}", w.index, inputs));
  if (!done[w.index / (inputs / done.size())])
    throw json::FieldError(fmt::format("\"index\" of a worst input is {}, in a chunk that is not done", w.index));
  if (w.input != Inputs::all(kernel.type, multipliers_of(kernel)).point(w.index))
    throw json::FieldError(fmt::format("\"worst\" has an input that is not the one of its index, {}", w.index));
}

/// Throws FieldError where a range of the digest has outputs of chunks that are not done.
void check_ranges(const Digest& digest, const std::vector<bool>& done) {
  for (std::size_t range = 0; range < digest_ranges && done.size() >= digest_ranges; ++range) {
    const auto size = static_cast<std::ptrdiff_t>(done.size() / digest_ranges);
    const auto first = done.begin() + static_cast<std::ptrdiff_t>(range) * size;
    if (digest.ranges[range] != 0 && std::find(first, first + size, true) == first + size)
      throw json::FieldError(fmt::format("\"ranges\" has a digest of range {}, of which no chunk is done", range + 1));
  }
}

Partial partial_from(const json::json& j, const Kernel& kernel) {
  const std::uint64_t inputs = inputs_of(kernel), chunks = chunks_of_all(inputs);
  Partial partial;
  partial.done = done_from(json::text(j, "done"), chunks);
  Tally& tally = partial.tally;
  for (const Count& c : counts) tally.*c.value = json::whole(j, c.name);
  const auto done = static_cast<std::uint64_t>(std::count(partial.done.begin(), partial.done.end(), true));
  if (tally.inputs != done * (inputs / chunks)) {
    throw json::FieldError(fmt::format("\"inputs\" is {}, and the {} chunks that are done have {}", tally.inputs, done,
                                       done * (inputs / chunks)));
  }
  const auto [high, low] = json::bits_list<2>(j, "error_sum");
  tally.error_sum = static_cast<unsigned __int128>(high) << 64 | low;
  tally.max_goldberg = json::size(j, "max_goldberg");
  const json::json& worst = json::list(j, "worst", Tally::worst_kept);
  if (worst.empty() != (done == 0)) throw json::FieldError("\"worst\" is empty, or should be");
  for (const json::json& entry : worst) {
    WorstCase w{json::size(entry, "ulp"),
                json::whole(entry, "index"),
                {json::bits_field(entry, "x"), json::bits_field(entry, "dy"),
                 multipliers_of(kernel).a ? json::bits_field(entry, "a") : 0},
                json::bits_field(entry, "output"),
                0};
    const std::uint64_t beyond = bits_of(kernel.type) == 64 ? 0 : ~std::uint64_t{0} << bits_of(kernel.type);
    if ((w.output & beyond) != 0) throw json::FieldError("\"worst\" has an output that is none of the type's");
    check_worst(w, kernel, partial.done);
    w.region = static_cast<std::uint32_t>(w.input.x >> fraction_bits(kernel.type));
    tally.take(w);
  }
  partial.digest.ranges = json::bits_list<digest_ranges>(j, "ranges");
  partial.digest.quick = json::bits_field(j, "quick");
  check_counts(tally);
  check_ranges(partial.digest, partial.done);
  return partial;
}

std::pair<std::string, std::string> key(const Subject& subject) {
  std::vector<double> parameters = subject.parameters;
  if (parameters.empty()) parameters = parameters_of(*subject.kernel, {});
  return {identity(*subject.kernel), describe_parameters(*subject.kernel, parameters)};
}

}  // namespace

Checkpoint Checkpoint::read(const std::string& file) {
  const auto text = reports::read_file(file);
  if (!text) throw UsageError(fmt::format("there is no file {}", file));
  return parse(*text, file);
}

Checkpoint Checkpoint::parse(const std::string& text, const std::string& file) {
  try {
    const json::json j = json::parse(text);
    json::check_versions(j, {{"actbench_sweep", format_version}});
    const std::string build = json::text(j, "build");
    if (build != build_text()) {
      throw UsageError(
          fmt::format("{} is of another build ({}) than this one ({}): go on with that build, or begin anew "
                      "with another file",
                      file, build, build_text()));
    }
    const std::string measure = json::text(j, "ulp");
    const auto* const found =
        std::find_if(std::begin(measures), std::end(measures), [&](auto m) { return measure == name(m); });
    if (found == std::end(measures)) throw json::FieldError("\"ulp\" is none of goldberg, kahan, steps");
    Checkpoint checkpoint(*found);
    for (const json::json& entry : json::list(j, "kernels", 100000)) {
      const Subject subject = subject_from(entry);
      if (checkpoint.entries_.contains(key(subject)))
        throw json::FieldError(fmt::format("{} is there twice", identity(*subject.kernel)));
      checkpoint.put(subject, partial_from(entry, *subject.kernel));
    }
    return checkpoint;
  } catch (...) {
    json::refuse(file, "checkpoint of a sweep");
  }
}

std::string Checkpoint::text() const {
  std::string text = fmt::format("{{\"actbench_sweep\": {}, \"build\": {}, \"ulp\": \"{}\",\n\"kernels\": [",
                                 format_version, json::quoted(build_text()), name(ulp_));
  const char* separator = "\n";
  for (const auto& [k, entry] : entries_) {
    text += separator + text_of(entry.subject, entry.partial);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

Partial Checkpoint::take(const Subject& subject) const {
  const auto found = entries_.find(key(subject));
  return found == entries_.end() ? Partial{} : found->second.partial;
}

void Checkpoint::put(const Subject& subject, Partial partial) {
  entries_.insert_or_assign(key(subject), Entry{subject, std::move(partial)});
}

void Checkpoint::merge(const Checkpoint& other, const std::string& file) {
  if (other.ulp_ != ulp_) {
    throw UsageError(
        fmt::format("{} measures by --ulp {}, the files before it by --ulp {}", file, name(other.ulp_), name(ulp_)));
  }
  for (const auto& [k, entry] : other.entries_) {
    const auto [place, fresh] = entries_.try_emplace(k, entry);
    if (fresh) continue;
    try {
      place->second.partial.merge(entry.partial);
    } catch (const std::invalid_argument&) {
      throw UsageError(
          fmt::format("{} has a part of {} that a file before it has, too; give each shard once", file, k.first));
    }
  }
}

std::vector<Subject> Checkpoint::subjects() const {
  std::vector<Subject> all;
  for (const auto& [k, entry] : entries_) all.push_back(entry.subject);
  std::stable_sort(all.begin(), all.end(),
                   [](const Subject& a, const Subject& b) { return std::less<>{}(a.kernel, b.kernel); });
  return all;
}

}  // namespace actbench::bench
