#include "vitrispin/modes/mode_vector.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace vitrispin::modes {
namespace {

using Real = long double;
using Complex = std::complex<Real>;
using Row = std::array<Complex, 3>;

Real length(const Row& v) {
  return std::hypot(std::abs(v[0]), std::abs(v[1]), std::abs(v[2]));
}

void normalise(Row& v) {
  // first by the largest component: lengths of 1e4000 are legitimate in between
  const Real largest = std::max({std::abs(v[0]), std::abs(v[1]), std::abs(v[2])});
  if (largest == 0) return;
  for (Complex& component : v) component /= largest;
  const Real size = length(v);
  for (Complex& component : v) component /= size;
}

/// Vector orthogonal, without conjugation, to both rows.
Row cross_product(const Row& a, const Row& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Rows of H - s in energy coordinates (see physics::EnergyMatrix); q and K' may be complex.
std::array<Row, 3> rows_of(const Secular<Real>& secular, const Complex& s, const Complex& A, const Complex& K_prime) {
  const Real mixed = std::sqrt(secular.xi * secular.e);
  const Real K_size = std::abs(K_prime);
  const Real w = std::sqrt(secular.g * secular.gamma * K_size);
  const Complex phase = K_size == 0 ? Complex(1) : K_prime / K_size;
  return {{{-(secular.turned_a() + secular.xi * A) - s, -mixed * A, w * phase},
           {-mixed * A, -secular.e * (A + secular.d) - s, Complex(0)},
           {Complex(-w), Complex(0), -secular.alpha * secular.gamma * K_prime - s}}};
}

/// All vectors orthogonal to the one row that does not vanish are null vectors: first the one along the coordinate that the
/// row contains least, then the one orthogonal to it as well. If no row is left, the coordinates themselves.
Row beside(const std::array<Row, 3>& rows, int number) {
  const Row& row = *std::max_element(rows.begin(), rows.end(),
                                     [](const Row& left, const Row& right) { return length(left) < length(right); });
  Row vector{};
  if (length(row) == 0) {
    vector[static_cast<std::size_t>(number % 3)] = 1;
    return vector;
  }
  std::size_t least = 0;
  for (std::size_t i = 1; i < 3; ++i) {
    if (std::abs(row[i]) < std::abs(row[least])) least = i;
  }
  for (std::size_t i = 0; i < 3; ++i) vector[i] = -row[least] * std::conj(row[i]);
  vector[least] += 1;
  if (number % 2 == 0) return vector;
  for (Complex& component : vector) component = std::conj(component);
  return cross_product(row, vector);
}

/// A null vector, and the sizes of the terms that its components were added up from.
struct Product {
  Row vector{}, terms{};
};

/// The three cross products of two rows each. In the one of the first two rows the large xi e A^2 of
/// (a + xi A + s)(e (A + d) + s) - xi e A^2 = (a + s)(e (A + d) + s) + xi A (e d + s) cancels before numbers are put in.
std::array<Product, 3> products_of(const std::array<Row, 3>& rows, const Secular<Real>& secular, const Complex& s,
                                   const Complex& A, const Complex& K_prime) {
  const auto [a, xi, e, d] = std::tuple(secular.turned_a(), secular.xi, secular.e, secular.d);
  auto sizes = rows;
  for (Row& row : sizes) {
    for (Complex& entry : row) entry = std::abs(entry);
  }
  sizes[0][0] = std::abs(a) + xi * std::abs(A) + std::abs(s);
  sizes[1][1] = e * (std::abs(A) + d) + std::abs(s);
  sizes[2][2] = secular.alpha * secular.gamma * std::abs(K_prime) + std::abs(s);
  std::array<Product, 3> products;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::size_t next = (i + 1) % 3;
    products[i].vector = cross_product(rows[i], rows[next]);
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t second = (j + 1) % 3, third = (j + 2) % 3;
      products[i].terms[j] = sizes[i][second] * sizes[next][third] + sizes[i][third] * sizes[next][second];
    }
  }
  products[0].vector[2] = (a + s) * (e * (A + d) + s) + xi * A * (e * d + s);
  products[0].terms[2] = (std::abs(a) + std::abs(s)) * sizes[1][1] + xi * std::abs(A) * (e * d + std::abs(s));
  return products;
}

}  // namespace

std::array<std::complex<double>, 3> mode_vector(const Secular<Real>& secular, const Complex& s, const Complex& A,
                                                const Complex& K_prime, int earlier_equal) {
  auto rows = rows_of(secular, s, A, K_prime);
  Row best{};
  Real kept = -1;
  for (const Product& product : products_of(rows, secular, s, A, K_prime)) {
    const Real terms = length(product.terms), share = terms == 0 ? 0 : length(product.vector) / terms;
    if (share > kept) {
      best = product.vector;
      kept = share;
    }
  }
  if (kept < 1e-15L) {  // s itself is known to 1e-16: two null vectors
    for (Row& row : rows) normalise(row);
    best = beside(rows, earlier_equal);
  }
  normalise(best);
  std::array<std::complex<double>, 3> u;
  for (std::size_t i = 0; i < 3; ++i) {
    u[i] = {static_cast<double>(best[i].real()), static_cast<double>(best[i].imag())};
  }
  return u;
}

Real defect_strength(const Secular<Real>& secular, const Complex& s, const Complex& third, const Complex& A,
                     const Complex& K_prime) {
  Real size = 0;
  for (const Product& product : products_of(rows_of(secular, s, A, K_prime), secular, s, A, K_prime)) {
    size = std::max(size, length(product.vector));
  }
  return size == 0 ? 0 : size / std::abs(third - s);
}

}  // namespace vitrispin::modes
