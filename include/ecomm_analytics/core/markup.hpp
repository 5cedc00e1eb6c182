// Writes HTML and SVG that is well-formed XML too, in ASCII: whatever the text holds, it stays text, and
// whatever the encodings between here and the reader, it arrives.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

// Text as it stands between tags or in a quoted attribute: & < > " ' and everything outside ASCII become
// references. Takes UTF-8; bytes that are none, and control characters, become U+FFFD.
std::string EscapeMarkup(std::string_view text);

struct Attribute {
  std::string_view name;
  std::string value;
};

// At most two digits behind the point, none where they are 0: coordinates.
std::string Coordinate(double value);

// Elements in the order they are written. Names of elements and attributes are the program's own and go out
// as they are; values and text are escaped.
class Markup {
 public:
  using Attributes = std::initializer_list<Attribute>;

  Markup& Open(std::string_view element, Attributes attributes = {});
  // Throws std::logic_error where `element` is not what is open.
  Markup& Close(std::string_view element);
  // <element …/>
  Markup& Empty(std::string_view element, Attributes attributes = {});
  Markup& Text(std::string_view text);
  // <element …>text</element>
  Markup& Element(std::string_view element, Attributes attributes, std::string_view text);
  Markup& Element(std::string_view element, std::string_view text) { return Element(element, {}, text); }
  // The program's own constants: a doctype, a style sheet.
  Markup& Verbatim(std::string_view text);

  // All that was written. Throws std::logic_error where an element is still open.
  std::string Take();

 private:
  void Start(std::string_view element, Attributes attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace ecomm::core
