// XML read by a parser that is not ours (expat), as a tree; anything not well formed is an error.
//
//   XmlTree tree = ParseXml(text);
//   ASSERT_EQ(tree.error, "");
//   tree.root.children[0].attributes.at("name")
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kelpie::test {

struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // all of its own character data
  std::vector<XmlElement> children;

  // The child of that name, or null.
  [[nodiscard]] const XmlElement* Find(std::string_view child) const {
    for (const XmlElement& one : children) {
      if (one.name == child) return &one;
    }
    return nullptr;
  }
};

struct XmlTree {
  std::string error;  // empty: well formed
  XmlElement root;
};

[[nodiscard]] XmlTree ParseXml(std::string_view text);

}  // namespace kelpie::test
