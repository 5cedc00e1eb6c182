// How good and how fresh the data are, and which models there are.
#include "report_parts.hpp"

namespace ecomm::core {
namespace {

void WriteFacts(Markup& out, const Report& report) {
  Table table{.id = "facts",
              .caption = "What the summaries know of the data",
              .columns = {{"Fact", false}, {"Number"}, {"Share"}, {"Meaning", false}},
              .rows = {}};
  for (const QualityFact& fact : report.facts) {
    table.rows.push_back(
        {TextCell(fact.name), NumberCell(fact.value), ShareCell(fact.share), TextCell(fact.meaning)});
  }
  WriteTable(out, table);
}

void WriteLines(Markup& out, const Report& report) {
  if (!report.quality_asked) return;
  if (!report.quality_refused.empty()) {
    out.Element("p", {{"class", "remark"}, {"id", "quality-refused"}},
                "The sale lines themselves were not looked at: " + report.quality_refused + ".");
    return;
  }
  Table table{
      .id = "quality",
      .caption = "Sale lines by what is missing or doubtful in them",
      .columns = {{"Of", false}, {"What", false}, {"Lines"}, {"Amount"}, {"What is made of them", false}},
      .rows = {}};
  for (const QualityRow& row : report.quality) {
    table.rows.push_back({TextCell(row.subject), TextCell(row.reason), NumberCell(row.lines),
                          NumberCell(row.amount), TextCell(row.effect)});
  }
  WriteTable(out, table);
}

void WriteModels(Markup& out, const Report& report, ReportNotes& notes) {
  out.Open("h3").Text("Models in use");
  notes.Refer(out,
              "Silhouette: how well clusters separate, -1 to 1. Davies-Bouldin: lower is better. "
              "Calinski-Harabasz: higher "
              "is better. Inertia: squared distances to the centres, in scaled space.");
  out.Close("h3");
  if (report.models.empty()) {
    out.Element("p", {{"class", "remark"}}, "There is none.");
    return;
  }
  Table table{.id = "models",
              .caption = "The active version of every model",
              .columns = {{"Model", false},
                          {"Kind", false},
                          {"Version"},
                          {"Trained", false},
                          {"Rows"},
                          {"Clusters"},
                          {"Silhouette"},
                          {"Davies-Bouldin"},
                          {"Calinski-Harabasz"},
                          {"Inertia"}},
              .rows = {}};
  for (const ReportModel& model : report.models) {
    table.rows.push_back({TextCell(model.name), TextCell(model.kind), NumberCell(model.version),
                          TextCell(model.created), NumberCell(model.members), NumberCell(model.clusters),
                          NumberCell(model.silhouette), NumberCell(model.davies_bouldin),
                          NumberCell(model.calinski_harabasz), NumberCell(model.inertia)});
  }
  WriteTable(out, table);
}

}  // namespace

void WriteQuality(Markup& out, const Report& report, ReportNotes& notes) {
  OpenSection(out, "data", "Data and models");
  out.Open("div", {{"class", "card full"}});
  out.Element("h3", "How good and how fresh the data are");
  WriteFacts(out, report);
  WriteLines(out, report);
  out.Close("div");
  out.Open("div", {{"class", "card full"}});
  WriteModels(out, report, notes);
  out.Close("div");
  CloseSection(out);
}

}  // namespace ecomm::core
