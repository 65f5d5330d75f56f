// SPDX-License-Identifier: Apache-2.0
#include "bench/report/page/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "reports/html.hpp"
#include "reports/text.hpp"
#include "reports/xml.hpp"

namespace actbench::bench {

// Made by the build from the files beside this one.
extern const char* const built_in_page_style;
extern const char* const built_in_page_script;

namespace page {
namespace {

// ---- The summary

/// A summary's text up to its first part, and the parts: heading and text.
struct Summary {
  std::string_view title, answers;
  std::vector<std::pair<std::string_view, std::string_view>> parts;
};

Summary parts_of(std::string_view text) {
  constexpr std::string_view begin = "\n## ";
  const auto until_line_end = [](std::string_view part) { return part.substr(0, part.find('\n')); };
  Summary summary;
  std::size_t at = text.find(begin);
  summary.answers = text.substr(0, at);
  if (summary.answers.starts_with("# ")) {
    summary.title = until_line_end(summary.answers.substr(2));
    summary.answers.remove_prefix(std::min(summary.answers.size(), summary.title.size() + 3));
  }
  while (at < text.size()) {
    const std::size_t next = text.find(begin, at + 1);
    const std::string_view part =
        text.substr(at + begin.size(), next == std::string_view::npos ? next : next - at - begin.size());
    const std::string_view heading = until_line_end(part);
    summary.parts.emplace_back(heading, part.substr(std::min(part.size(), heading.size())));
    at = next;
  }
  return summary;
}

std::string summary_html(const Summary& summary) {
  std::string text =
      fmt::format("<section id=\"summary\" aria-label=\"The answers\">\n<div class=\"answers\">\n{}</div>\n",
                  reports::html_of_markdown(summary.answers));
  std::size_t number = 0;
  for (const auto& [heading, part] : summary.parts) {
    text += fmt::format("<details id=\"part-{}\">\n<summary><h2>{}</h2></summary>\n{}</details>\n", ++number,
                        reports::html_of_words(heading), reports::html_of_markdown(part));
  }
  return text + "</section>\n";
}

// ---- Pictures

/// A picture's own title, as it stands in the file: escaped.
std::string_view title_of(std::string_view svg, std::string_view file) {
  const std::size_t open = svg.find("<title");
  const std::size_t start = open == std::string_view::npos ? open : svg.find('>', open);
  if (start == std::string_view::npos) return file;
  return svg.substr(start + 1, svg.find('<', start) - start - 1);
}

/// A shadow tree of its own keeps a picture's names and its style away from those of the others.
std::string figure_html(const std::string& file, const std::string& svg) {
  const std::string name = reports::in_xml(file), stem = name.substr(0, name.rfind('.'));
  return fmt::format(
      "<figure id=\"picture-{}\" data-file=\"{}\"><div class=\"picture\"><template shadowrootmode=\"open\">"
      "<style>svg{{display:block;max-width:100%;height:auto}}</style>\n{}</template></div>"
      "<figcaption>{} (<a href=\"{}\">{}</a>)</figcaption></figure>\n",
      stem, name, svg, title_of(svg, name), name, name);
}

/// Nothing but our own drawing is put into the page; anything else is linked.
bool is_drawing(std::string_view svg) {
  if (!svg.starts_with("<svg")) return false;
  for (const char* foreign : {"<script", "<template", "</template", "<foreignObject", "<iframe", "<image", "href="}) {
    if (svg.find(foreign) != std::string_view::npos) return false;
  }
  return true;
}

/// Those that fit into so many bytes; links to the others. Pictures whose names begin alike stand together.
std::string pictures_html(std::span<const reports::Folder::File> files, std::size_t room) {
  struct Group {
    std::string figures;
    std::uint64_t count = 0;
  };
  std::vector<std::pair<std::string, Group>> groups;
  std::string links;
  for (const auto& [file, svg] : files) {
    if (!file.ends_with(".svg")) continue;
    std::string figure = is_drawing(svg) ? figure_html(file, svg) : "";
    if (figure.empty() || figure.size() > room) {
      const std::string name = reports::in_xml(file);
      links += fmt::format("<li><a href=\"{}\">{}</a></li>\n", name, is_drawing(svg) ? title_of(svg, name) : name);
      continue;
    }
    room -= figure.size();
    const std::string stem = file.substr(0, file.find_first_of("-."));
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == stem; });
    if (group == groups.end()) group = groups.insert(groups.end(), {stem, {}});
    group->second.figures += figure;
    ++group->second.count;
  }
  if (groups.empty() && links.empty()) return {};
  std::string text =
      "<section id=\"pictures\" aria-labelledby=\"pictures-heading\">\n<h2 id=\"pictures-heading\">Pictures</h2>\n";
  constexpr std::uint64_t few = 4;
  for (const auto& [stem, group] : groups) {
    text += fmt::format(
        "<details id=\"pictures-{0}\"{1}>\n<summary>{0}: {2}</summary>\n"
        "<div class=\"pictures\">\n{3}</div>\n</details>\n",
        reports::in_xml(stem), group.count <= few ? " open" : "", reports::counted(group.count, "picture"),
        group.figures);
  }
  if (!links.empty()) text += fmt::format("<p>These are in files of their own:</p>\n<ul>\n{}</ul>\n", links);
  return text + "</section>\n";
}

// ---- The page

std::string tables_html(std::span<const reports::Folder::File> files) {
  std::string links;
  for (const auto& [file, contents] : files) {
    if (!file.ends_with(".csv")) continue;
    const std::string name = reports::in_xml(file);
    links += fmt::format("<li><a href=\"{0}\">{0}</a></li>\n", name);
  }
  return fmt::format(
      "<section id=\"tables\" aria-labelledby=\"tables-heading\">\n<h2 id=\"tables-heading\">Tables</h2>\n"
      "<div id=\"app\"></div>\n<div id=\"without-script\">\n"
      "<p>Here are tables that sort and filter where JavaScript runs. Without it these files have the numbers:</p>\n"
      "<ul>\n{}</ul>\n</div>\n</section>\n",
      links);
}

/// Nothing is loaded, sent or framed, whatever the page may hold.
constexpr char policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'";

std::string head_html(std::string_view about) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>actbench report: {}</title>\n<style>\n{}</style>\n</head>\n",
      policy, reports::in_xml(about), built_in_page_style);
}

}  // namespace

std::string page_text(const Contents& contents) {
  const Summary summary = parts_of(contents.summary);
  std::string pictures_link;
  const bool pictures = std::any_of(contents.files.begin(), contents.files.end(),
                                    [](const auto& file) { return file.first.ends_with(".svg"); });
  if (pictures) pictures_link = "<a href=\"#pictures\">Pictures</a>\n";
  std::string start = head_html(contents.about);
  start += fmt::format(
      "<body>\n<a class=\"skip\" href=\"#main\">Skip to the answers</a>\n<header>\n<h1>{}</h1>\n"
      "<nav aria-label=\"Parts of the page\">\n<a href=\"#summary\">Answers</a>\n"
      "<a href=\"#tables\">Tables</a>\n{}</nav>\n"
      "</header>\n<main id=\"main\" tabindex=\"-1\">\n",
      reports::html_of_words(summary.title), pictures_link);
  start += summary_html(summary) + tables_html(contents.files);
  const std::string end = fmt::format(
      "</main>\n<footer><p class=\"faint\">The answers as plain text are in <a href=\"summary.md\">summary.md</a>.</p>"
      "</footer>\n<dialog id=\"row\" aria-labelledby=\"row-heading\"></dialog>\n"
      "<script>\n(() => {{\n\"use strict\";\n{}}})();\n"
      "</script>\n</body>\n</html>\n",
      built_in_page_script);
  // Two thirds of the room are for numbers, if they need it, and the rest for pictures.
  const std::size_t fixed = start.size() + end.size() + 1000;
  const std::size_t room = most > fixed ? most - fixed : 0;
  const Data data = data_of(contents.files, contents.plugins, contents.run, room / 3 * 2);
  const std::string numbers = fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", data.json);
  const std::string figures =
      pictures_html(contents.files, room > numbers.size() + 40'000 ? room - numbers.size() - 40'000 : 0);
  return start + figures + numbers + end;
}

}  // namespace page
}  // namespace actbench::bench
