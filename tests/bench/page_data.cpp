// SPDX-License-Identifier: Apache-2.0
//
// A report's page made of texts that somebody chose in bad faith, and of more than it has room for.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/report/page/data.hpp"
#include "bench/report/page/page.hpp"

namespace actbench::bench::page {
namespace {

using reports::Folder;
using Files = std::vector<Folder::File>;

nlohmann::json table_of(const std::string& csv) {
  const Files files{{"t.csv", csv}};
  return nlohmann::json::parse(data_of(files, {}, {}, most).json)["tables"][0];
}

/// The values that the page's script reads.
std::vector<nlohmann::json> values_of(const nlohmann::json& table, const std::string& name) {
  std::vector<nlohmann::json> values;
  for (const nlohmann::json& column : table["columns"]) {
    if (column["n"] != name) continue;
    if (column.contains("v")) return column["v"];
    if (column.contains("s")) values.assign(table["rows"].get<std::size_t>(), column["s"]);
    if (column.contains("i")) {
      for (const std::size_t word : column["i"]) values.push_back(column["d"][word]);
    }
    if (column.contains("r")) {
      for (std::size_t at = 0; at < column["r"].size(); at += 2)
        values.insert(values.end(), column["r"][at + 1].get<std::size_t>(),
                      column["d"][column["r"][at].get<std::size_t>()]);
    }
  }
  return values;
}

TEST(Data, HoldsValuesHoweverTheyAreCoded) {
  std::string csv = "one,run,code,plain,ns_low\n";
  std::vector<nlohmann::json> run, code, plain;
  for (int i = 0; i < 300; ++i) {
    const std::string word = i % 7 == 3 ? "a long word" : i % 2 == 0 ? "another long word" : "";
    csv += "same," + std::to_string(i / 100) + "," + word + "," + std::to_string(i) + ",0.123456789\n";
    run.push_back(i / 100);
    code.push_back(word);
    plain.push_back(i);
  }
  const nlohmann::json table = table_of(csv);
  EXPECT_EQ(values_of(table, "one"), std::vector<nlohmann::json>(300, "same"));
  EXPECT_EQ(values_of(table, "run"), run);
  EXPECT_EQ(values_of(table, "code"), code);
  EXPECT_EQ(values_of(table, "plain"), plain);
  EXPECT_EQ(values_of(table, "ns_low"), std::vector<nlohmann::json>(300, 0.1235));
  std::string ways;
  for (const nlohmann::json& column : table["columns"]) ways += column.items().begin().key();
  EXPECT_EQ(ways, "nddnn");  // the first key by letters: d of "run" and "code"
}

TEST(Data, KeepsNumbersThatAreRead) {
  const nlohmann::json table =
      table_of("input,max_ulp,x_bits,count\n-0,inf,0x80000000,007\n1e-05,0.50000000000000011,0x1,5\n");
  EXPECT_EQ(values_of(table, "input"), (std::vector<nlohmann::json>{"-0", "1e-05"}));
  EXPECT_EQ(values_of(table, "max_ulp"), (std::vector<nlohmann::json>{"inf", 0.50000000000000011}));
  EXPECT_EQ(values_of(table, "x_bits"), (std::vector<nlohmann::json>{"0x80000000", "0x1"}));
  EXPECT_EQ(values_of(table, "count"), (std::vector<nlohmann::json>{"007", 5}));
}

TEST(Data, JoinsTheNameOfAKernelOnlyWhereItIsJoined) {
  const std::string head = "kernel,activation,direction,type,tier,backend\n", parts = "gelu,forward,f32,fast,scalar\n";
  EXPECT_TRUE(table_of(head + "gelu/forward/f32/fast/scalar," + parts)["columns"][0].contains("k"));
  EXPECT_EQ(table_of(head + "copy/l1," + parts)["columns"][0]["s"], "copy/l1");
}

TEST(Data, LeavesOutTheLargestTables) {
  const std::string large = "a\n" + std::string(5000, 'x') + "\n";
  const Files files{{"small.csv", "a\n1\n"}, {"large.csv", large}, {"empty.csv", "a,b\n"}, {"note.md", "# x\n"}};
  const Data data = data_of(files, {}, {}, 1000);
  EXPECT_EQ(data.left_out, std::vector<std::string>{"large.csv"});
  const auto json = nlohmann::json::parse(data.json);
  EXPECT_EQ(json["tables"].size(), 1u);
  EXPECT_EQ(json["absent"], nlohmann::json{"large.csv"});
}

const std::string evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

TEST(Page, ShowsTextAsText) {
  const Files files{{"t.csv", "a,b\n\"" + std::string("</script><script>alert(1)</script><img src=x>") + "\",2\n"},
                    {"<b>.csv", "a\n1\n"},
                    {"evil.svg", "<svg><title>t</title><script>alert(1)</script></svg>"},
                    {"no.svg", "<html><body onload=\"alert(1)\"></body></html>"},
                    {"drawn.svg", "<svg><title>A &amp; B</title><path d=\"M0 0\"/></svg>"}};
  const std::vector<Source> plugins{{evil, evil, evil}};
  const std::string page = page_text(
      {evil,
       "# Title " + evil + "\n\n" + evil + "\n\n## Part " + evil + "\n\n| " + evil + " |\n|---|\n| " + evil + " |\n",
       files,
       plugins,
       {{evil, evil}}});
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_EQ(page.find("<body onload"), std::string::npos);
  std::size_t scripts = 0;
  for (std::size_t at = 0; (at = page.find("<script", at)) != std::string::npos; ++at) ++scripts;
  EXPECT_EQ(scripts, 2u);  // the data and the page's own
  EXPECT_NE(page.find("<a href=\"evil.svg\">evil.svg</a>"), std::string::npos);
  EXPECT_NE(page.find("<svg><title>A &amp; B</title>"), std::string::npos);
  EXPECT_NE(page.find("<figcaption>A &amp; B ("), std::string::npos);
}

TEST(Page, HasRoomForSoMuchAndLinksTheRest) {
  Files files;
  for (int i = 0; i < 8; ++i) {
    const std::string n = std::to_string(i);
    files.emplace_back("picture-" + n + ".svg",
                       "<svg><title>Picture " + n + "</title><desc>" + std::string(500'000, 'x') + "</desc></svg>");
  }
  std::string csv = "a,b\n";
  for (int i = 0; i < 200'000; ++i) csv += std::to_string(i) + "," + std::to_string(7 * i) + "\n";
  files.emplace_back("large.csv", csv);
  files.emplace_back("larger.csv", csv + csv.substr(4));
  const std::string page = page_text({"cpu", "# T\n\nanswers\n", files, {}, {}});
  EXPECT_LE(page.size(), most);
  EXPECT_GT(page.size(), most - 700'000);
  for (int i = 0; i < 8; ++i)
    EXPECT_NE(page.find("<a href=\"picture-" + std::to_string(i) + ".svg\">"), std::string::npos);
  EXPECT_NE(page.find("\"absent\":[\"larger.csv\",\"large.csv\"]"), std::string::npos);
  EXPECT_NE(page.find("<a href=\"larger.csv\">"), std::string::npos);
}

}  // namespace
}  // namespace actbench::bench::page
