// SPDX-License-Identifier: Apache-2.0
//
// The questions that an exact value answers, given how to evaluate it at rising precision: the value of a function at a
// point (Exact), or of an element of a row (rows.hpp).
#pragma once

#include <mpfr.h>

#include <memory>
#include <string>

#include "reference/reference.hpp"

namespace actbench::reference {

/// One number, evaluated anew at each level of level_digits (function.hpp).
class Evaluation {
 public:
  virtual ~Evaluation() = default;
  /// anchor + rest as forms.hpp means it.
  virtual void at(int level, mpfr_ptr anchor, mpfr_ptr rest) const = 0;
};

/// As Exact, whose members say what these do.
class Value {
 public:
  Value(const Format&, std::unique_ptr<const Evaluation>);
  ~Value();
  Value(Value&&) noexcept;
  Value& operator=(Value&&) noexcept;
  double rounded() const;
  double ulp_error(double computed, Ulp = Ulp::goldberg) const;
  std::string decimal(int digits) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What the quick value makes of a computed one; false where it leaves something open.
bool judged_by(const Format&, const Quick&, double computed, Ulp measure, Judgement& out);

}  // namespace actbench::reference
