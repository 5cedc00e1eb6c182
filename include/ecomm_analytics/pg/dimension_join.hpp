// Sale lines with what they are grouped by: a column of the sale table, or an attribute of the product, the
// customer or the state that a line belongs to.
#pragma once

#include "ecomm_analytics/pg/source.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// 'category', '{category,state}' or 'category, state' as names; in double quotes a name may hold anything.
std::vector<std::string> ParseNames(const std::string& text);

// A query of the columns of Source::Select and of "series": text, NULL without `by`; with one name its value
// as text; with several a text[] as text. A line has one row, whatever the dimension tables hold. Names:
// product, category, state, region, city, segment, or else a column of the sale table. The caller holds a
// PinnedSettings. Errors: 42703 for a name that is none of these, 22023 where the dimension is not known.
std::string LinesWithSeries(Spi& spi, const Source& source, const std::vector<std::string>& by);

// The series' name as it came: one value per name of `by`.
std::vector<std::optional<std::string>> SplitSeriesName(const std::optional<std::string>& name,
                                                        std::size_t names);

}  // namespace ecomm::pg
