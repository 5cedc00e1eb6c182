#include "ecomm_analytics/pg/log_arguments.hpp"

#include "ecomm_analytics/pg/bytes.hpp"
#include "ecomm_analytics/pg/guard.hpp"

namespace ecomm::pg {

std::vector<std::string_view> LogArguments(const Arguments& arguments, int i) {
  std::vector<std::string_view> logs;
  if (arguments.IsNull(i)) return logs;
  struct Elements {
    Datum* values;
    bool* nulls;
    int count;
  };
  const Elements elements = Call([value = arguments.Value(i)] {
    Elements made;
    deconstruct_array(DatumGetArrayTypeP(value), BYTEAOID, -1, false, TYPALIGN_INT, &made.values, &made.nulls,
                      &made.count);
    return made;
  });
  for (int element = 0; element < elements.count; ++element) {
    if (!elements.nulls[element]) logs.push_back(PayloadOf(elements.values[element]));
  }
  return logs;
}

}  // namespace ecomm::pg
