#include "tests/support/xml_tree.h"

#include <expat.h>

#include <memory>

namespace kelpie::test {

namespace {

struct Builder {
  std::vector<XmlElement> open;
  XmlElement root;
};

void OnStart(void* data, const char* name, const char** attributes) {
  XmlElement& element = static_cast<Builder*>(data)->open.emplace_back();
  element.name = name;
  for (; *attributes != nullptr; attributes += 2) element.attributes[attributes[0]] = attributes[1];
}

void OnEnd(void* data, const char*) {
  auto& builder = *static_cast<Builder*>(data);
  XmlElement element = std::move(builder.open.back());
  builder.open.pop_back();
  (builder.open.empty() ? builder.root : builder.open.back().children.emplace_back()) = std::move(element);
}

void OnText(void* data, const char* text, int length) {
  auto& builder = *static_cast<Builder*>(data);
  if (!builder.open.empty()) builder.open.back().text.append(text, static_cast<std::size_t>(length));
}

}  // namespace

XmlTree ParseXml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  Builder builder;
  XML_SetUserData(parser.get(), &builder);
  XML_SetElementHandler(parser.get(), OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser.get(), OnText);
  XmlTree tree;
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) == XML_STATUS_ERROR) {
    tree.error = std::string(XML_ErrorString(XML_GetErrorCode(parser.get()))) + " at line " +
                 std::to_string(XML_GetCurrentLineNumber(parser.get()));
  }
  tree.root = std::move(builder.root);
  return tree;
}

}  // namespace kelpie::test
