// SPDX-License-Identifier: Apache-2.0
//
// Arrays in files: mapped into memory to be read, so that 16 GiB take none; written as a stream, whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/arrays/npy.hpp"
#include "reports/lock.hpp"

namespace actbench::bench::arrays {

/// An array of numbers in a file, at any address.
class Array {
 public:
  /// raw: the file has numbers of that type alone, without a header. type: what --type says. Throws UsageError: no such
  /// file, no regular file, another format, too short, too long.
  Array(const std::filesystem::path&, std::optional<Type> raw, std::optional<Type> type, Integers = Integers::patterns);
  ~Array();
  Array(Array&&) noexcept;
  Array& operator=(Array&&) = delete;

  Type type() const { return type_; }
  const void* data() const { return static_cast<const char*>(map_) + offset_; }
  std::uint64_t count() const { return count_; }
  const std::vector<std::uint64_t>& shape() const { return shape_; }  ///< of raw files the count alone
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  Type type_ = Type::f32;
  void* map_ = nullptr;
  std::size_t mapped_ = 0, offset_ = 0;
  std::uint64_t count_ = 0;
  std::vector<std::uint64_t> shape_;
};

/// A file of an array that is being written under a passing name, which vanishes unless commit() is called.
class Writer {
 public:
  /// Throws reports::FileError where there can be no such file, or another run is writing it.
  Writer(const std::filesystem::path&, Type, const std::vector<std::uint64_t>& shape, bool raw);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) = delete;

  void append(const void* numbers, std::size_t n);  ///< Throws FileError.
  void flush();                                     ///< All is on the disk. Throws FileError.
  void commit();                                    ///< The file has its name. Throws FileError.

 private:
  [[noreturn]] void fail(int error);
  void write(const void* bytes, std::size_t n);

  std::filesystem::path target_;
  reports::Lock lock_;
  std::string passing_;
  int file_ = -1;
  std::size_t size_;
};

/// The file of a multiplier that belongs to one of inputs: x.npy and "dy" make x.dy.npy.
std::filesystem::path beside(const std::filesystem::path& inputs, const std::string& multiplier);

}  // namespace actbench::bench::arrays
