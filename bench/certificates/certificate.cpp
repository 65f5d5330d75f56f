// SPDX-License-Identifier: Apache-2.0
#include "bench/certificates/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/certificates/contradictions.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/files.hpp"

namespace actbench::bench {

extern const char* const built_in_certificates;  // generated from certificates.json

namespace {

constexpr std::uint64_t format_version = 1;

/// The versions that a result depends on: of the program, its compiler, and the libraries of the reference.
std::string proved_by() {
  const BuildInfo info = build_info();
  std::string text =
      fmt::format("actbench {} ({:.12}{})", info.version, info.revision, info.modified ? ", changed" : "");
  for (const auto& [library, version] : info.libraries) {
    if (library == "boost" || library == "mpfr" || library == "gmp") text += fmt::format(", {} {}", library, version);
  }
  return text + fmt::format(", {}", info.compiler);
}

std::string ranges_text(const Digest& digest) {
  std::string text;
  for (std::size_t i = 0; i < digest.ranges.size(); ++i) {
    text += i == 0 ? "" : i % 4 == 0 ? ",\n            " : ", ";
    text += json::quoted(json::bits_text(digest.ranges[i]));
  }
  return text;
}

std::string text_of(const Certificate& c) {
  std::string text = fmt::format("{{\"kernel\": {}, \"parameters\": {}, \"swept_on\": {},\n", json::quoted(c.kernel),
                                 json::quoted(c.parameters), json::quoted(c.swept_on));
  text += fmt::format(" \"inputs\": {}, \"not_correctly_rounded\": {}, \"above_1_ulp\": {}, \"promised_ulp\": {},\n",
                      c.inputs, c.not_correctly_rounded, c.above_one_ulp, json::size_text(c.promised_ulp));
  text += fmt::format(" \"max_ulp\": {}, \"at_x\": {}", json::size_text(c.max_ulp), json::quoted(c.worst_x));
  if (!c.worst_dy.empty()) text += fmt::format(", \"at_dy\": {}", json::quoted(c.worst_dy));
  if (!c.worst_a.empty()) text += fmt::format(", \"at_a\": {}", json::quoted(c.worst_a));
  text += fmt::format(",\n \"digest\": \"{}\", \"quick\": \"{}\",\n", json::bits_text(c.digest.total()),
                      json::bits_text(c.digest.quick));
  text += fmt::format(" \"ranges\": [{}],\n \"proved_by\": {}}}", ranges_text(c.digest), json::quoted(c.proved_by));
  return text;
}

/// Throws FieldError where `pattern` is not the bit pattern of one of the kernel's inputs, or is there for an input
/// that the kernel does not take.
void check_pattern(const Kernel& kernel, const char* field, const std::string& pattern, bool taken) {
  const std::size_t digits = static_cast<std::size_t>(bits_of(kernel.type)) / 4;
  if (taken && !json::is_pattern(pattern, digits)) {
    throw json::FieldError(
        fmt::format("\"{}\" of {} is no bit pattern of 0x and {} digits", field, certified_name(kernel), digits));
  }
  if (!taken && !pattern.empty())
    throw json::FieldError(fmt::format("{} has \"{}\", which it does not take", certified_name(kernel), field));
}

/// Throws FieldError for a certificate that contradicts itself or the kernel that it names.
void check_claims(const Certificate& c) {
  const Kernel* const kernel = kernel_without_backend(c.kernel);
  if (kernel == nullptr)
    throw json::FieldError(fmt::format("\"kernel\" is {}, of which this program has none", json::quoted(c.kernel)));
  std::string wrong = contradiction_of({c.inputs, c.not_correctly_rounded, c.above_one_ulp, c.max_ulp, c.promised_ulp},
                                       *kernel, c.parameters);
  if (wrong.empty()) {
    wrong = wrong_backends(c.swept_on);
    if (!wrong.empty()) wrong.insert(0, "\"swept_on\": ");
  }
  if (wrong.empty() && c.proved_by.empty()) wrong = "\"proved_by\" is empty, and should name the versions";
  if (!wrong.empty()) throw json::FieldError(fmt::format("of {}, {}", c.kernel, wrong));
  const Multipliers multipliers = multipliers_of(*kernel);
  check_pattern(*kernel, "at_x", c.worst_x, true);
  check_pattern(*kernel, "at_dy", c.worst_dy, multipliers.dy);
  check_pattern(*kernel, "at_a", c.worst_a, multipliers.a);
}

Certificate certificate_from(const json::json& j) {
  Certificate c;
  c.kernel = json::text(j, "kernel");
  c.parameters = json::text(j, "parameters");
  c.swept_on = json::text(j, "swept_on");
  c.inputs = json::whole(j, "inputs");
  c.not_correctly_rounded = json::whole(j, "not_correctly_rounded");
  c.above_one_ulp = json::whole(j, "above_1_ulp");
  c.promised_ulp = json::size(j, "promised_ulp");
  c.max_ulp = json::size(j, "max_ulp");
  c.worst_x = json::text(j, "at_x");
  if (j.contains("at_dy")) c.worst_dy = json::text(j, "at_dy");
  if (j.contains("at_a")) c.worst_a = json::text(j, "at_a");
  c.digest.ranges = json::bits_list<digest_ranges>(j, "ranges");
  c.digest.quick = json::bits_field(j, "quick");
  if (json::bits_field(j, "digest") != c.digest.total())
    throw json::FieldError(fmt::format("the ranges of {} do not add up to its digest", c.kernel));
  c.proved_by = json::text(j, "proved_by");
  check_claims(c);
  return c;
}

Certificate certificate_of(const SweepRow& row) {
  const Kernel& kernel = *row.subject.kernel;
  Certificate c;
  c.kernel = certified_name(kernel);
  c.parameters = describe_parameters(kernel, row.subject.parameters);
  c.swept_on = name(kernel.backend);
  c.inputs = row.tally.inputs;
  c.promised_ulp = row.subject.promised_ulp();
  c.max_ulp = row.max_ulp;
  c.worst_x = bits(kernel.type, row.worst.input.x);
  const Multipliers multipliers = multipliers_of(kernel);
  if (multipliers.dy) c.worst_dy = bits(kernel.type, row.worst.input.dy);
  if (multipliers.a) c.worst_a = bits(kernel.type, row.worst.input.a);
  c.not_correctly_rounded = row.tally.not_correctly_rounded;
  c.above_one_ulp = row.tally.above_one_ulp;
  c.digest = row.digest;
  c.proved_by = proved_by();
  return c;
}

}  // namespace

std::string certified_name(const Kernel& kernel) {
  std::string text = identity(kernel);
  if (is_foreign(kernel.backend)) return text;
  return text.substr(0, text.rfind('/'));
}

std::vector<Certificate> certificates_of(std::span<const SweepRow> rows) {
  std::vector<Certificate> all;
  for (const SweepRow& row : rows) {
    if (!row.exhaustive || !keeps_promise(row)) continue;
    Certificate c = certificate_of(row);
    const auto known = std::find_if(all.begin(), all.end(), [&](const Certificate& other) {
      return other.kernel == c.kernel && other.parameters == c.parameters;
    });
    if (known == all.end()) {
      all.push_back(std::move(c));
    } else if (known->digest == c.digest) {
      known->swept_on += " " + c.swept_on;
    } else {
      throw UsageError(
          fmt::format("{} gives other outputs on {} than on {}, and a certificate is for all: choose one by "
                      "--backend",
                      c.kernel, c.swept_on, known->swept_on));
    }
  }
  return all;
}

Certificates::Certificates(const std::string& text, const std::string& file) {
  try {
    const json::json j = json::parse(text);
    json::check_versions(j, {{"format", format_version}, {"digest", digest_version}});
    json::expect_goldberg(j);
    for (const json::json& entry : json::list(j, "certificates", 100000)) {
      Certificate c = certificate_from(entry);
      if (all_.contains({c.kernel, c.parameters}))
        throw json::FieldError(fmt::format("{} {} is there twice", c.kernel, c.parameters));
      set(std::move(c));
    }
  } catch (...) {
    json::refuse(file, "file of certificates");
  }
}

Certificates Certificates::read(const std::string& file, bool must_exist) {
  const auto text = reports::read_file(file);
  if (!text && must_exist) throw UsageError(fmt::format("there is no file {}", file));
  return text ? Certificates(*text, file) : Certificates();
}

const Certificates& Certificates::built_in() {
  static const Certificates all(built_in_certificates, "certificates.json");
  return all;
}

std::string Certificates::text() const {
  std::string text = fmt::format(
      "{{\"about\": \"What sweeps over every input proved of each kernel; docs/certificates.md says how to read and to "
      "check it.\",\n\"format\": {}, \"digest\": {}, \"ulp\": \"goldberg\",\n\"certificates\": [",
      format_version, digest_version);
  const char* separator = "\n";
  for (const auto& [key, c] : all_) {
    text += separator + text_of(c);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

void Certificates::set(Certificate c) {
  const auto key = std::pair(c.kernel, c.parameters);
  all_.insert_or_assign(key, std::move(c));
}

const Certificate* Certificates::find(const Kernel& kernel, const std::string& parameters) const {
  const auto found = all_.find({certified_name(kernel), parameters});
  return found == all_.end() ? nullptr : &found->second;
}

std::string why_not_certified(std::span<const SweepRow> rows) {
  std::string names;
  for (const SweepRow& row : rows) {
    if (!keeps_promise(row)) names += (names.empty() ? "" : ", ") + identity(*row.subject.kernel);
  }
  return names.empty() ? "" : fmt::format("Not certified, as the promise is broken: {}.", names);
}

std::string with_proofs(const std::optional<std::string>& before, const std::string& file,
                        std::span<const SweepRow> rows) {
  Certificates certificates = before ? Certificates(*before, file) : Certificates();
  for (Certificate& certificate : certificates_of(rows)) certificates.set(std::move(certificate));
  return certificates.text();
}

}  // namespace actbench::bench
