// The scanner itself: a rule that sees nothing would always hold.
#include "tests/house/source_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace palermo::house {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST(SourceTree, BlanksCommentsStringsAndDirectives) {
  EXPECT_EQ(CodeOnly("a; // throw\nb;"), "a;         \nb;");
  EXPECT_EQ(CodeOnly("f(\"{\", '{', 1'000);"), "f(   ,    , 1'000);");
  EXPECT_EQ(CodeOnly("x /* {\n{ */ y"), "x     \n     y");
  EXPECT_EQ(CodeOnly("#define A { \\\n  }\nz"), "             \n   \nz");
  EXPECT_EQ(CodeOnly("R\"j({\"})j\" w"), "R          w");
}

TEST(SourceTree, KeepsLengthAndLinesWhenAStringNeverEnds) {
  EXPECT_EQ(CodeOnly("a \"bc").size(), 5u);
  EXPECT_EQ(CodeOnly("a \"b\\").size(), 5u);
}

TEST(SourceTree, MeasuresFunctionsNotTablesOrClasses) {
  std::string code =
      "namespace a {\n"
      "const int kTable[] = {\n  f(1),\n};\n"
      "class B {\n public:\n  int C() const {\n    return 1;\n  }\n};\n"
      "int D(int x,\n      int y) {\n  if (x) {\n    return y;\n  }\n  return 0;\n}\n"
      "}\n";
  std::vector<Function> functions = FunctionsOf(code);
  ASSERT_EQ(functions.size(), 2u);
  EXPECT_EQ(functions[0].line, 7);
  EXPECT_EQ(functions[0].lines, 3);
  EXPECT_EQ(functions[1].line, 11);
  EXPECT_EQ(functions[1].lines, 7);
}

TEST(SourceTree, MeasuresAFunctionAfterAListOfMembers) {
  std::vector<Function> functions =
      FunctionsOf("A::A()\n    : b_{1},\n      c_{2} {\n  D();\n\n\n}\n");
  ASSERT_FALSE(functions.empty());
  EXPECT_GE(functions.back().lines, 5);
}

TEST(SourceTree, FindsIncludes) {
  std::vector<Include> includes = IncludesOf("// x\n#include <a/b.h>\n#include \"c.h\"\n");
  ASSERT_EQ(includes.size(), 2u);
  EXPECT_EQ(includes[0].line, 2);
  EXPECT_EQ(includes[0].target, "a/b.h");
  EXPECT_EQ(includes[1].target, "c.h");
}

TEST(SourceTree, ReadsTheListsOfCMake) {
  Listed listed = ListedIn({"room/CMakeLists.txt",
                            "# no.cc\npalermo_library(NAME r\n  SOURCES a.cc b.cc)\n"
                            "palermo_test(NAME t SOURCES a_test.cc\n  DEPS r)\n"});
  EXPECT_THAT(listed.sources, UnorderedElementsAre("room/a.cc", "room/b.cc", "room/a_test.cc"));
  EXPECT_THAT(listed.tests, ElementsAre("room/a_test.cc"));
}

TEST(SourceTree, ReadsALoopOverNames) {
  Listed listed =
      ListedIn({"CMakeLists.txt", "foreach(t one two)\n add_executable(${t} ${t}.cc)\n"});
  EXPECT_EQ(listed.sources.count("one.cc"), 1u);
  EXPECT_EQ(listed.sources.count("two.cc"), 1u);
}

TEST(SourceTree, KnowsWhatCompilesTogether) {
  const auto targets =
      TargetsIn({"room/CMakeLists.txt",
                 "set(ALL a.cc b.cc)\nlist(APPEND ALL c.cc)\n"
                 "set_source_files_properties(b.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)\n"
                 "palermo_library(NAME room SOURCES ${ALL} DEPS base)  # d.cc\n"
                 "palermo_test(NAME room_test SOURCES a_test.cc)\n"
                 "palermo_library(NAME old SOURCES e.cc)\n"
                 "set_target_properties(old PROPERTIES UNITY_BUILD OFF)\n"});
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].name, "room");
  EXPECT_EQ(targets[0].together, (std::vector<std::string>{"room/a.cc", "room/c.cc"}));
  EXPECT_EQ(targets[1].together, std::vector<std::string>{"room/a_test.cc"});
}

TEST(SourceTree, FindsHelpersOfUnnamedNamespaces) {
  const auto helpers = HelpersIn(
      "int Outside(int a) { return a; }\nnamespace {\nint Plain(int a) {\n  return Call(a);\n}\n"
      "constexpr absl::Duration Days(int n) { return n; }\nconst v1::Thing& ByName(\n    int n) {\n"
      "struct S {\n  int Method(int a);\n};\nconstexpr int kN = F(3);\n}  // namespace\n"
      "int After(int a) {\n");
  const std::map<std::string, int> expected = {{"Plain", 3}, {"Days", 6}, {"ByName", 7}};
  EXPECT_EQ(helpers, expected);
}

TEST(SourceTree, AWaiverNeedsAReason) {
  EXPECT_TRUE(HasWaiver("// house: long file because it is one table\n", "long file"));
  EXPECT_FALSE(HasWaiver("// house: long file because \n", "long file"));
  EXPECT_FALSE(HasWaiver("// house: long file\n", "long file"));
}

TEST(SourceTree, KnowsTestCode) {
  EXPECT_TRUE(IsTestCode("storage/contract_test.cc"));
  EXPECT_TRUE(IsTestCode("storage/test_dir.h"));
  EXPECT_TRUE(IsTestCode("crypto/note_fuzz.cc"));
  EXPECT_TRUE(IsTestCode("tests/support/world.cc"));
  EXPECT_FALSE(IsTestCode("storage/fsck.cc"));
}

}  // namespace
}  // namespace palermo::house
