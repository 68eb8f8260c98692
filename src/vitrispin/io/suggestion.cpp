#include "vitrispin/io/suggestion.hpp"

#include <algorithm>
#include <cctype>

namespace vitrispin::io {
namespace {

int replacement_cost(char a, char b) {
  if (a == b) return 0;
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return lower(a) == lower(b) ? 1 : 2;
}

constexpr std::size_t longest_compared = 64;  // longer words are no misspelling of a key; keeps the cost bounded

}  // namespace

int half_edits(std::string_view a, std::string_view b) {
  // Restricted Damerau-Levenshtein distance, row by row; `before` is the row above `above`.
  std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = 2 * static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = 2 * static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 2, row[j - 1] + 2, above[j - 1] + replacement_cost(a[i - 1], b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 2);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::vector<std::string> nearest(std::string_view word, const std::vector<Candidate>& candidates) {
  std::vector<std::string> best;
  if (word.size() > longest_compared) return best;
  // A third of the letters may be wrong, and always one.
  const int limit = 2 * std::max(1, static_cast<int>(word.size()) / 3);
  int best_score = 2 * limit + 2;
  for (const Candidate& candidate : candidates) {
    const int distance = half_edits(word, candidate.word);
    if (distance > limit) continue;
    const int score = 2 * distance + (candidate.already_there ? 1 : 0);
    if (score < best_score) best.clear();
    if (score <= best_score) best.push_back(candidate.word);
    best_score = std::min(score, best_score);
  }
  return best;
}

std::string either(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string did_you_mean(std::string_view word, const std::vector<Candidate>& candidates) {
  const std::vector<std::string> words = nearest(word, candidates);
  return words.empty() ? std::string() : " (did you mean " + either(words) + "?)";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  std::vector<Candidate> all;
  for (const std::string& candidate : candidates) all.push_back({candidate, false});
  return did_you_mean(word, all);
}

}  // namespace vitrispin::io
