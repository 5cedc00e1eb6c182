// Values collected one by one, in pieces, or both, for statistics that need them all at once.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

// A multiset of doubles: what Sorted() gives depends on the values alone, not on the order or the pieces they
// came in. Growing throws Error(kMemoryLimit) before it allocates; 8 bytes a value are kept, and up to three
// times that are needed while growing.
class ValueSample {
 public:
  void Add(double value) {
    if (values_.size() == values_.capacity()) Reserve(values_.size() + 1);
    values_.push_back(value + 0.0);  // -0 becomes 0: the two compare equal, but not bit for bit
  }

  // Adds the values that Serialize() of another sample wrote, wherever the bytes lie. Throws Error(kBadData)
  // where they are no such thing, and then leaves this sample as it was.
  void Merge(std::string_view serialized);

  // A format number, the count and the values, in the machine's byte order.
  std::string Serialize() const;

  // In ascending order, infinities included, NaN last. More values may be added afterwards.
  std::span<const double> Sorted();

  std::size_t size() const noexcept { return values_.size(); }

 private:
  void Reserve(std::size_t least);

  std::vector<double> values_;
};

}  // namespace ecomm::core
