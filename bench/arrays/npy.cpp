// SPDX-License-Identifier: Apache-2.0
//
// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Six bytes of magic, two of the
// version, the header's length (two bytes; from 2.0 on four), and a dictionary as Python writes it, with the keys
// descr, fortran_order and shape.
#include "bench/arrays/npy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "bench/support/errors.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/text.hpp"

namespace actbench::bench::arrays {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

/// Reads the dictionary, character by character.
class Dictionary {
 public:
  Dictionary(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  NpyHeader read() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!next_is('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !descr) {
        descr = true;
        header.descr = type();
      } else if (key == "fortran_order" && !order) {
        order = true;
        header.fortran = truth();
      } else if (key == "shape" && !shape) {
        shape = true;
        header.shape = numbers();
      } else {
        fail(fmt::format("its header has a key that it should not have there ({})", shown(key)));
      }
      if (!next_is(',')) {
        expect('}');
        return finish(header, descr && order && shape);
      }
    }
    return finish(header, descr && order && shape);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw UsageError(fmt::format("{} is no NPY file that can be read: {}", file_, why));
  }

  /// The beginning of a text of the header.
  static std::string shown(std::string_view text) { return reports::printable(text.substr(0, 40)); }

  NpyHeader finish(const NpyHeader& header, bool complete) {
    skip_spaces();
    if (at_ != text_.size()) fail("its header goes on after the closing brace");
    if (!complete) fail("its header lacks one of descr, fortran_order and shape");
    return header;
  }

  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool next_is(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!next_is(c)) fail(fmt::format("its header has no '{}' at byte {}", c, at_));
  }

  std::string quoted() {
    skip_spaces();
    const char mark = at_ < text_.size() ? text_[at_] : '\0';
    if (mark != '\'' && mark != '"') fail(fmt::format("its header has no text at byte {}", at_));
    const std::size_t end = text_.find(mark, at_ + 1);
    if (end == std::string_view::npos) fail("its header ends within a text");
    const std::string_view found = text_.substr(at_ + 1, end - at_ - 1);
    if (found.find('\\') != std::string_view::npos) fail("its header has a backslash");
    at_ = end + 1;
    return std::string(found);
  }

  std::string type() {
    skip_spaces();
    if (at_ < text_.size() && text_[at_] == '[') fail("it holds records of several fields; save one array of numbers");
    return shown(quoted());
  }

  bool truth() {
    skip_spaces();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>("True", true), {"False", false}}) {
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    fail("its header does not say whether fortran_order is True or False");
  }

  std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> found;
    expect('(');
    while (!next_is(')')) {
      skip_spaces();
      std::uint64_t number = 0;
      const char* const begin = text_.data() + at_;
      const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), number);
      if (error != std::errc()) fail("its shape is no list of whole numbers");
      if (found.size() == 32) fail("its shape has more than 32 axes");
      found.push_back(number);
      at_ += static_cast<std::size_t>(end - begin);
      if (!next_is(',')) {
        expect(')');
        break;
      }
    }
    return found;
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
};

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

[[noreturn]] void no_npy(std::string_view start, const std::string& file) {
  const char* what =
      "it does not begin with \\x93NUMPY; numpy.save writes such files, and --raw TYPE reads bare numbers";
  if (start.empty()) what = "it is empty";
  if (start.starts_with("PK"))
    what = "it is an archive, as numpy.savez and torch.save write; save one array by numpy.save";
  if (start.starts_with("\x80")) what = "it is a pickle, which is never read; save the array by numpy.save";
  throw UsageError(fmt::format("{} is no NPY file: {}", file, what));
}

}  // namespace

std::uint64_t NpyHeader::count() const {
  std::uint64_t n = 1;
  for (const std::uint64_t length : shape) n *= length;
  return n;
}

NpyHeader parse_npy(std::string_view start, const std::string& file) {
  const auto fail = [&](const std::string& why) {
    throw UsageError(fmt::format("{} is no NPY file that can be read: {}", file, why));
  };
  if (!start.starts_with(magic)) no_npy(start, file);
  if (start.size() < 10) fail("it is cut short within its header");
  const int major = static_cast<unsigned char>(start[6]), minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0)
    fail(fmt::format("its version is {}.{}, not 1.0, 2.0 or 3.0", major, minor));
  const std::size_t length_bytes = major == 1 ? 2 : 4, begin = 8 + length_bytes;
  if (start.size() < begin) fail("it is cut short within its header");
  const std::uint64_t length = little_endian(start.substr(8, length_bytes));
  if (length > most_header - begin)
    fail(fmt::format("its header claims {} bytes, more than the {} that are read", length, most_header - begin));
  if (start.size() < begin + length) fail("it is cut short within its header");
  NpyHeader header = Dictionary(start.substr(begin, length), file).read();
  header.data = begin + length;
  std::uint64_t n = 1;
  for (const std::uint64_t axis : header.shape) {
    if (__builtin_mul_overflow(n, axis, &n) || n >> 60 != 0) fail("its shape has more elements than any file holds");
  }
  return header;
}

Type type_of(const NpyHeader& header, std::optional<Type> asked, const std::string& file, Integers integers) {
  const std::string& descr = header.descr;
  const auto fail = [&](const std::string& why) { throw UsageError(fmt::format("{}: {}", file, why)); };
  if (header.fortran && header.shape.size() > 1) fail("it is in Fortran's order; save numpy.ascontiguousarray of it");
  const char order = descr.empty() ? '\0' : descr[0];
  if (order == '>') fail(fmt::format("its numbers are big-endian ('{}'); save them as little-endian", descr));
  const std::string kind = order == '<' || order == '|' || order == '=' ? descr.substr(1) : descr;
  if (kind.starts_with("O")) fail("it holds Python objects, which are never read; save an array of numbers");
  constexpr std::pair<std::string_view, Type> known[] = {
      {"f4", Type::f32},        {"f8", Type::f64}, {"f2", Type::f16},        {"V2", Type::bf16},
      {"bfloat16", Type::bf16}, {"f1", f8_e5m2},   {"float8_e5m2", f8_e5m2}, {"float8_e4m3fn", f8_e4m3fn}};
  for (const auto& [text, type] : known) {
    if (kind != text) continue;
    if (asked && *asked != type)
      fail(fmt::format("its numbers are {} ('{}'), not {}", name(type), descr, name(*asked)));
    return type;
  }
  if (integers == Integers::refused && (kind.starts_with('i') || kind.starts_with('u')))
    fail(fmt::format("it holds integers ('{}'), not floating-point numbers; save x.astype(numpy.float32)", descr));
  // Bit patterns, as torch and others that lack a type in NumPy hand them over: tensor.view(torch.int16).numpy().
  constexpr const char* eight_bits = "f8_e4m3fn or f8_e5m2";
  for (const auto& [bytes, text] :
       {std::pair<std::size_t, const char*>(1, eight_bits), {2, "f16 or bf16"}, {4, "f32"}, {8, "f64"}}) {
    if (kind != fmt::format("u{}", bytes) && kind != fmt::format("i{}", bytes)) continue;
    if (asked && size_of(*asked) == bytes) return *asked;
    fail(fmt::format("it holds integers ('{}'); where they are bit patterns, say of which type: --type {}", descr,
                     text));
  }
  if (kind == "V1") {
    if (asked && is_foreign(*asked)) return *asked;
    fail(fmt::format("its numbers have 8 bits ('{}'), which many types of ml_dtypes have: say --type {}", descr,
                     eight_bits));
  }
  fail(fmt::format("its numbers are '{}'; types that can be judged are f32 ('<f4'), f64 ('<f8'), f16 ('<f2'), bf16, {}",
                   descr, eight_bits));
  return Type::f32;
}

std::string npy_header(Type type, const std::vector<std::uint64_t>& shape) {
  constexpr const char* descr[] = {"<f4", "<f8", "<f2", "<V2", "|u1", "|u1"};
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': (", descr[static_cast<int>(type)]);
  for (const std::uint64_t axis : shape) text += fmt::format("{}{}", text.ends_with('(') ? "" : " ", axis) + ",";
  if (shape.size() > 1) text.pop_back();
  text += "), }";
  const std::size_t before = magic.size() + 4, whole = (before + text.size() + 1 + 63) / 64 * 64;
  text.append(whole - before - text.size() - 1, ' ');
  text += '\n';
  std::string header(magic);
  header += {'\1', '\0', static_cast<char>(text.size() & 255), static_cast<char>(text.size() >> 8)};
  return header + text;
}

}  // namespace actbench::bench::arrays
