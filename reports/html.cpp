// SPDX-License-Identifier: Apache-2.0
#include "reports/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "reports/xml.hpp"

namespace actbench::reports {
namespace {

// ---- Words

bool is_punctuation(char c) {
  return c > 0x20 && c < 0x7f && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
}

/// A file beside the page, a place in the page, or a page of the web.
bool may_lead_to(std::string_view target) {
  const bool plain = std::all_of(target.begin(), target.end(),
                                 [](char c) { return !is_punctuation(c) || std::string_view("-_./#").find(c) < 5; });
  return !target.empty() && (target.starts_with("https://") || (plain && target.find("//") == std::string_view::npos));
}

/// The length of a link or a picture at the start of the text, and its HTML; 0: there is none.
std::size_t take_link(std::string_view text, std::string& out) {
  const std::size_t start = text.starts_with("![") ? 2 : 1;
  std::size_t end = start;
  while (end < text.size() && text[end] != ']') end += text[end] == '\\' ? 2 : 1;
  if (end + 1 >= text.size() || text[end + 1] != '(') return 0;
  const std::size_t close = text.find(')', end);
  if (close == std::string_view::npos) return 0;
  const std::string_view target = text.substr(end + 2, close - end - 2);
  if (!may_lead_to(target)) return 0;
  out += fmt::format("<a href=\"{}\">{}</a>", in_xml(target), html_of_words(text.substr(start, end - start)));
  return close + 1;
}

/// What the text begins with that is no plain character: its length, and its HTML; 0: nothing.
std::size_t take_mark(std::string_view text, bool& bold, std::string& out) {
  if (text[0] == '\\' && text.size() > 1 && is_punctuation(text[1])) {
    out += in_xml(text.substr(1, 1));
    return 2;
  }
  if (text.starts_with("**")) {
    out += bold ? "</strong>" : "<strong>";
    bold = !bold;
    return 2;
  }
  if (text[0] == '`') {
    const std::size_t end = text.find('`', 1);
    if (end == std::string_view::npos) return 0;
    out += fmt::format("<code>{}</code>", in_xml(text.substr(1, end - 1)));
    return end + 1;
  }
  if (text[0] == '[' || text.starts_with("![")) return take_link(text, out);
  for (const std::string_view kept : {"&lt;", "&gt;", "&amp;", "<br>"}) {
    if (!text.starts_with(kept)) continue;
    out += kept;
    return kept.size();
  }
  return 0;
}

// ---- Blocks

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  line = trimmed(line);
  line.remove_prefix(1);
  if (line.ends_with('|')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '\\') {
      ++i;
    } else if (i >= line.size() || line[i] == '|') {
      cells.push_back(trimmed(line.substr(start, i - start)));
      start = i + 1;
    }
  }
  return cells;
}

std::string table_of(const std::vector<std::string_view>& lines) {
  const std::vector<std::string_view> heads = cells_of(lines[0]), marks = cells_of(lines[1]);
  const auto row = [&](const std::vector<std::string_view>& cells, std::string_view tag) {
    std::string text = "<tr>";
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const bool right = c < marks.size() && marks[c].ends_with(':');
      text += fmt::format("<{0}{1}{2}>{3}</{0}>", tag, tag == "th" ? " scope=\"col\"" : "", right ? " class=\"n\"" : "",
                          html_of_words(cells[c]));
    }
    return text + "</tr>\n";
  };
  std::string text = fmt::format(
      "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table: {}\">\n<table>\n<thead>{}</thead>\n<tbody>\n",
      in_xml(heads.empty() ? "" : heads[0]), row(heads, "th"));
  for (std::size_t i = 2; i < lines.size(); ++i) text += row(cells_of(lines[i]), "td");
  return text + "</tbody>\n</table>\n</div>\n";
}

/// How long the mark of a list's item is; 0: none begins here.
std::size_t bullet(std::string_view line) {
  if (line.starts_with("- ")) return 2;
  const std::size_t dot = line.find(". ");
  const bool number = dot != std::string_view::npos && dot > 0 && dot < 4 &&
                      std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(dot),
                                  [](char c) { return c >= '0' && c <= '9'; });
  return number ? dot + 2 : 0;
}

bool begins_block(std::string_view line) {
  return line.empty() || line[0] == '|' || line[0] == '#' || bullet(line) > 0 || line.starts_with("```");
}

/// Takes lines one block after another.
class Blocks {
 public:
  explicit Blocks(std::string_view text) : lines_(lines_of(text)) {}

  std::string html() {
    while (at_ < lines_.size()) {
      const std::string_view line = lines_[at_];
      const bool table = line.starts_with("|") && at_ + 1 < lines_.size() && lines_[at_ + 1].starts_with("|");
      if (line.empty()) {
        ++at_;
      } else if (line.starts_with("```")) {
        code();
      } else if (table) {
        std::vector<std::string_view> rows;
        while (at_ < lines_.size() && lines_[at_].starts_with("|")) rows.push_back(lines_[at_++]);
        out_ += table_of(rows);
      } else if (line[0] == '#') {
        heading();
      } else if (bullet(line) > 0) {
        list();
      } else {
        ++at_;
        out_ += fmt::format("<p>{}</p>\n", html_of_words(with_continuation(line)));
      }
    }
    return std::move(out_);
  }

 private:
  /// A line and those that go on with it.
  std::string with_continuation(std::string_view line) {
    std::string text(line);
    while (at_ < lines_.size() && !begins_block(trimmed(lines_[at_])))
      text += fmt::format("\n{}", trimmed(lines_[at_++]));
    return text;
  }

  void heading() {
    const std::string_view line = lines_[at_++];
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    out_ += fmt::format("<h{0}>{1}</h{0}>\n", std::clamp<std::size_t>(level, 1, 6),
                        html_of_words(trimmed(line.substr(level))));
  }

  void list() {
    const char* tag = lines_[at_].starts_with("- ") ? "ul" : "ol";
    out_ += fmt::format("<{}>\n", tag);
    while (at_ < lines_.size()) {
      const std::string_view line = trimmed(lines_[at_]);
      const std::size_t mark = bullet(line);
      if (mark == 0) break;
      ++at_;
      out_ += fmt::format("<li>{}</li>\n", html_of_words(with_continuation(line.substr(mark))));
    }
    out_ += fmt::format("</{}>\n", tag);
  }

  void code() {
    out_ += "<pre><code>";
    for (++at_; at_ < lines_.size() && !lines_[at_].starts_with("```"); ++at_) out_ += in_xml(lines_[at_]) + "\n";
    ++at_;
    out_ += "</code></pre>\n";
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string html_of_words(std::string_view text) {
  std::string out;
  bool bold = false;
  while (!text.empty()) {
    std::size_t taken = take_mark(text, bold, out);
    if (taken == 0) {
      out += in_xml(text.substr(0, 1));
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return bold ? out + "</strong>" : out;
}

std::string html_of_markdown(std::string_view text) { return Blocks(text).html(); }

}  // namespace actbench::reports
