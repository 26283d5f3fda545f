# The runtime header of ANTLR in Debian 12 is no C++ for clang: it default-initialises constant
# vectors without saying so. For clang alone, an overlay shows a copy that says so, with the same layout.
# Included where the target kelpie_tla_grammar and ANTLR4_INCLUDE are known.
set(header ${ANTLR4_INCLUDE}/Vocabulary.h)
set(copy ${CMAKE_BINARY_DIR}/antlr/Vocabulary.h)
set(overlay ${CMAKE_BINARY_DIR}/antlr/overlay.yaml)
file(READ ${header} text)
string(REPLACE "Vocabulary() = default;" "Vocabulary() : _literalNames(), _symbolicNames(), _displayNames() {}" text
  "${text}")
# Written when it differs, so that configuring again builds nothing again.
file(CONFIGURE OUTPUT ${copy} CONTENT "${text}" @ONLY)
file(CONFIGURE OUTPUT ${overlay} CONTENT "{'version': 0, 'roots': [{'name': '${ANTLR4_INCLUDE}', 'type': 'directory',
  'contents': [{'name': 'Vocabulary.h', 'type': 'file', 'external-contents': '${copy}'}]}]}\n" @ONLY)
target_compile_options(kelpie_tla_grammar PUBLIC -ivfsoverlay ${overlay})
