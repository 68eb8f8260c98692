#include "vitrispin/io/netcdf.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/sample_record.hpp"
#include "vitrispin/core/errors.hpp"
#include "vitrispin/io/stacking.hpp"
#include "vitrispin/io/summary.hpp"

namespace vitrispin::io {
namespace {

/// A file of the test's own, removed afterwards.
class TemporaryFile {
public:
  TemporaryFile()
      : path_(std::filesystem::path(testing::TempDir()) /
              (std::string("vitrispin_") + testing::UnitTest::GetInstance()->current_test_info()->name() + ".nc")) {}
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }
  void write(const std::vector<unsigned char>& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

private:
  std::filesystem::path path_;
};

Dimension thickness_axis() {
  return {"layers.film.thickness", 2, {1e-9, 2e-9}, {}, "m", "Thickness", true, true};
}

TEST(Netcdf, reads_back_the_record_that_was_written) {
  const Record written = stack({thickness_axis()}, {sample_record(1), sample_record(2)});
  const TemporaryFile file;
  file.write(to_netcdf(written, {}));
  const Record read = read_netcdf(file.path());
  EXPECT_EQ(to_text(to_json(read)), to_text(to_json(written)));
  ASSERT_EQ(read.dimensions.size(), written.dimensions.size());
  EXPECT_TRUE(read.dimensions[0].sweep);
  EXPECT_TRUE(read.dimensions[0].logarithmic);
  EXPECT_EQ(read.find("profile")->unit, "A m-1");
  EXPECT_EQ(read.find("profile")->in_summary, false);
  EXPECT_EQ(read.find("omega")->long_name, "Angular frequency");
}

TEST(Netcdf, the_same_record_gives_the_same_bytes) {
  EXPECT_EQ(to_netcdf(sample_record(), {{"title", "a"}}), to_netcdf(sample_record(), {{"title", "a"}}));
}

TEST(Netcdf, holds_a_large_record) {
  Record record;
  record.add_dimension({"x", 3000000, {}, {}, "m", "Position", false, false});
  RealArray values;
  for (int i = 0; i < 3000000; ++i) values.values.push_back(i);
  record.add({"m", {"x"}, values, "A m-1", "Accumulation", "", false, true, ""});
  const TemporaryFile file;
  file.write(to_netcdf(record, {}));
  EXPECT_EQ(std::get<RealArray>(read_netcdf(file.path()).find("m")->data).values, values.values);
}

/// A long list of vectors is compressed by many vectors at a time: one by one its bookkeeping would be ten times its values.
TEST(Netcdf, a_long_list_of_short_rows_is_no_larger_than_its_values) {
  Record record;
  const std::size_t rows = 50000;
  record.add_dimension({"x", rows, {}, {}, "m", "Position", false, false});
  record.add_dimension({"component", 3, {}, {"x", "y", "z"}, "1", "Component", false, false});
  RealArray values;
  for (std::size_t i = 0; i < 3 * rows; ++i) values.values.push_back(std::sin(static_cast<double>(i)));
  record.add({"m", {"x", "component"}, values, "A m-1", "Accumulation", "", false, true, ""});
  const TemporaryFile file;
  const auto bytes = to_netcdf(record, {});
  EXPECT_LT(bytes.size(), 8 * values.values.size() + 50000);
  file.write(bytes);
  EXPECT_EQ(std::get<RealArray>(read_netcdf(file.path()).find("m")->data).values, values.values);
}

TEST(Netcdf, refuses_a_file_that_is_not_netcdf) {
  const TemporaryFile file;
  file.write({'n', 'o'});
  EXPECT_THROW(read_netcdf(file.path()), InputError);
  EXPECT_THROW(read_netcdf(file.path() + ".missing"), InputError);
}

/// Python's netCDF4 sees named dimensions, coordinates, units and long names, complex numbers with a dimension `reim`.
TEST(Netcdf, opens_in_python) {
  const TemporaryFile file;
  file.write(to_netcdf(stack({thickness_axis()}, {sample_record(1), sample_record(2)}), {{"title", "test"}}));
  const std::string program = R"(
import sys, netCDF4
data = netCDF4.Dataset(sys.argv[1])
assert data.title == 'test' and data.Conventions.startswith('CF-')
for name, variable in data.variables.items():
    assert variable.units and variable.long_name, name
assert data['omega'].dimensions == ('layers_film_thickness', 'sigma', 'k', 'reim')
assert data['omega'][1, 1, 0, 1] == -8.0
assert data['reim'][:].tolist() == ['re', 'im']
assert data['k'].units == 'rad m-1' and data['k'][:].tolist() == [1e6, 2.5e6]
assert data['component'][:].tolist() == ['x', 'y', 'z']
assert data['label'][0, 1] == 'diffusive'
assert data['valid'].flag_meanings == 'no yes' and data['valid'][0].tolist() == [1, 0]
assert data['interface_current_a_b_current'][1, 2] == 4.0
)";
  const std::string command = std::string(VITRISPIN_PYTHON) + " -c \"" + program + "\" " + file.path();
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace vitrispin::io
