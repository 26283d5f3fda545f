// SVG: pictures as records, [name, attrs, children, innerText], and their text.
#include <cmath>
#include <numbers>

#include "checker/eval/library.h"

namespace kelpie::eval {

namespace {

using Attributes = std::vector<std::pair<std::string, Value>>;

Value Text(const Value& value) { return Value::String(ToString(value)); }

Value Element(const char* name, const Value& attributes, const Value& children, const Value& text) {
  return Value::Record({{Intern("name"), Value::String(name)},
                        {Intern("attrs"), attributes},
                        {Intern("children"), children},
                        {Intern("innerText"), text}});
}

// The element's own attributes, and of argument `more` those that it does not have.
Value Merged(Operands& o, const Attributes& own, std::size_t more) {
  const Value others = o.Function(more);
  std::vector<std::pair<Value, Value>> entries;
  for (const auto& [name, value] : own) entries.emplace_back(Value::String(name), value);
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Value name = others.Key(i);
    bool is_own = false;
    for (std::size_t k = 0; k < own.size(); ++k) is_own = o.Equal(entries[k].first, name) || is_own;
    if (!is_own) entries.emplace_back(name, others.items()[i]);
  }
  return o.MakeFunction(std::move(entries));
}

// Arguments 0.. are the attributes of these names, the argument behind them is more of them.
Value Simple(Operands& o, const char* name, std::initializer_list<const char*> names) {
  Attributes own;
  for (const char* attribute : names) own.emplace_back(attribute, Text(o.Any(own.size())));
  return Element(name, Merged(o, own, names.size()), Value::Sequence({}), Value::String(""));
}

Value TextElement(Operands& o) {
  const Attributes own{{"x", Text(o.Any(0))}, {"y", Text(o.Any(1))}};
  return Element("text", Merged(o, own, 3), Value::Sequence({}), o.Any(2));
}

Value Image(Operands& o) {
  const Attributes own{{"x", Text(o.Any(0))},
                       {"y", Text(o.Any(1))},
                       {"width", Text(o.Any(2))},
                       {"height", Text(o.Any(3))},
                       {"xlink:href", o.Any(4)}};
  return Element("image", Merged(o, own, 5), Value::Sequence({}), Value::String(""));
}

Value Document(Operands& o) {
  std::string box;
  for (std::size_t i = 1; i <= 4; ++i) box += (i > 1 ? " " : "") + ToString(o.Any(i));
  const Attributes own{{"xmlns:xlink", Value::String("http://www.w3.org/1999/xlink")},
                       {"xmlns", Value::String("http://www.w3.org/2000/svg")},
                       {"viewBox", Value::String(box)}};
  return Element("svg", Merged(o, own, 5), Value::Sequence({o.Any(0)}), Value::String(""));
}

// --- text

std::string TextField(Operands& o, const Value& element, const char* field) {
  const Value value = o.Apply(element, Value::String(field));
  if (value.kind() != ValueKind::kString)
    o.Fail(ErrorKind::kType, std::string("the field ") + field + " of a picture is no string: " + ToString(value));
  return value.symbol().text();
}

void ReplaceEach(std::string& text, const std::string& old, const std::string& with) {
  for (std::size_t at = text.find(old); at != std::string::npos; at = text.find(old, at + with.size()))
    text.replace(at, old.size(), with);
}

void AppendElement(Operands& o, const Value& element, std::size_t depth, std::string& svg) {
  constexpr std::size_t kDepthMax = 1'000;
  if (depth > kDepthMax) o.Fail(ErrorKind::kDepth, "a picture has elements more than 1000 deep in one another");
  if (!element.is_record()) o.Fail(ErrorKind::kType, "a picture is a record, found " + ToString(element));
  const std::string name = TextField(o, element, "name");
  svg += "<" + name;
  const Value attributes = o.Apply(element, Value::String("attrs"));
  if (!attributes.is_record() && !(attributes.is_function() && attributes.size() == 0))
    o.Fail(ErrorKind::kType, "the attributes of a picture are a record, found " + ToString(attributes));
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    std::string attribute = attributes.Key(i).symbol().text();
    ReplaceEach(attribute, "_", "-");
    svg += " " + attribute + "='" + TextField(o, attributes, attributes.Key(i).symbol().text().c_str()) + "'";
  }
  svg += ">";
  std::string text = TextField(o, element, "innerText");
  ReplaceEach(text, "<<", "&lt;&lt;");
  ReplaceEach(text, ">>", "&gt;&gt;");
  svg += text;
  const Value children = o.Apply(element, Value::String("children"));
  if (!children.is_function())
    o.Fail(ErrorKind::kType, "the children of a picture are a function or sequence, found " + ToString(children));
  for (const Value& child : children.items()) AppendElement(o, child, depth + 1, svg);
  svg += "</" + name + ">";
}

std::string PictureText(Operands& o) {
  std::string svg;
  AppendElement(o, o.Any(0), 0, svg);
  return svg;
}

// --- places. Parts of a unit are cut off.

Value Point(double x, double y) {
  return Value::Record({{Intern("x"), Value::Int(static_cast<std::int64_t>(x))},
                        {Intern("y"), Value::Int(static_cast<std::int64_t>(y))}});
}

Value NodeOfRing(Operands& o) {
  const std::int64_t count = o.Int(4);
  if (count == 0) o.Fail(ErrorKind::kArithmetic, "a ring of no nodes");
  const double angle = 2 * std::numbers::pi / static_cast<double>(count) * static_cast<double>(o.Int(3));
  const auto radius = static_cast<double>(o.Int(2));
  return Point(static_cast<double>(o.Int(0)) + radius * std::cos(angle),
               static_cast<double>(o.Int(1)) + radius * std::sin(angle));
}

Value PointOnLine(Operands& o) {
  const Value from = o.Record(0);
  const Value to = o.Record(1);
  const std::int64_t segment = o.Int(2);
  if (segment == 0) o.Fail(ErrorKind::kArithmetic, "PointOnLine with segment 0");
  const auto coordinate = [&](const char* axis) {
    const auto a = static_cast<double>(o.IntOf(o.Apply(from, Value::String(axis))));
    const auto b = static_cast<double>(o.IntOf(o.Apply(to, Value::String(axis))));
    return a + (b - a) / static_cast<double>(segment);
  };
  const double x = coordinate("x");
  return Point(x, coordinate("y"));
}

Value SerializePicture(Operands& o) {
  std::string number = ToString(o.Any(2));
  constexpr std::size_t kWidth = 3;
  if (number.size() < kWidth) number.insert(0, kWidth - number.size(), '0');
  WriteFile(o, o.Text(1) + number + ".svg", PictureText(o), false);
  return TextOutcome(0, "", "");
}

}  // namespace

void AddPictures(LibraryTable& table) {
  table.Set(Builtin::kSvgElem, [](Operands& o) {
    const Value name = o.Any(0);
    return Value::Record({{Intern("name"), name},
                          {Intern("attrs"), o.Any(1)},
                          {Intern("children"), o.Any(2)},
                          {Intern("innerText"), o.Any(3)}});
  });
  table.Set(Builtin::kSvgLine, [](Operands& o) { return Simple(o, "line", {"x1", "y1", "x2", "y2"}); });
  table.Set(Builtin::kSvgCircle, [](Operands& o) { return Simple(o, "circle", {"cx", "cy", "r"}); });
  table.Set(Builtin::kSvgRect, [](Operands& o) { return Simple(o, "rect", {"x", "y", "width", "height"}); });
  table.Set(Builtin::kSvgText, TextElement);
  table.Set(Builtin::kSvgImage, Image);
  table.Set(Builtin::kSvgGroup, [](Operands& o) { return Element("g", o.Any(1), o.Any(0), Value::String("")); });
  table.Set(Builtin::kSvgSvg, [](Operands& o) { return Element("svg", o.Any(1), o.Any(0), Value::String("")); });
  table.Set(Builtin::kSvgDoc, Document);
  table.Set(Builtin::kSvgElemToString, [](Operands& o) { return Value::String(PictureText(o)); });
  table.Set(Builtin::kSvgNodeOfRing, NodeOfRing);
  table.Set(Builtin::kSvgPointOnLine, PointOnLine);
  table.Set(Builtin::kSvgSerialize, SerializePicture);
}

}  // namespace kelpie::eval
