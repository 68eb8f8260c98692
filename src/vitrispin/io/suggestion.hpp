#pragma once

#include <string>
#include <string_view>
#include <vector>

/// "did you mean": the known words nearest to a misspelled one.
namespace vitrispin::io {

/// Number of single-character edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`; a change of
/// case alone counts half. In half edits, so that it is a whole number.
int half_edits(std::string_view a, std::string_view b);

/// A word that may have been meant. Of equally near words those that the table does not have yet win.
struct Candidate {
  std::string word;
  bool already_there = false;
};

/// The nearest candidates, all of them if several are equally near; none if all are too far to be a slip of the finger.
std::vector<std::string> nearest(std::string_view word, const std::vector<Candidate>& candidates);

/// ` (did you mean tau_ML or tau_Mm?)`, or nothing.
std::string did_you_mean(std::string_view word, const std::vector<Candidate>& candidates);
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// `a, b or c`.
std::string either(const std::vector<std::string>& words);

}  // namespace vitrispin::io
