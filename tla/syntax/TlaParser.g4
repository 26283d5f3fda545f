// Prepared tokens to a tree. The passes before it (brackets.h, marks.h, junction_lists.h) have
// said what each bracket is, where definitions, lists and CASEs begin and end, so every decision
// below needs one token. An expression is a flat sequence; fold.cpp gives it its precedences.
// Token names are those of tokens.def.
parser grammar TlaParser;

tokens {
  IDENTIFIER, NUMBER, STRING, AT,
  MODULE_BEGIN, MODULE_END, SEPARATOR, EXTENDS, CONSTANT, VARIABLE, ASSUME, THEOREM, PROVE, NEW, LEVEL_WORD,
  INSTANCE, WITH, LOCAL, RECURSIVE, LET, IN, IF, THEN, ELSE, CASE, OTHER, CHOOSE, LAMBDA, EXCEPT,
  FORALL, EXISTS, TEMPORAL_FORALL, TEMPORAL_EXISTS, FAIRNESS,
  PREFIX_OP, INFIX_OP, POSTFIX_OP, MINUS, EQUALS, ELEMENT_OF, BOX, DOT, BANG,
  LPAREN, LPAREN_ARGS, RPAREN, LBRACE_SET, LBRACE_FILTER, LBRACE_MAP, RBRACE,
  LBRACKET_APPLY, LBRACKET_FUNCTION, LBRACKET_FUNCTION_SET, LBRACKET_EXCEPT, LBRACKET_RECORD,
  LBRACKET_RECORD_SET, LBRACKET_ACTION, RBRACKET, RBRACKET_SUB, LANGLE, RANGLE, RANGLE_SUB,
  COMMA, COLON, LABEL, DEFINES, MAPS_TO, ARROW, SUBSTITUTES, UNDERSCORE,
  DEFINITION, LET_DEFINITION, LIST_BEGIN, BULLET, LIST_END, CASE_SEPARATOR, CASE_END,
  STRAY  // words of proofs: wrong wherever a pass has left one
}

file : module EOF ;

module : MODULE_BEGIN IDENTIFIER SEPARATOR extends? unit* MODULE_END ;

extends : EXTENDS IDENTIFIER (COMMA IDENTIFIER)* ;

unit
    : LOCAL (definition | instance)
    | definition
    | instance
    | constants
    | variables
    | recursive
    | assumption
    | theorem
    | module
    | SEPARATOR
    ;

constants : CONSTANT declaration (COMMA declaration)* ;
variables : VARIABLE IDENTIFIER (COMMA IDENTIFIER)* ;
recursive : RECURSIVE declaration (COMMA declaration)* ;

declaration
    : IDENTIFIER (LPAREN_ARGS UNDERSCORE (COMMA UNDERSCORE)* RPAREN)?
    | UNDERSCORE (infixSymbol UNDERSCORE | POSTFIX_OP)
    | PREFIX_OP UNDERSCORE
    ;

infixSymbol : INFIX_OP | MINUS | EQUALS | ELEMENT_OF ;

definition    : DEFINITION definitionBody ;
letDefinition : LET_DEFINITION definitionBody ;
definitionBody : definitionHead DEFINES (instance | expression) ;

definitionHead
    : IDENTIFIER (LPAREN_ARGS declaration (COMMA declaration)* RPAREN
                 | LBRACKET_APPLY bounds RBRACKET
                 | infixSymbol IDENTIFIER
                 | POSTFIX_OP)?
    | PREFIX_OP IDENTIFIER
    ;

instance : INSTANCE IDENTIFIER (WITH substitution (COMMA substitution)*)? ;
substitution : (IDENTIFIER | infixSymbol | PREFIX_OP | POSTFIX_OP) SUBSTITUTES expression ;

assumption : ASSUME (DEFINITION IDENTIFIER DEFINES)? expression ;

theorem : THEOREM (DEFINITION IDENTIFIER DEFINES)? (assumeProve | expression) ;
assumeProve : ASSUME assumeItem (COMMA assumeItem)* PROVE expression ;
assumeItem : newSymbol | assumeProve | expression assumeProve? ;  // `lab :: ASSUME ...` begins with `lab ::`
newSymbol : (NEW (CONSTANT | VARIABLE | LEVEL_WORD)? | CONSTANT | VARIABLE | LEVEL_WORD) declaration (ELEMENT_OF expression)? ;

// --- expressions

expression : openExpression | element+ openExpression? ;

// Constructs that reach as far to the right as they can.
openExpression
    : quantifier
    | temporalQuantifier
    | choose
    | conditional
    | cases
    | let
    | lambda
    ;

element
    : (INFIX_OP | POSTFIX_OP | EQUALS | ELEMENT_OF) arguments?  // +(1, 2) is 1 + 2
    | PREFIX_OP | MINUS | BOX | LABEL
    | NUMBER | STRING | AT
    | name
    | application
    | field
    | parentheses
    | setEnumeration
    | setFilter
    | setMap
    | function
    | functionSet
    | record
    | recordSet
    | except
    | squareAction
    | tuple
    | fairness
    | junctionList
    ;

name : IDENTIFIER arguments? (BANG nameStep)* ;
nameStep : (IDENTIFIER | NUMBER | COLON | AT | infixSymbol | PREFIX_OP | POSTFIX_OP) arguments? | arguments ;
arguments : LPAREN_ARGS expression (COMMA expression)* RPAREN ;
application : LBRACKET_APPLY expression (COMMA expression)* RBRACKET ;
field : DOT IDENTIFIER ;
parentheses : LPAREN expression RPAREN ;

identifierTuple : LANGLE IDENTIFIER (COMMA IDENTIFIER)* RANGLE ;
bounds : bound (COMMA bound)* ;
bound : (IDENTIFIER (COMMA IDENTIFIER)* | identifierTuple) ELEMENT_OF expression ;

quantifier : (FORALL | EXISTS) (IDENTIFIER (COMMA IDENTIFIER)* | identifierTuple)
             (ELEMENT_OF expression (COMMA bound)*)? COLON expression ;
temporalQuantifier : (TEMPORAL_FORALL | TEMPORAL_EXISTS) IDENTIFIER (COMMA IDENTIFIER)* COLON expression ;
choose : CHOOSE (IDENTIFIER | identifierTuple) (ELEMENT_OF expression)? COLON expression ;
conditional : IF expression THEN expression ELSE expression ;
cases : CASE caseArm (CASE_SEPARATOR caseArm)* CASE_END ;
caseArm : (OTHER | expression) ARROW expression ;
let : LET (letDefinition | recursive)+ IN expression ;
lambda : LAMBDA IDENTIFIER (COMMA IDENTIFIER)* COLON expression ;

setEnumeration : LBRACE_SET (expression (COMMA expression)*)? RBRACE ;
setFilter : LBRACE_FILTER (IDENTIFIER | identifierTuple) ELEMENT_OF expression COLON expression RBRACE ;
setMap : LBRACE_MAP expression COLON bounds RBRACE ;

function : LBRACKET_FUNCTION bounds MAPS_TO expression RBRACKET ;
functionSet : LBRACKET_FUNCTION_SET expression ARROW expression RBRACKET ;
record : LBRACKET_RECORD IDENTIFIER MAPS_TO expression (COMMA IDENTIFIER MAPS_TO expression)* RBRACKET ;
recordSet : LBRACKET_RECORD_SET IDENTIFIER COLON expression (COMMA IDENTIFIER COLON expression)* RBRACKET ;
except : LBRACKET_EXCEPT expression EXCEPT update (COMMA update)* RBRACKET ;
update : BANG (application | field)+ EQUALS expression ;

squareAction : LBRACKET_ACTION expression RBRACKET_SUB subscript ;
tuple : LANGLE (expression (COMMA expression)*)? (RANGLE | RANGLE_SUB subscript) ;
plainTuple : LANGLE (expression (COMMA expression)*)? RANGLE ;
subscript : name | parentheses | plainTuple ;
fairness : FAIRNESS fairSubscript (LPAREN | LPAREN_ARGS) expression RPAREN ;
fairSubscript : IDENTIFIER (BANG IDENTIFIER)* | parentheses | plainTuple ;

junctionList : LIST_BEGIN (BULLET expression)+ LIST_END ;
