#include "vitrispin/io/results_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "vitrispin/core/errors.hpp"

namespace vitrispin::io {
namespace {

namespace fs = std::filesystem;
using Start = ResultsFolder::Start;

constexpr const char* our_summary = "{\n  \"program\": \"vitrispin\",\n  \"experiments\": {}\n}\n";

/// A folder of the test's own, removed afterwards.
class ResultsFolderTest : public testing::Test {
protected:
  ResultsFolderTest() {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~ResultsFolderTest() override { fs::remove_all(root_); }

  static std::string text(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  static void put(const fs::path& file, const std::string& contents) { std::ofstream(file) << contents; }

  void run_to_the_end(const std::string& mark) const {
    ResultsFolder folder(dir_, Start::fresh, "input " + mark);
    folder.write("summary.json", our_summary + mark);
    folder.commit();
  }

  fs::path root_ = fs::path(testing::TempDir()) /
                   (std::string("vitrispin_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::path dir_ = root_ / "results";
  fs::path partial_ = root_ / "results.partial";
};

TEST_F(ResultsFolderTest, exchanges_new_results_with_the_old_and_leaves_nothing_behind) {
  run_to_the_end("first");
  EXPECT_EQ(text(dir_ / "input.toml"), "input first");
  run_to_the_end("second");
  EXPECT_EQ(text(dir_ / "input.toml"), "input second");
  EXPECT_FALSE(fs::exists(partial_));
}

TEST_F(ResultsFolderTest, keeps_the_old_results_and_the_partial_ones_of_a_run_that_fails) {
  run_to_the_end("first");
  {
    ResultsFolder folder(dir_, Start::fresh, "input second");
    folder.write("a.nc", "half");
  }
  EXPECT_EQ(text(dir_ / "input.toml"), "input first");
  EXPECT_EQ(text(partial_ / "a.nc"), "half");
}

TEST_F(ResultsFolderTest, restart_keeps_what_the_same_input_made_and_nothing_else) {
  { ResultsFolder(dir_, Start::fresh, "input").write("a.nc", "done"); }
  { EXPECT_TRUE(ResultsFolder(dir_, Start::restart, "input").has("a.nc")); }
  { EXPECT_FALSE(ResultsFolder(dir_, Start::restart, "another input").has("a.nc")); }
}

TEST_F(ResultsFolderTest, a_fresh_start_clears_what_an_earlier_run_left) {
  { ResultsFolder(dir_, Start::fresh, "input").write("a.nc", "done"); }
  EXPECT_FALSE(ResultsFolder(dir_, Start::fresh, "input").has("a.nc"));
}

TEST_F(ResultsFolderTest, refuses_a_folder_that_is_not_ours_and_does_not_touch_it) {
  fs::create_directories(dir_);
  put(dir_ / "thesis.tex", "years of work");
  EXPECT_THROW(ResultsFolder(dir_, Start::fresh, "input"), InputError);
  put(dir_ / "summary.json", "{\"program\": \"other\"}");
  EXPECT_THROW(ResultsFolder(dir_, Start::fresh, "input"), InputError);
  EXPECT_EQ(text(dir_ / "thesis.tex"), "years of work");
  EXPECT_FALSE(fs::exists(partial_));
}

TEST_F(ResultsFolderTest, refuses_a_partial_folder_with_files_of_the_user) {
  fs::create_directories(partial_);
  put(partial_ / "notes.txt", "mine");
  EXPECT_THROW(ResultsFolder(dir_, Start::fresh, "input"), InputError);
  EXPECT_EQ(text(partial_ / "notes.txt"), "mine");
}

TEST_F(ResultsFolderTest, takes_an_empty_folder_and_refuses_a_file) {
  fs::create_directories(dir_);
  run_to_the_end("first");
  EXPECT_EQ(text(dir_ / "input.toml"), "input first");
  put(root_ / "file", "");
  EXPECT_THROW(ResultsFolder(root_ / "file", Start::fresh, "input"), InputError);
}

TEST_F(ResultsFolderTest, carries_the_users_own_files_over_to_the_new_results) {
  run_to_the_end("first");
  put(dir_ / "notes.txt", "mine");
  put(dir_ / "measured.nc", "mine, too");
  fs::create_directories(dir_ / "figures");
  put(dir_ / "figures" / "a.svg", "drawn");
  run_to_the_end("second");
  EXPECT_EQ(text(dir_ / "notes.txt"), "mine");
  EXPECT_EQ(text(dir_ / "measured.nc"), "mine, too");
  EXPECT_EQ(text(dir_ / "figures" / "a.svg"), "drawn");
  EXPECT_EQ(text(dir_ / "input.toml"), "input second");
}

TEST_F(ResultsFolderTest, a_second_run_into_the_same_folder_is_refused_while_the_first_lasts) {
  run_to_the_end("first");
  const ResultsFolder folder(dir_, Start::fresh, "input");
  EXPECT_THROW(ResultsFolder(dir_, Start::fresh, "input"), InputError);
}

TEST_F(ResultsFolderTest, follows_a_link_to_the_folder_itself) {
  fs::create_directories(root_ / "elsewhere");
  fs::create_directory_symlink(root_ / "elsewhere", dir_);
  run_to_the_end("first");
  EXPECT_TRUE(fs::is_symlink(dir_));
  EXPECT_EQ(text(root_ / "elsewhere" / "input.toml"), "input first");
}

TEST(ResultsFolder, names_files_after_experiments_without_leaving_the_folder) {
  EXPECT_EQ(netcdf_file_name("a/b"), "a_b.nc");
  EXPECT_EQ(netcdf_file_name("../x"), "_._x.nc");
  EXPECT_EQ(netcdf_file_name("thickness"), "thickness.nc");
}

}  // namespace
}  // namespace vitrispin::io
