// A strict reader of XML, as far as pages and pictures go: for tests that what is written is well formed.
#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace ecomm::core {

// Empty where `text` is one well-formed element in ASCII (a doctype may stand before it), else what is wrong
// with it.
inline std::string XmlFault(std::string_view text) {
  std::vector<std::string> open;
  std::size_t i = 0;
  const auto at = [&](const std::string& what) { return what + " at " + std::string(text.substr(i, 40)); };
  const auto name = [&] {
    const std::size_t begin = i;
    while (i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '-')) ++i;
    return std::string(text.substr(begin, i - begin));
  };
  const auto bad_reference = [&] {
    const std::size_t end = text.find(';', i);
    if (end == std::string_view::npos) return true;
    const std::string_view reference = text.substr(i + 1, end - i - 1);
    if (reference == "amp" || reference == "lt" || reference == "gt" || reference == "quot") return false;
    if (reference.size() < 2 || reference[0] != '#') return true;
    for (const char c : reference.substr(1)) {
      if (c < '0' || c > '9') return true;
    }
    return false;
  };
  if (text.starts_with("<!DOCTYPE html>\n")) i = 16;
  bool root = false;
  while (i < text.size()) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x7F || (c < 0x20 && c != '\n' && c != '\t'))
      return at("a character outside ASCII");
    if (c == '&' && bad_reference()) return at("a bad reference");
    if (c != '<') {
      if (open.empty() && c != '\n') return at("text outside of the element");
      ++i;
      continue;
    }
    ++i;
    if (i < text.size() && text[i] == '/') {
      ++i;
      const std::string closed = name();
      if (open.empty() || open.back() != closed || i >= text.size() || text[i] != '>')
        return at("a wrong end tag " + closed);
      open.pop_back();
      ++i;
      continue;
    }
    if (open.empty() && root) return at("a second element");
    root = true;
    const std::string element = name();
    if (element.empty()) return at("no name");
    std::vector<std::string> attributes;
    while (i < text.size() && text[i] == ' ') {
      ++i;
      const std::string attribute = name();
      for (const std::string& other : attributes) {
        if (other == attribute) return at("attribute twice: " + attribute);
      }
      attributes.push_back(attribute);
      if (attribute.empty() || text.substr(i, 2) != "=\"") return at("a bad attribute");
      for (i += 2; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '<' || (text[i] == '&' && bad_reference())) return at("a bad value");
      }
      ++i;
    }
    const bool empty = text.substr(i, 2) == "/>";
    if (!empty && (i >= text.size() || text[i] != '>')) return at("a bad tag");
    i += empty ? 2 : 1;
    if (!empty) open.push_back(element);
  }
  if (!open.empty()) return "not closed: " + open.back();
  return root ? "" : "no element";
}

inline std::size_t CountOf(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t i = text.find(part); i != std::string_view::npos; i = text.find(part, i + part.size()))
    ++count;
  return count;
}

}  // namespace ecomm::core
