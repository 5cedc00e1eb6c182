#include "ecomm_analytics/core/sample_catalog.hpp"

#include <array>
#include <cctype>

namespace ecomm::core {
namespace {

// A garden shop: its yearly season is plain to see. One category is misspelt, as happens.
constexpr SampleProduct kProducts[] = {
    {"10015", "Fernhollow Potting Soil 40 lb", "Soil & Compost", 40, 1849, 9.0, 3, 0.7},
    {"10022", "Fernhollow Seed Compost 10 lb", "Soil & Compost", 10, 799, 6.0, 2, 0.8},
    {"10037", "Brightmoor Bark Mulch 50 lb", "Soil & Compost", 50, 1299, 5.0, 4, 0.6},
    {"10041A", "Old Barn Worm Castings 8 lb", "Soil & Compost", 8, 1699, 2.5, 4, 0.5},
    {"10058", "Brightmoor Lawn Feed 25 lb", "Soil & Compost", 25, 3249, 3.5, 4, 0.7},
    {"20011", "Heirloom Tomato Seeds Mix", "Seeds & Bulbs", 0.1, 449, 8.0, 2, 0.8},
    {"20018", "Wildflower Meadow Seeds 1 lb", "Seeds & Bulbs", 1, 1599, 5.0, 3, 0.7},
    {"20024", "Kitchen Herb Seeds Set of 8", "Seeds & Bulbs", 0.2, 1149, 5.5, 2, 0.6},
    {"20033B", "Spring Bulbs Surprise Bag of 50", "Seeds & Bulbs", 4, 2195, 4.0, 9, 0.9},
    {"20049", "Shade Lawn Grass Seed 5 lb", "Seeds & Bulbs", 5, 2699, 3.0, 8, 0.6},
    {"30012", "Tarnbrook Hand Trowel", "Tools", 0.7, 1395, 4.5, 3, 0.4},
    {"30017", "Tarnbrook Bypass Pruner", "Tools", 0.6, 2450, 4.0, 1, 0.3},
    {"30025", "Tarnbrook Digging Spade", "Tools", 5, 4295, 2.0, 3, 0.4},
    {"30036", "Leaf Rake 24 in", "Tools", 3, 1995, 2.5, 9, 0.8},
    {"30044", "Cordless Hedge Trimmer 20 in", "Tools", 8, 11900, 1.2, 5, 0.6},
    {"30058", "Kneeling Pad Duo", "Tools", 1, 1250, 2.0, 4, 0.5},
    {"40019", "Terracotta Pot 8 in", "Pots & Planters", 4, 649, 6.0, 4, 0.4},
    {"40023", "Glazed Planter Ocean 14 in", "Pots & Planters", 15, 3890, 2.5, 4, 0.4},
    {"40031", "Hanging Basket with Coir Liner", "Pots & Planters", 2, 1475, 3.0, 4, 0.7},
    {"40046C", "Raised Bed Cedar 4 x 4 ft", "Pots & Planters", 38, 13900, 1.0, 3, 0.7},
    {"50013", "Soaker Hose 50 ft", "Watering", 3, 2349, 3.0, 6, 0.8},
    {"50021", "Brass Spray Nozzle", "Watering", 0.5, 1599, 3.0, 6, 0.7},
    {"50034", "Rain Barrel 50 gal", "Watering", 18, 10900, 0.8, 5, 0.7},
    {"50047", "Watering Can Meadow Green 2 gal", "Watering", 2, 2195, 2.5, 5, 0.6},
    {"60016", "Songbird Seed Blend 20 lb", "Bird Care", 20, 2399, 6.0, 11, 0.6},
    {"60028", "Suet Cakes Pack of 10", "Bird Care", 7, 1549, 5.0, 0, 0.7},
    {"60035", "Squirrel-Proof Feeder", "Bird Care", 3, 3795, 2.0, 10, 0.5},
    {"60042", "Cedar Nest Box", "Bird Caer", 4, 2850, 1.5, 1, 0.6},
    {"70014", "Solar Path Lights Set of 6", "Outdoor Living", 4, 3499, 2.5, 6, 0.4},
    {"70029", "String Lights Firefly 48 ft", "Outdoor Living", 3, 2999, 3.5, 11, 0.5},
    {"70033", "Folding Bistro Set", "Outdoor Living", 42, 17900, 0.8, 4, 0.8},
    {"70048", "Fire Pit Ember 30 in", "Outdoor Living", 45, 21900, 0.6, 9, 0.7},
    {"80011", "Gift Box Windowsill Garden", "Gifts", 3, 2900, 2.5, 11, 0.9},
    {"80026", "Garden Journal, Linen Cover", "Gifts", 1, 1950, 2.0, 11, 0.8},
};

constexpr SampleState kStates[] = {
    {"AK", "Alaska", "West", 64.2, -152.5, 0.7},
    {"AL", "Alabama", "South", 32.8, -86.8, 5.0},
    {"AR", "Arkansas", "South", 34.8, -92.4, 3.0},
    {"AZ", "Arizona", "West", 34.3, -111.7, 7.2},
    {"CA", "California", "West", 37.2, -119.5, 39.5},
    {"CO", "Colorado", "West", 39.0, -105.5, 5.8},
    {"CT", "Connecticut", "Northeast", 41.6, -72.7, 3.6},
    {"DC", "District of Columbia", "South", 38.9, -77.0, 0.7},
    {"DE", "Delaware", "South", 39.0, -75.5, 1.0},
    {"FL", "Florida", "South", 28.6, -82.4, 21.5},
    {"GA", "Georgia", "South", 32.7, -83.4, 10.7},
    {"HI", "Hawaii", "West", 20.3, -156.4, 1.5},
    {"IA", "Iowa", "Midwest", 42.1, -93.5, 3.2},
    {"ID", "Idaho", "West", 44.4, -114.6, 1.8},
    {"IL", "Illinois", "Midwest", 40.0, -89.2, 12.8},
    {"IN", "Indiana", "Midwest", 39.9, -86.3, 6.8},
    {"KS", "Kansas", "Midwest", 38.5, -98.4, 2.9},
    {"KY", "Kentucky", "South", 37.5, -85.3, 4.5},
    {"LA", "Louisiana", "South", 31.1, -92.0, 4.7},
    {"MA", "Massachusetts", "Northeast", 42.3, -71.8, 7.0},
    {"MD", "Maryland", "South", 39.1, -76.8, 6.2},
    {"ME", "Maine", "Northeast", 45.4, -69.2, 1.4},
    {"MI", "Michigan", "Midwest", 44.3, -85.4, 10.1},
    {"MN", "Minnesota", "Midwest", 46.3, -94.3, 5.7},
    {"MO", "Missouri", "Midwest", 38.4, -92.5, 6.2},
    {"MS", "Mississippi", "South", 32.7, -89.7, 3.0},
    {"MT", "Montana", "West", 47.1, -109.6, 1.1},
    {"NC", "North Carolina", "South", 35.6, -79.4, 10.4},
    {"ND", "North Dakota", "Midwest", 47.5, -100.5, 0.8},
    {"NE", "Nebraska", "Midwest", 41.5, -99.8, 2.0},
    {"NH", "New Hampshire", "Northeast", 43.7, -71.6, 1.4},
    {"NJ", "New Jersey", "Northeast", 40.2, -74.7, 9.3},
    {"NM", "New Mexico", "West", 34.4, -106.1, 2.1},
    {"NV", "Nevada", "West", 39.3, -116.6, 3.1},
    {"NY", "New York", "Northeast", 42.9, -75.6, 20.2},
    {"OH", "Ohio", "Midwest", 40.3, -82.8, 11.8},
    {"OK", "Oklahoma", "South", 35.6, -97.5, 4.0},
    {"OR", "Oregon", "West", 43.9, -120.6, 4.2},
    {"PA", "Pennsylvania", "Northeast", 40.9, -77.8, 13.0},
    {"RI", "Rhode Island", "Northeast", 41.7, -71.6, 1.1},
    {"SC", "South Carolina", "South", 33.9, -80.9, 5.1},
    {"SD", "South Dakota", "Midwest", 44.4, -100.2, 0.9},
    {"TN", "Tennessee", "South", 35.9, -86.4, 6.9},
    {"TX", "Texas", "South", 31.5, -99.3, 29.1},
    {"UT", "Utah", "West", 39.3, -111.7, 3.3},
    {"VA", "Virginia", "South", 37.5, -78.8, 8.6},
    {"VT", "Vermont", "Northeast", 44.1, -72.7, 0.6},
    {"WA", "Washington", "West", 47.4, -120.4, 7.7},
    {"WI", "Wisconsin", "Midwest", 44.6, -89.7, 5.9},
    {"WV", "West Virginia", "South", 38.6, -80.6, 1.8},
    {"WY", "Wyoming", "West", 43.0, -107.6, 0.6},
};

constexpr std::array<std::string_view, 24> kTownBegins = {
    "Alder",  "Amber", "Birch", "Bram",  "Cinder", "Copper",  "Dover",   "Elm",
    "Fallow", "Gran",  "Hazel", "Ivy",   "Juno",   "Kestrel", "Lark",    "Maple",
    "North",  "Otter", "Pine",  "Quill", "Raven",  "Sable",   "Thistle", "Wren"};
constexpr std::array<std::string_view, 16> kTownEnds = {"bridge", "brook", "bury", "crest", "dale", "field",
                                                        "ford",   "gate",  "ham",  "haven", "mere", "mont",
                                                        "ridge",  "stead", "ton",  "wick"};

std::string Cased(std::string_view text, int (*change)(int)) {
  std::string result(text);
  for (char& letter : result) letter = static_cast<char>(change(static_cast<unsigned char>(letter)));
  return result;
}

}  // namespace

std::span<const SampleProduct> SampleProducts() { return kProducts; }

std::span<const SampleState> SampleStates() { return kStates; }

std::vector<SampleSpelling> SampleSpellings() {
  std::vector<SampleSpelling> spellings;
  for (const SampleState& state : kStates) {
    const std::string code(state.abbreviation);
    spellings.push_back({code, &state});
    spellings.push_back({Cased(code, std::tolower), &state});
    spellings.push_back({code.substr(0, 1) + Cased(code.substr(1), std::tolower), &state});
    spellings.push_back({code + ".", &state});
    spellings.push_back({std::string(state.name), &state});
    spellings.push_back({Cased(state.name, std::toupper), &state});
    spellings.push_back({Cased(state.name, std::tolower), &state});
  }
  return spellings;
}

std::string SampleTown(int state, int town) {
  // Coprime strides walk all 384 names before one comes back.
  const std::size_t number =
      static_cast<std::size_t>(state) * kTownsPerState + static_cast<std::size_t>(town);
  const std::size_t begin = (number * 7) % kTownBegins.size();
  const std::size_t end = (number * 7 / kTownBegins.size() + number * 5) % kTownEnds.size();
  return std::string(kTownBegins[begin]) + std::string(kTownEnds[end]);
}

}  // namespace ecomm::core
