// SPDX-License-Identifier: Apache-2.0
//
// Markdown of reports as HTML.
#include "reports/html.hpp"

#include <gtest/gtest.h>

#include "reports/writers.hpp"

namespace actbench::reports {
namespace {

TEST(Words, AreMarkedUp) {
  EXPECT_EQ(html_of_words("**Every** promise, `gelu/forward`, [file](a-b.csv)"),
            "<strong>Every</strong> promise, <code>gelu/forward</code>, <a href=\"a-b.csv\">file</a>");
  EXPECT_EQ(html_of_words("a \\* b \\_c\\_ d_e \\| f<br>g"), "a * b _c_ d_e | f<br>g");
  EXPECT_EQ(html_of_words("5 * 3 and `open"), "5 * 3 and `open");
  EXPECT_EQ(html_of_words("**left open"), "<strong>left open</strong>");
}

TEST(Words, LetNoTagAndNoForeignAddressThrough) {
  EXPECT_EQ(html_of_words("<script>x</script> & \"q\""), "&lt;script&gt;x&lt;/script&gt; &amp; &quot;q&quot;");
  EXPECT_EQ(html_of_words("`<b>`"), "<code>&lt;b&gt;</code>");
  EXPECT_EQ(html_of_words("[<i>](x.md)"), "<a href=\"x.md\">&lt;i&gt;</a>");
  EXPECT_EQ(html_of_words("[docs](https://example.org/a)"), "<a href=\"https://example.org/a\">docs</a>");
  for (const char* link : {"[a](javascript:alert(1))", "[a](//example.org)", "[a](http://example.org)", "[a](data:x)"})
    EXPECT_EQ(html_of_words(link), link);
  EXPECT_EQ(html_of_words("[a](x\" onclick=\"y)"), "[a](x&quot; onclick=&quot;y)");
}

TEST(Words, ShowWhatTheWritersMadeSafe) {
  for (const std::string text : {"<img src=x onerror=alert(1)>", "a|b*c*`d`[e](f)~g_h_", "**x**", "back\\slash"}) {
    std::string shown = html_of_words(markdown_cell(text)), plain;
    for (const auto& [entity, c] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
      for (std::size_t at = 0; (at = shown.find(entity, at)) != std::string::npos; ++at)
        shown.replace(at, std::string_view(entity).size(), c);
    }
    EXPECT_EQ(shown, text);
  }
}

TEST(Blocks, AreHeadingsParagraphsListsAndCode) {
  EXPECT_EQ(html_of_markdown("# A\n\none\ntwo\n\n- x\n  more\n- y\n\n1. z\n\n```text\n<b>\n```\n"),
            "<h1>A</h1>\n<p>one\ntwo</p>\n<ul>\n<li>x\nmore</li>\n<li>y</li>\n</ul>\n<ol>\n<li>z</li>\n</ol>\n"
            "<pre><code>&lt;b&gt;\n</code></pre>\n");
  EXPECT_EQ(html_of_markdown(""), "");
  EXPECT_EQ(html_of_markdown("| alone"), "<p>| alone</p>\n");
  EXPECT_EQ(html_of_markdown("```\nopen"), "<pre><code>open\n</code></pre>\n");
}

TEST(Blocks, AreTablesAsTheWritersWriteThem) {
  Table table;
  table.columns = {{.name = "name"}, {.name = "ns", .right = true}};
  table.rows = {{"a|b", 1.5}, {Cell("<i>").with(Emphasis::bad), 2}};
  EXPECT_EQ(html_of_markdown(write(table, Format::markdown)),
            "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Table: name\">\n<table>\n"
            "<thead><tr><th scope=\"col\">name</th><th scope=\"col\" class=\"n\">ns</th></tr>\n</thead>\n<tbody>\n"
            "<tr><td>a|b</td><td class=\"n\">1.5</td></tr>\n"
            "<tr><td><strong>&lt;i&gt;</strong></td><td class=\"n\">2</td></tr>\n</tbody>\n</table>\n</div>\n");
}

}  // namespace
}  // namespace actbench::reports
