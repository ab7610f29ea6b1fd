#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace dflare {

/// The best few of what a chain has seen, best first; the earlier one of equals.
template <class T>
class Archive {
 public:
  explicit Archive(std::size_t capacity) : capacity_(capacity) {}

  /// True if it is the best now.
  bool add(double rank, T item) {
    const auto place = std::find_if(entries_.begin(), entries_.end(),
                                    [rank](const Entry& entry) { return entry.rank < rank; });
    const bool best = place == entries_.begin();
    if (place == entries_.end() && entries_.size() == capacity_) return false;
    entries_.insert(place, {rank, std::move(item)});
    if (entries_.size() > capacity_) entries_.pop_back();
    return best;
  }

  std::size_t size() const { return entries_.size(); }
  const T& operator[](std::size_t i) const { return entries_[i].item; }
  double rank(std::size_t i) const { return entries_[i].rank; }

 private:
  struct Entry {
    double rank;
    T item;
  };
  std::size_t capacity_;
  std::vector<Entry> entries_;
};

}  // namespace dflare
