#include "ecomm_analytics/core/markup.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "xml_check.hpp"

namespace ecomm::core {
namespace {

TEST(Markup, TextStaysText) {
  EXPECT_EQ(EscapeMarkup("<script>alert(\"1\" & '2')</script>"),
            "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
  Markup out;
  out.Open("p", {{"title", "\"><img src=x onerror=alert(1)>"}}).Text("</p><b>").Close("p");
  const std::string page = out.Take();
  EXPECT_EQ(XmlFault(page), "");
  EXPECT_EQ(CountOf(page, "<"), 2U);
}

TEST(Markup, EverythingOutsideAsciiIsAReference) {
  EXPECT_EQ(EscapeMarkup("Caf\u00E9 \u2212 \U0001F600"), "Caf&#233; &#8722; &#128512;");
  EXPECT_EQ(EscapeMarkup("a\tb\nc"), "a\tb\nc");
}

TEST(Markup, WhatIsNoTextBecomesTheReplacementCharacter) {
  const std::string none = "&#65533;";
  EXPECT_EQ(EscapeMarkup(std::string("\0", 1)), none);
  EXPECT_EQ(EscapeMarkup("\x1B"), none);
  EXPECT_EQ(EscapeMarkup("\x7F"), none);
  EXPECT_EQ(EscapeMarkup("\xFF"), none);
  EXPECT_EQ(EscapeMarkup("\xC3"), none);              // cut off
  EXPECT_EQ(EscapeMarkup("\xC3x"), none + "x");       // not continued
  EXPECT_EQ(EscapeMarkup("\xC0\xBC"), none + none);   // '<' in two bytes
  EXPECT_EQ(EscapeMarkup("\xED\xA0\x80"), none);      // a surrogate
  EXPECT_EQ(EscapeMarkup("\xEF\xBF\xBF"), none);      // not a character
  EXPECT_EQ(EscapeMarkup("\xF4\x90\x80\x80"), none);  // beyond the last
}

TEST(Markup, ElementsAreBalanced) {
  Markup out;
  out.Open("div").Element("b", "x").Empty("br");
  EXPECT_THROW(out.Take(), std::logic_error);
  EXPECT_THROW(out.Close("p"), std::logic_error);
  out.Close("div");
  EXPECT_EQ(out.Take(), "<div><b>x</b><br/></div>");
  EXPECT_THROW(out.Close("div"), std::logic_error);
}

TEST(Markup, CoordinatesAreShort) {
  EXPECT_EQ(Coordinate(1), "1");
  EXPECT_EQ(Coordinate(-0.001), "0");
  EXPECT_EQ(Coordinate(12.345), "12.35");
  EXPECT_EQ(Coordinate(100), "100");
  EXPECT_EQ(Coordinate(-7.5), "-7.5");
}

TEST(XmlCheck, FindsFaults) {
  EXPECT_EQ(XmlFault("<a><b/></a>"), "");
  for (const char* bad : {"", "x", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a b=c/>", "<a b=\"<\"/>",
                          "<a>&nbsp;</a>", "<a>&</a>", "<a b=\"1\" b=\"2\"/>", "<a>\xC3\xA9</a>"}) {
    EXPECT_NE(XmlFault(bad), "") << bad;
  }
}

}  // namespace
}  // namespace ecomm::core
