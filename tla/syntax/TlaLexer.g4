// Text to raw tokens. Only classes are told apart here; which keyword, operator or bracket
// a text is, is looked up in tokens.def and operators.def, so that the automaton stays small.
lexer grammar TlaLexer;

// --- outside: whatever stands before the module
OUTSIDE_MODULE : '----' '-'* [ \t\r\n]* 'MODULE' -> type(MODULE_BEGIN), mode(INSIDE) ;
OUTSIDE_TEXT   : ~'-'+ -> skip ;
OUTSIDE_DASH   : '-'+ -> skip ;

mode INSIDE;

MODULE_BEGIN  : '----' '-'* [ \t\r\n]* 'MODULE' ;
SEPARATOR     : '----' '-'* ;
MODULE_END    : '====' '='* ;
SPACE         : [ \t\r\n\f\u00A0\uFEFF]+ -> skip ;
LINE_COMMENT  : '\\*' ~[\r\n]* -> skip ;
COMMENT_OPEN  : '(*' -> pushMode(COMMENT) ;
BASED_NUMBER  : '\\' ( [bB] [01]+ | [oO] [0-7]+ | [hH] [0-9a-fA-F]+ ) ;
NUMBER        : [0-9]+ ( '.' [0-9]+ )? ;
WORD          : [a-zA-Z0-9_]* [a-zA-Z] [a-zA-Z0-9_]* ;
BACKSLASH_WORD: '\\' [a-zA-Z] [a-zA-Z0-9_]* ;
STRING        : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '"' ;
OPEN_STRING   : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '\\'? ;
STEP          : '<' ( [0-9]+ | '*' | '+' ) '>' [a-zA-Z0-9_]* '.'* ;
SYMBOL
    : '=>' | '-+->' | '<=>' | '~>' | '/\\' | '\\/' | '~' | '=' | '#' | '/=' | '<' | '>' | '<=' | '=<' | '>='
    | '..' | '...' | '+' | '-' | '-.' | '*' | '/' | '^' | '%' | '&' | '&&' | '|' | '||' | '++' | '--' | '**' | '//'
    | '^^' | '##' | '%%' | '$' | '$$' | '??' | '!!' | '@@' | ':>' | '<:' | ':=' | '::=' | '!' | '.' | '\''
    | '^+' | '^*' | '^#' | '[]' | '<>' | '|-' | '|=' | '-|' | '=|' | '\\'
    | '(+)' | '(-)' | '(.)' | '(/)' | '(\\X)'
    | '->' | '<-' | '|->' | '<<' | '>>' | '>>_' | '[' | ']' | ']_' | '{' | '}' | '(' | ')' | ',' | ':' | '::' | '=='
    | '_' | '@'
    ;
WIDE          : '\u2200\u2200' | '\u2203\u2203' | '\u27E9_' | ~[\u0000-\u007F] ;
STRAY         : . ;

mode COMMENT;

COMMENT_AGAIN : '(*' -> type(COMMENT_OPEN), pushMode(COMMENT) ;
COMMENT_CLOSE : '*)' -> popMode ;
COMMENT_TEXT  : ~[(*]+ -> skip ;
COMMENT_CHAR  : [(*] -> skip ;
