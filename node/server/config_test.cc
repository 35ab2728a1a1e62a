#include "node/server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <vector>

namespace palermo::server {
namespace {

using testing::HasSubstr;

constexpr char kFingerprint[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

std::vector<std::string> Complete() {
  return {"--state=PA", "--data-dir=/d", "--node-key=/k", "--roster=/r",
          std::string("--roster-fingerprint=") + kFingerprint};
}
ParsedConfig Parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "palermod");
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  return ParseConfig(static_cast<int>(argv.size()), argv.data());
}
ParsedConfig ParseWith(const std::string& extra) {
  std::vector<std::string> arguments = Complete();
  arguments.push_back(extra);
  return Parse(arguments);
}
std::string WriteFile(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}
std::string CompleteFile() {
  return std::string(
             "# comment\nstate = \"QA\"\ndata-dir = \"/d\"\nnode-key = \"/k\"\nroster = \"/r\"\n"
             "roster-fingerprint = \"") +
         kFingerprint + "\"\n";
}

TEST(Config, TheRequiredOptionsAreEnough) {
  ParsedConfig parsed = Parse(Complete());
  ASSERT_TRUE(parsed.config) << parsed.text;
  EXPECT_EQ(parsed.config->state, "PA");
  EXPECT_EQ(parsed.config->roster_fingerprint[1], 0x11);
  EXPECT_EQ(parsed.config->http_listen, "127.0.0.1:9464");
  EXPECT_EQ(parsed.config->peer_refresh_seconds, 60u);
  EXPECT_FALSE(parsed.config->check_only);
}

TEST(Config, FileHasTheSameNames) {
  std::string path = WriteFile("complete.conf", CompleteFile() + "listen = \"[::1]:7000\"\n");
  ParsedConfig parsed = Parse({"--config", path});
  ASSERT_TRUE(parsed.config) << parsed.text;
  EXPECT_EQ(parsed.config->state, "QA");
  EXPECT_EQ(parsed.config->listen, "[::1]:7000");
}

TEST(Config, CommandLineWinsOverFile) {
  ParsedConfig parsed =
      Parse({"--config", WriteFile("wins.conf", CompleteFile()), "--state=ZZ", "--check-config"});
  ASSERT_TRUE(parsed.config) << parsed.text;
  EXPECT_EQ(parsed.config->state, "ZZ");
  EXPECT_TRUE(parsed.config->check_only);
}

TEST(Config, TheExampleFileParses) {
  const char* source = std::getenv("PALERMO_SOURCE");
  ASSERT_NE(source, nullptr);
  ParsedConfig parsed = Parse({"--config", std::string(source) + "/deploy/palermod.example.conf"});
  ASSERT_TRUE(parsed.config) << parsed.text;
}

TEST(Config, BackupsAreOffUntilTheyHaveAFolder) {
  EXPECT_EQ(Parse(Complete()).config->backup_dir, "");
  ParsedConfig daily = ParseWith("--backup-dir=/data-backups");
  ASSERT_TRUE(daily.config) << daily.text;
  EXPECT_EQ(daily.config->backup_every_hours, 24u);
  EXPECT_EQ(daily.config->backup_keep, 7u);
  ParsedConfig file = Parse(
      {"--config",
       WriteFile("backup.conf", CompleteFile() + "backup-dir = \"/b\"\nbackup-every-hours = 0\n"
                                                 "backup-keep = 3\n"),
       "--backup-now"});
  ASSERT_TRUE(file.config) << file.text;
  EXPECT_EQ(file.config->backup_dir, "/b");
  EXPECT_EQ(file.config->backup_every_hours, 0u);
  EXPECT_EQ(file.config->backup_keep, 3u);
  EXPECT_TRUE(file.config->backup_now);
}

TEST(Config, BackupNowIsOfTheCommandLineAlone) {
  ParsedConfig parsed =
      Parse({"--config",
             WriteFile("now.conf", CompleteFile() + "backup-dir = \"/b\"\nbackup-now = true\n")});
  EXPECT_EQ(parsed.exit_code, kExitConfig);
}

TEST(Config, HelpAndVersionAreNoErrors) {
  ParsedConfig help = Parse({"--help"});
  EXPECT_EQ(help.exit_code, kExitOk);
  EXPECT_THAT(help.text, HasSubstr("Example:"));
  EXPECT_THAT(help.text, HasSubstr("--roster-fingerprint"));
  ParsedConfig version = Parse({"--version"});
  EXPECT_EQ(version.exit_code, kExitOk);
  EXPECT_THAT(version.text, HasSubstr("palermod "));
}

struct BadCase {
  const char* argument;
  const char* says;
};

class BadConfig : public testing::TestWithParam<BadCase> {};

TEST_P(BadConfig, IsRefusedWithAReason) {
  ParsedConfig parsed = ParseWith(GetParam().argument);
  EXPECT_FALSE(parsed.config);
  EXPECT_EQ(parsed.exit_code, kExitConfig);
  EXPECT_THAT(parsed.text, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Options, BadConfig,
    testing::Values(
        BadCase{"--stat=PA", "--stat"}, BadCase{"--listen=7443", "host:port"},
        BadCase{"--listen=::1:7443", "[address]:port"}, BadCase{"--listen=a:70000", "65535"},
        BadCase{"--http-listen=no", "http-listen"}, BadCase{"--log-level=loud", "log-level"},
        BadCase{"--verify-threads=0", "verify-threads"},
        BadCase{"--peer-refresh-seconds=x", "peer-refresh-seconds"},
        BadCase{"--backup-every-hours=6", "backup-dir"}, BadCase{"--backup-now", "backup-dir"},
        BadCase{"--backup-every-hours=9999", "backup-every-hours"},
        BadCase{"--backup-keep=0", "backup-keep"}, BadCase{"--backup-dir=/d", "in data-dir"},
        BadCase{"--backup-dir=/x/../d/backups", "in data-dir"}, BadCase{"stray", "stray"},
        BadCase{"--config=/nowhere/x.conf", "/nowhere"}));

TEST(Config, MissingOptionIsNamed) {
  std::vector<std::string> arguments = Complete();
  arguments.erase(arguments.begin() + 2);
  ParsedConfig parsed = Parse(arguments);
  EXPECT_EQ(parsed.exit_code, kExitConfig);
  EXPECT_THAT(parsed.text, HasSubstr("--node-key"));
}

TEST(Config, UnknownKeyInTheFileIsRefused) {
  ParsedConfig parsed =
      Parse({"--config", WriteFile("unknown.conf", CompleteFile() + "lisen = \"x:1\"\n")});
  EXPECT_EQ(parsed.exit_code, kExitConfig);
  EXPECT_THAT(parsed.text, HasSubstr("unknown.conf, line "));
  EXPECT_THAT(parsed.text, HasSubstr("there is no option 'lisen'"));
}

TEST(Config, BadStateAndFingerprintAreRefused) {
  std::vector<std::string> arguments = Complete();
  arguments[0] = "--state=pa";
  EXPECT_THAT(Parse(arguments).text, HasSubstr("upper-case"));
  arguments = Complete();
  arguments[4] = "--roster-fingerprint=0011";
  EXPECT_EQ(Parse(arguments).exit_code, kExitConfig);
  arguments[4] = "--roster-fingerprint=zz";
  EXPECT_THAT(Parse(arguments).text, HasSubstr("roster-fingerprint"));
}

}  // namespace
}  // namespace palermo::server
