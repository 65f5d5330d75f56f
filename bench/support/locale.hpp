// SPDX-License-Identifier: Apache-2.0
//
// The locale that texts are read and written in. A process may have one with a decimal comma: Python's user sets it,
// and so does a library that is loaded with the program. strtod, printf and MPFR follow it, and fmt for hexadecimal
// numbers.
#pragma once

#include <locale.h>

namespace actbench::bench {

/// As long as it lives, the calling thread has C's locale, whatever the process has or takes.
class PlainLocale {
 public:
  PlainLocale();
  ~PlainLocale();
  PlainLocale(const PlainLocale&) = delete;
  PlainLocale& operator=(const PlainLocale&) = delete;

 private:
  locale_t before_;
};

}  // namespace actbench::bench
