#include "ecomm_analytics/core/markup.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace ecomm::core {
namespace {

constexpr std::uint32_t kReplacement = 0xFFFD;

bool IsXmlCharacter(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0x7F) || (c >= 0xA0 && c <= 0xD7FF) ||
         (c >= 0xE000 && c < kReplacement) || (c >= 0x10000 && c <= 0x10FFFF && (c & 0xFFFE) != 0xFFFE);
}

// The character at `position`, which moves behind it; a byte that begins none is taken alone.
std::uint32_t NextCharacter(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(position++);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF8 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || first >= 0xF8 || position + more > text.size()) return kReplacement;
  std::uint32_t character = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    const std::uint32_t next = byte(position + i);
    if ((next & 0xC0) != 0x80) return kReplacement;
    character = character << 6 | (next & 0x3F);
  }
  constexpr std::uint32_t kShortest[] = {0, 0x80, 0x800, 0x10000};
  if (character < kShortest[more]) return kReplacement;
  position += more;
  return character;
}

void AppendReference(std::string& out, std::uint32_t character) {
  out += "&#";
  out += std::to_string(character);
  out += ';';
}

}  // namespace

std::string EscapeMarkup(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size();) {
    const std::uint32_t c = NextCharacter(text, i);
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (!IsXmlCharacter(c)) {
          AppendReference(out, kReplacement);
        } else if (c < 0x80) {
          out += static_cast<char>(c);
        } else {
          AppendReference(out, c);
        }
    }
  }
  return out;
}

std::string Coordinate(double value) {
  const double rounded = std::round(value * 100) / 100;
  char buffer[400];
  std::snprintf(buffer, sizeof buffer, "%.2f", rounded == 0 ? 0.0 : rounded);
  std::string text = buffer;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

void Markup::Start(std::string_view element, Attributes attributes) {
  out_ += '<';
  out_ += element;
  for (const Attribute& attribute : attributes) {
    out_ += ' ';
    out_ += attribute.name;
    out_ += "=\"";
    out_ += EscapeMarkup(attribute.value);
    out_ += '"';
  }
}

Markup& Markup::Open(std::string_view element, Attributes attributes) {
  Start(element, attributes);
  out_ += '>';
  open_.emplace_back(element);
  return *this;
}

Markup& Markup::Close(std::string_view element) {
  if (open_.empty() || open_.back() != element) {
    throw std::logic_error("markup: " + std::string(element) + " is not what is open");
  }
  open_.pop_back();
  out_ += "</";
  out_ += element;
  out_ += '>';
  return *this;
}

Markup& Markup::Empty(std::string_view element, Attributes attributes) {
  Start(element, attributes);
  out_ += "/>";
  return *this;
}

Markup& Markup::Text(std::string_view text) {
  out_ += EscapeMarkup(text);
  return *this;
}

Markup& Markup::Element(std::string_view element, Attributes attributes, std::string_view text) {
  return Open(element, attributes).Text(text).Close(element);
}

Markup& Markup::Verbatim(std::string_view text) {
  out_ += text;
  return *this;
}

std::string Markup::Take() {
  if (!open_.empty()) throw std::logic_error("markup: " + open_.back() + " is still open");
  return std::exchange(out_, {});
}

}  // namespace ecomm::core
