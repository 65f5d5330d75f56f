// SPDX-License-Identifier: Apache-2.0
//
// The writers against the text that they should give.
#include "reports/writers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/csv.hpp"
#include "reports/text.hpp"

namespace actbench::reports {
namespace {

Table sample() {
  Table table{.name = "sample", .title = "Sample"};
  table.facts = {{.name = "seed", .cell = 7}};
  table.columns = {{.name = "name", .key = true},
                   {.name = "type", .key = true, .liftable = true},
                   {.name = "count", .display = Display::count, .right = true},
                   {.name = "time", .unit = "ns", .display = Display::significant, .digits = 3, .right = true},
                   {.name = "hidden", .audience = Audience::machines},
                   {.name = "pretty", .audience = Audience::people},
                   {.name = "remark", .part = 1}};
  table.rows = {{"a", "f32", 12, 1.23456, true, "one", "plain"},
                {"b|c", "f32", std::uint64_t{268435456}, 0.000012345, false, "two", "a, \"quoted\"\nword"}};
  table.notes = {"A note."};
  return table;
}

TEST(Terminal, LinesUpColumnsLiftsWhatAgreesAndRepeatsKeysInParts) {
  EXPECT_EQ(write(sample(), Format::terminal, {80, false}),
            "Sample\n"
            "seed  7\n"
            "all rows: type f32\n"
            "\n"
            "                 time\n"
            "name  count        ns  pretty\n"
            "─────────────────────────────\n"
            "a        12      1.23  one\n"
            "b|c    268M  1.23e-05  two\n"
            "\n"
            "name  remark\n"
            "─────────────────\n"
            "a     plain\n"
            "b|c   a, \"quoted\"\n"
            "      word\n"
            "\n"
            "A note.\n");
}

TEST(Terminal, LeavesOutColumnsWithoutAValue) {
  Table table{.name = "t"};
  table.columns = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
  table.rows = {{1, Cell(), ""}, {2, Cell(), "x"}};
  EXPECT_EQ(write(table, Format::terminal), "a  c\n────\n1  —\n2  x\n");
  EXPECT_EQ(write(table, Format::csv), "a,b,c\n1,,\n2,,x\n");
}

TEST(Terminal, KeepsWithinTheWidth) {
  Table table{.name = "wide"};
  table.columns.push_back({.name = "key", .key = true});
  table.rows.push_back({"the key"});
  for (int i = 0; i < 30; ++i) {
    table.columns.push_back({.name = "column " + std::to_string(i), .right = true});
    table.rows[0].push_back(i * 1000);
  }
  table.columns.push_back({.name = "text"});
  table.rows[0].push_back("a long sentence that has to be broken into several lines because no screen is that wide");
  for (std::size_t width : {40, 80, 100, 120}) {
    std::istringstream lines(write(table, Format::terminal, {width, false}));
    int keys = 0;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), width) << line;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
      keys += line.find("the key") != std::string::npos;
    }
    EXPECT_GT(keys, 1) << "continued lines repeat their key";
  }
}

TEST(Terminal, IsNoWiderThanOneReads) {
  Table table{.name = "wide"};
  for (int i = 0; i < 30; ++i) table.columns.push_back({.name = "column " + std::to_string(i), .right = true});
  table.rows.emplace_back(30, Cell(1));
  EXPECT_EQ(write(table, Format::terminal, {500, false}), write(table, Format::terminal, {widest_on_terminal, false}));
}

TEST(Terminal, ShowsRowsApartWhereKeysLeaveNoRoom) {
  Table table{.name = "narrow", .title = "A title of some words"};
  table.columns = {{.name = "activation", .key = true},
                   {.name = "direction", .key = true},
                   {.name = "time", .unit = "ns", .right = true},
                   {.name = "remark", .part = 1}};
  table.rows = {{"hard_swish", "derivative", 12, ""}, {"gelu", "forward", Cell(), "words that are folded"}};
  EXPECT_EQ(write(table, Format::terminal, {26, false}),
            "A title of some words\n"
            "\n"
            "activation  hard_swish\n"
            "direction   derivative\n"
            "time        12 ns\n"
            "\n"
            "activation  gelu\n"
            "direction   forward\n"
            "remark      words that are\n"
            "            folded\n");
  EXPECT_NE(write(table, Format::terminal, {60, false}).find("activation  direction   "), std::string::npos);
}

TEST(Terminal, FoldsFactsBesideTheirHeading) {
  Table table{.name = "t", .facts = {{.name = "f(x)", .cell = "words that do not fit into one line"}}};
  EXPECT_EQ(write(table, Format::terminal, {31, false}), "f(x)  words that do not fit\n      into one line\n");
}

TEST(Terminal, PutsANumberBelowItsHeadingRatherThanOverTheEdge) {
  const std::string number(36, '5');
  const Table table{.name = "t", .facts = {{.name = "exact", .cell = number}}};
  EXPECT_EQ(write(table, Format::terminal, {40, false}), "exact\n  " + number + "\n");
  EXPECT_EQ(write(table, Format::terminal, {43, false}), "exact  " + number + "\n");
}

TEST(Terminal, ColoursOnlyWhereAsked) {
  Table table{.name = "t"};
  table.columns = {{.name = "verdict"}};
  table.rows = {{Cell("FAIL").with(Emphasis::bad)}};
  EXPECT_EQ(write(table, Format::terminal, {80, false}).find('\033'), std::string::npos);
  EXPECT_NE(write(table, Format::terminal, {80, true}).find("\033[1;31mFAIL\033[0m"), std::string::npos);
}

TEST(Markdown, EscapesCellsAndAligns) {
  const std::string text = write(sample(), Format::markdown);
  EXPECT_NE(text.find("### Sample\n\n- seed: 7\n- all rows: type f32\n\n"
                      "| name | count | time (ns) | pretty |\n|:---|---:|---:|:---|\n"
                      "| a | 12 | 1.23 | one |\n| b\\|c | 268M | 1.23e-05 | two |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("a, \"quoted\"<br>word"), std::string::npos) << text;
  EXPECT_EQ(markdown_cell("_u05 gelu_tanh a*b <x> [1]"), "\\_u05 gelu_tanh a\\*b &lt;x&gt; \\[1\\]");
}

TEST(Markdown, GoesOnBelowWhereItIsWiderThanAPage) {
  Table table{.name = "wide"};
  table.columns = {{.name = "kernel", .key = true}};
  table.rows = {{"gelu"}};
  for (int i = 0; i < 20; ++i) {
    table.columns.push_back({.name = "column_" + std::to_string(i)});
    table.rows[0].push_back("value");
  }
  table.columns.push_back({.name = "verdict", .leads = true});
  table.rows[0].push_back("pass");
  const std::string text = write(table, Format::markdown);
  EXPECT_EQ(text.find("| kernel | verdict | column_0 |"), 0u) << text;
  std::istringstream lines(text);
  int headers = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), markdown_width + 30) << line;
    headers += line.find("| kernel |") == 0;
  }
  EXPECT_GT(headers, 1) << text;
}

TEST(Markdown, StaysWithinASizeByLeavingOutTheLastRowsOfTheLargestTable) {
  Table small{.name = "small", .title = "Small"}, large{.name = "large", .title = "Large"};
  small.columns = large.columns = {{.name = "number", .key = true}, {.name = "text"}};
  for (int i = 0; i < 5; ++i) small.rows.push_back({i, "small row"});
  for (int i = 0; i < 1000; ++i) large.rows.push_back({i, "a row of the large table"});
  const std::string all = write(std::vector<Table>{small, large}, Format::markdown);
  EXPECT_TRUE(markdown_within({small, large}, all.size(), "all.csv") == all) << "what fits is left as it is";
  for (const std::size_t most : {2000u, 5000u, 20000u}) {
    const std::string text = markdown_within({small, large}, most, "all.csv");
    EXPECT_LE(text.size(), most);
    EXPECT_GT(text.size(), most * 8 / 10);
    EXPECT_NE(text.find("| 4 | small row |"), std::string::npos);
    EXPECT_NE(text.find("| 0 | a row of the large table |"), std::string::npos);
    EXPECT_EQ(text.find("| 999 |"), std::string::npos);
    EXPECT_NE(text.find("of 1000 rows are left out. all.csv has all of them."), std::string::npos);
  }
  const std::string text = markdown_within(std::vector<Table>(200, small), 3000, "all.csv");
  EXPECT_LE(text.size(), 3000u);
  EXPECT_NE(text.find("tables more would be too long for this page. all.csv has what they say."), std::string::npos);
}

TEST(Tables, NameTheColumnsThatShareAName) {
  EXPECT_TRUE(repeated_names(sample()).empty());
  Table table{.name = "t"};
  table.columns = {{.name = "a", .heading = "x"}, {.name = "b", .heading = "x "}};
  EXPECT_EQ(repeated_names(table), std::vector<std::string>{"x"}) << "for people";
  table.columns[1] = {.name = "a", .heading = "y"};
  EXPECT_EQ(repeated_names(table), std::vector<std::string>{"a"}) << "for machines";
  table.columns[1] = {.name = "b", .heading = "x", .audience = Audience::machines};
  EXPECT_TRUE(repeated_names(table).empty()) << "people do not see it";
  table.facts = {{.name = "b"}};
  EXPECT_EQ(repeated_names(table), std::vector<std::string>{"b"}) << "facts are columns of CSV";
}

TEST(Csv, IsReadAsItWasWritten) {
  Table other{.name = "other"};
  other.columns = {{.name = "x"}};
  other.rows = {{1}};
  const Table tables[] = {sample(), other};
  const auto records = read_csv(write(tables, Format::csv));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].at("remark"), "a, \"quoted\"\nword");
  EXPECT_EQ(records[1].at("count"), "268435456");
  EXPECT_EQ(records[2], (CsvRecord{{"x", "1"}}));
  EXPECT_TRUE(read_csv("").empty());
  EXPECT_TRUE(read_csv("a,b\n").empty());
  EXPECT_EQ(read_csv("a,b\r\n1,\"2").at(0), (CsvRecord{{"a", "1"}, {"b", "2"}}));
}

TEST(Csv, GivesTheNumberThatAWholeFieldIs) {
  const CsvRecord record{{"ns", "0.25"},    {"inf", "-inf"}, {"nan", "nan"},  {"empty", ""},
                         {"comma", "0,25"}, {"unit", "3ns"}, {"blank", " 3"}, {"half", "2.5"}};
  EXPECT_EQ(number_in(record, "ns", "a.csv"), 0.25);
  EXPECT_EQ(number_in(record, "inf", "a.csv"), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(number_in(record, "nan", "a.csv").value()));
  EXPECT_EQ(number_in(record, "empty", "a.csv"), std::nullopt);
  EXPECT_EQ(number_in(record, "absent", "a.csv"), std::nullopt);
  for (const char* column : {"comma", "unit", "blank"}) {
    EXPECT_EQ(csv_number(record.at(column)), std::nullopt);
    EXPECT_THROW(number_in(record, column, "a.csv"), CsvError);
  }
  EXPECT_EQ(whole_in({{"n", "12"}}, "n", "a.csv"), 12u);
  try {
    whole_in(record, "half", "a.csv");
    ADD_FAILURE() << "half a number is none";
  } catch (const CsvError& e) {
    EXPECT_STREQ(e.what(), "a.csv: 'half' is '2.5', and should be a whole number");
  }
}

TEST(Csv, QuotesAsRfc4180AndKeepsRawNumbers) {
  EXPECT_EQ(write(sample(), Format::csv),
            "seed,name,type,count,time,hidden,remark\n"
            "7,a,f32,12,1.23456,true,plain\n"
            "7,b|c,f32,268435456,1.2345e-05,false,\"a, \"\"quoted\"\"\nword\"\n");
}

TEST(Csv, OneHeaderForTablesWithTheSameColumns) {
  const Table tables[] = {sample(), sample()};
  const std::string text = write(tables, Format::csv);
  EXPECT_EQ(text.find("seed,name"), text.rfind("seed,name"));
  Table other{.name = "other"};
  other.columns = {{.name = "x"}};
  other.rows = {{1}};
  const Table mixed[] = {sample(), other};
  EXPECT_NE(write(mixed, Format::csv).find("\n\nx\n1\n"), std::string::npos);
}

TEST(Json, HoldsRawValuesAndNamesWhatJsonLacks) {
  Table table = sample();
  table.rows[0][3] = HUGE_VAL;
  table.rows[1][3] = -std::nan("");
  table.rows[0][2] = Cell();
  const auto json = nlohmann::json::parse(write(table, Format::json));
  const auto& t = json["tables"][0];
  EXPECT_EQ(t["name"], "sample");
  EXPECT_EQ(t["facts"]["seed"], 7);
  EXPECT_EQ(t["rows"][0]["time"], "inf");
  EXPECT_EQ(t["rows"][1]["time"], "nan");
  EXPECT_TRUE(t["rows"][0]["count"].is_null());
  EXPECT_EQ(t["rows"][1]["count"], 268435456);
  EXPECT_EQ(t["rows"][0]["hidden"], true);
  EXPECT_FALSE(t["rows"][0].contains("pretty"));
  EXPECT_EQ(t["notes"][0], "A note.");
}

TEST(Writers, AnEmptyTableIsNoAccident) {
  Table table{.name = "empty"};
  table.columns = {{.name = "a", .liftable = true}, {.name = "b"}};
  EXPECT_EQ(write(table, Format::csv), "a,b\n");
  EXPECT_TRUE(nlohmann::json::parse(write(table, Format::json))["tables"][0]["rows"].empty());
  EXPECT_EQ(write(table, Format::terminal), "");
}

TEST(Text, PrintableHasNothingThatSteersATerminal) {
  EXPECT_EQ(printable("x·Φ(x), ŷ … − \u00a0 /tmp/a\\b"), "x·Φ(x), ŷ … − \u00a0 /tmp/a\\b");
  EXPECT_EQ(printable("\033]0;title\007\r\n\t\177"), "\\x1b]0;title\\x07\\r\\n\\t\\x7f");
  EXPECT_EQ(printable("a\nb\033", Breaks::kept), "a\nb\\x1b");
  EXPECT_EQ(printable("\u009b31m \u202e \u2066 \ufeff \u200b"), "\\u009b31m \\u202e \\u2066 \\ufeff \\u200b");
  EXPECT_EQ(printable("\x9b \xc3 \xc0\x80 \xed\xa0\x80 \xff\xf0\x9f\x98"),
            "\\x9b \\xc3 \\xc0\\x80 \\xed\\xa0\\x80 \\xff\\xf0\\x9f\\x98");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\U0001f600"), "\U0001f600");
}

TEST(Writers, EscapeWhatSteersATerminalWherePeopleRead) {
  Table table{
      .name = "t", .title = "T\033[2J", .columns = {{.name = "a"}, {.name = "b"}}, .notes = {"N\033[31m\nforged"}};
  table.facts.push_back({.name = "f", .heading = "fact", .cell = "F\007"});
  table.rows = {{"v\r\033c", Cell(1.0).as("\u009b2J")}};
  for (const Format format : {Format::terminal, Format::markdown}) {
    const std::string text = write(table, format);
    EXPECT_EQ(text.find_first_of("\033\007\r\x9b"), text.npos) << text;
    EXPECT_EQ(text.find("\nforged"), text.npos) << text;
    for (const char* part : {"x1b[2J", "x1b", "x07", "u009b2J"})
      EXPECT_NE(text.find(format == Format::markdown && part[3] == '[' ? "x1b" : part), text.npos) << part;
  }
  EXPECT_NE(write(table, Format::csv).find("v\r\033c"), std::string::npos) << "machines get what there is";
  EXPECT_NE(write(table, Format::json).find("v\\r\\u001bc"), std::string::npos);
}

TEST(Text, CountsDurationsAndWidths) {
  EXPECT_EQ(compact_count(0), "0");
  EXPECT_EQ(compact_count(99999), "99999");
  EXPECT_EQ(compact_count(100000), "100k");
  EXPECT_EQ(compact_count(999499), "999k");
  EXPECT_EQ(compact_count(999500), "1.00M");
  EXPECT_EQ(compact_count(1048576), "1.05M");
  EXPECT_EQ(compact_count(std::uint64_t{1} << 32), "4.29G");
  EXPECT_EQ(duration(0), "0s");
  EXPECT_EQ(duration(0.4), "0.4s");
  EXPECT_EQ(duration(0.0123), "0.01s");
  EXPECT_EQ(duration(1e-9), "0.001s");
  EXPECT_EQ(duration(0.6), "1s");
  EXPECT_EQ(duration(59.6), "1m00s");
  EXPECT_EQ(duration(3725), "1h02m");
  EXPECT_EQ(display_width("x·Φ(x)"), 6u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(wrap("one two three", 7), "one two\nthree");
  EXPECT_EQ(wrap("one two\nthree", 20, "  "), "one two\n  three");
}

}  // namespace
}  // namespace actbench::reports
