// Models in ecomm.model. Everything goes through SQL with the caller's rights, so row-level security decides
// whose models one sees. Model names are in the database's encoding, documents in UTF-8.
#pragma once

#include <variant>

#include "ecomm_analytics/core/kmeans_model.hpp"
#include "ecomm_analytics/core/trained_sales.hpp"
#include "ecomm_analytics/pg/prelude.hpp"
#include "ecomm_analytics/pg/spi.hpp"

namespace ecomm::pg {

// How SQL names a model: by id, or by name and then its active version.
using ModelKey = std::variant<std::int64_t, std::string>;

struct NewModel {
  std::string name;                   // 1 to core::kMaxModelNameBytes bytes, no control characters
  std::optional<std::string> source;  // what it was trained on, in words; none for an imported one
  bool activate = true;               // the version its name stands for from now on
};

// A model of any kind as it is stored.
struct ModelDocument {
  std::string kind;
  core::Json document;
  core::Json parameters;
  core::Json metrics;
};

ModelDocument DocumentOf(const core::KMeansModel& model);
ModelDocument DocumentOf(const core::TrainedSales& trained);

// Of a document from outside, validated as its kind is; that of an unknown kind as k-means.
ModelDocument ValidateDocument(const core::Json& document);

// Error(kInvalidArgument) unless it can name a model; SaveModel checks it too.
void CheckModelName(const std::string& name);

// Adds the next version under (current_user, name) and returns its id; the document carries the name. Nothing
// stored is overwritten. Savers of one name wait for each other until the end of their transactions.
std::int64_t SaveModel(Spi& spi, const NewModel& target, ModelDocument model);

// Found by name, a model of the caller's own goes before others he may see. Errors: no such model; no active
// version (they are listed); several owners have one of that name (they are listed); a model of another kind.
core::KMeansModel LoadKMeansModel(Spi& spi, const ModelKey& key);
core::TrainedSales LoadTrainedSales(Spi& spi, const ModelKey& key);

// The document as it is stored, of whatever kind.
core::Json LoadModelDocument(Spi& spi, const ModelKey& key);

// The id of one version. Errors as above.
std::int64_t FindModelVersion(Spi& spi, const std::string& name, std::int32_t version);

// Makes it the active version of its name; false if it already was. An unknown id is an error.
bool ActivateModel(Spi& spi, std::int64_t id);

// False if there is none. Its name is left without an active version if it was that.
bool DropModel(Spi& spi, std::int64_t id);

}  // namespace ecomm::pg
