// Names of exponential smoothing models.
#include "ets_form.hpp"

#include <cctype>

#include "ecomm_analytics/core/error.hpp"

namespace ecomm::core {
namespace {

EtsPart ParsePart(char letter) {
  switch (std::toupper(static_cast<unsigned char>(letter))) {
    case 'N':
      return EtsPart::kNone;
    case 'A':
      return EtsPart::kAdditive;
    case 'M':
      return EtsPart::kMultiplicative;
    default:
      return EtsPart::kAutomatic;
  }
}

char Letter(EtsPart part) {
  switch (part) {
    case EtsPart::kNone:
      return 'N';
    case EtsPart::kAdditive:
      return 'A';
    case EtsPart::kMultiplicative:
      return 'M';
    case EtsPart::kAutomatic:
      break;
  }
  return 'Z';
}

bool IsPart(char letter, std::string_view allowed) {
  return allowed.find(static_cast<char>(std::toupper(static_cast<unsigned char>(letter)))) != allowed.npos;
}

}  // namespace

bool IsStable(const EtsForm& form) noexcept {
  const bool growth = form.trend == EtsPart::kMultiplicative;
  if (form.error == EtsPart::kAdditive) return !growth && form.season != EtsPart::kMultiplicative;
  return !growth || form.season != EtsPart::kAdditive;
}

EtsForm ParseEtsForm(std::string_view text) {
  const bool damped = text.size() == 4 && (text[2] == 'd' || text[2] == 'D');
  const bool valid = (text.size() == 3 || damped) && IsPart(text[0], "AMZ") &&
                     IsPart(text[1], damped ? "AM" : "NAMZ") && IsPart(text.back(), "NAMZ");
  if (!valid) {
    throw Error(ErrorCode::kInvalidArgument, "unknown exponential smoothing model",
                "Model: '" + std::string(text) + "'.",
                "Name error (A, M, Z), trend (N, A, Ad, M, Md, Z) and season (N, A, M, Z), such as 'AAdA' or "
                "'MNM'; Z "
                "is chosen for you.");
  }
  const EtsForm form{ParsePart(text[0]), ParsePart(text[1]), damped, ParsePart(text.back())};
  RequireStable(form);
  return form;
}

void RequireStable(const EtsForm& form) {
  if (IsStable(form)) return;
  throw Error(ErrorCode::kInvalidArgument, "this exponential smoothing model is unstable",
              "Model: '" + Name(form) + "'.",
              "A multiplicative trend or season needs a multiplicative error, and a multiplicative trend "
              "cannot have an additive season.");
}

std::string Name(const EtsForm& form) {
  std::string name{Letter(form.error), Letter(form.trend)};
  if (form.damped) name += 'd';
  return name + Letter(form.season);
}

EtsCriterion ParseEtsCriterion(std::string_view text) {
  for (const auto criterion : {EtsCriterion::kAicc, EtsCriterion::kAic, EtsCriterion::kBic}) {
    if (text == Name(criterion)) return criterion;
  }
  throw Error(ErrorCode::kInvalidArgument, "unknown information criterion",
              "Criterion: '" + std::string(text) + "'.", "Use 'aicc', 'aic' or 'bic'.");
}

std::string_view Name(EtsCriterion criterion) noexcept {
  switch (criterion) {
    case EtsCriterion::kAic:
      return "aic";
    case EtsCriterion::kBic:
      return "bic";
    case EtsCriterion::kAicc:
      break;
  }
  return "aicc";
}

}  // namespace ecomm::core
