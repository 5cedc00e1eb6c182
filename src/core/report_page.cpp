// The page: head, contents, sections, notes.
#include <array>

#include "report_parts.hpp"

namespace ecomm::core {
namespace {

// No script runs and nothing is fetched, whatever a name in the data looks like.
constexpr const char* kPolicy = "default-src 'none'; style-src 'unsafe-inline'";

void WriteHead(Markup& out, const std::string& title) {
  out.Open("head").Empty("meta", {{"charset", "utf-8"}});
  out.Empty("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}});
  out.Empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.Empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.Element("title", title).Open("style").Verbatim(ReportStyle()).Close("style").Close("head");
}

std::string RangeText(const Report& report) {
  const Day first = report.range.first;
  const Day last = report.range.last;
  const std::string days = std::to_string(last - first + 1);
  return first == last ? DateText(first) : DateText(first) + " to " + DateText(last) + ", " + days + " days";
}

std::string CoverageText(const Report& report) {
  if (!report.data_first || !report.data_last) return "There are no sales yet.";
  std::string text =
      "The data go from " + DateText(*report.data_first) + " to " + DateText(*report.data_last);
  if (report.lines.present())
    text += " and hold " + Grouped(report.lines) +
            (report.lines.value == 1 ? " dated sale line" : " dated sale lines");
  text += ".";
  if (!report.refreshed.empty()) text += " Last refreshed " + report.refreshed + " UTC.";
  return text;
}

void WriteHeader(Markup& out, const Report& report) {
  out.Open("header").Element("h1", report.title);
  if (!report.empty) out.Element("p", {{"class", "range"}, {"id", "range"}}, RangeText(report));
  out.Element("p", {{"class", "coverage"}}, CoverageText(report));
  if (report.failed_steps.value > 0) {
    out.Element("p", {{"class", "warning"}},
                "Steps of the last refresh that failed: " + report.failed_steps.exact +
                    ". Parts of this page may be older than the rest.");
  }
  out.Close("header");
}

struct Entry {
  const char* id;
  const char* name;
};

void WriteContents(Markup& out, const Report& report) {
  constexpr std::array<Entry, 7> kEntries = {{{"overview", "At a glance"},
                                              {"sales", "Sales"},
                                              {"season", "Season"},
                                              {"products", "Products"},
                                              {"customers", "Customers"},
                                              {"data", "Data"},
                                              {"notes", "Notes"}}};
  out.Open("nav", {{"aria-label", "Contents"}}).Open("ul");
  for (const Entry& entry : kEntries) {
    if (report.segments.empty() && std::string_view(entry.id) == "customers") continue;
    out.Open("li").Element("a", {{"href", std::string("#") + entry.id}}, entry.name).Close("li");
  }
  out.Close("ul").Close("nav");
}

void WriteEmpty(Markup& out, const Report& report) {
  out.Open("p", {{"class", "lead"}, {"id", "nothing"}});
  if (report.data_first) {
    out.Text("Nothing was sold in this range. Choose days within those the data cover.");
  } else {
    out.Text("Once there are sales and a refresh has seen them, they are shown here.");
  }
  out.Close("p");
}

void WriteSections(Markup& out, const Report& report) {
  ReportNotes notes;
  WriteOverview(out, report, notes);
  WriteSales(out, report, notes);
  WriteSeason(out, report, notes);
  WriteProducts(out, report, notes);
  if (!report.segments.empty()) WriteCustomers(out, report, notes);
  WriteQuality(out, report, notes);
  OpenSection(out, "notes", "Notes");
  notes.Write(out);
  CloseSection(out);
}

}  // namespace

Grain PeriodGrain(std::int64_t days) {
  if (days <= 100) return Grain::kDay;
  return days <= 1100 ? Grain::kWeek : Grain::kMonth;
}

std::string WriteReport(const Report& report) {
  Markup out;
  out.Verbatim("<!DOCTYPE html>\n").Open("html", {{"lang", "en"}});
  WriteHead(out, report.title);
  out.Open("body");
  WriteHeader(out, report);
  if (!report.empty) WriteContents(out, report);
  out.Open("main");
  if (report.empty) {
    WriteEmpty(out, report);
  } else {
    WriteSections(out, report);
  }
  out.Close("main").Close("body").Close("html").Verbatim("\n");
  return out.Take();
}

}  // namespace ecomm::core
