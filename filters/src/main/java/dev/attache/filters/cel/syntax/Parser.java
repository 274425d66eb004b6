package dev.attache.filters.cel.syntax;

import dev.attache.filters.cel.syntax.Token.Kind;
import dev.attache.filters.cel.value.Null;
import dev.attache.filters.cel.value.Uint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the language
 * (https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax), by descent. Depth and
 * length have Envoy's limits. One use each.
 *
 * <p>A little longer than other files: one method for each rule of the grammar.
 */
public final class Parser {
    private static final int MAX_LENGTH = 100_000;
    private static final int MAX_DEPTH = 250;

    private static final Set<String> RESERVED =
            Set.of(
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    /** Of the macros that loop, how many arguments each takes. */
    private static final Map<String, Set<Integer>> LOOPS =
            Map.of(
                    "all", Set.of(2),
                    "exists", Set.of(2),
                    "exists_one", Set.of(2),
                    "existsOne", Set.of(2),
                    "filter", Set.of(2),
                    "map", Set.of(2, 3));

    private static final Set<String> RELATIONS = Set.of("<", "<=", ">", ">=", "==", "!=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "%");
    private static final Set<String> SUMS = Set.of("+", "-");

    private final String text;
    private final List<Token> tokens;
    private int next;
    private int nesting;

    /** How deep the tree is that was made last. */
    private int depth;

    private Parser(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    /**
     * The tree of an expression.
     *
     * @param text characters
     */
    public static Syntax parse(String text) throws SyntaxException {
        if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
            throw new SyntaxException(
                    text, 0, "expression size exceeds codepoint limit of " + MAX_LENGTH);
        }
        Parser parser = new Parser(text, Lexer.tokens(text));
        Syntax tree = parser.expression();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("<EOF>");
        }
        return tree;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean at(String operator) {
        return peek().is(operator);
    }

    private boolean take(String operator) {
        if (at(operator)) {
            next++;
            return true;
        }
        return false;
    }

    private void expect(String operator) throws SyntaxException {
        if (!take(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    private SyntaxException unexpected(String expected) {
        Token token = peek();
        return error(
                token,
                "Syntax error: mismatched input " + token.shown() + " expecting " + expected);
    }

    private SyntaxException error(Token token, String reason) {
        return new SyntaxException(text, token.start(), reason);
    }

    /** Says that what is made now holds parts of at most that depth. */
    private <S extends Syntax> S made(S tree, int deepest) throws SyntaxException {
        depth = deepest + 1;
        if (depth > MAX_DEPTH) {
            throw tooDeep();
        }
        return tree;
    }

    private SyntaxException tooDeep() {
        return error(peek(), "Exceeded max recursion depth of " + MAX_DEPTH + " when parsing.");
    }

    private Syntax expression() throws SyntaxException {
        if (++nesting > MAX_DEPTH) {
            throw tooDeep();
        }
        Syntax tree = either();
        if (take("?")) {
            int deepest = depth;
            Syntax yes = either();
            deepest = Math.max(deepest, depth);
            expect(":");
            Syntax no = expression();
            tree =
                    made(
                            new Syntax.Call(null, "_?_:_", List.of(tree, yes, no)),
                            Math.max(deepest, depth));
        }
        nesting--;
        return tree;
    }

    @FunctionalInterface
    private interface Rule {
        Syntax parse() throws SyntaxException;
    }

    private Syntax either() throws SyntaxException {
        return logical("||", this::both);
    }

    private Syntax both() throws SyntaxException {
        return logical("&&", this::relation);
    }

    /** All that one operator joins becomes one call. */
    private Syntax logical(String operator, Rule part) throws SyntaxException {
        Syntax first = part.parse();
        if (!at(operator)) {
            return first;
        }
        int deepest = depth;
        List<Syntax> parts = new ArrayList<>();
        parts.add(first);
        while (take(operator)) {
            parts.add(part.parse());
            deepest = Math.max(deepest, depth);
        }
        return made(new Syntax.Call(null, "_" + operator + "_", List.copyOf(parts)), deepest);
    }

    private Syntax relation() throws SyntaxException {
        Syntax left = binary(SUMS, () -> binary(PRODUCTS, this::unary));
        while (true) {
            String function;
            if (peek().kind() == Kind.OPERATOR && RELATIONS.contains(peek().text())) {
                function = "_" + peek().text() + "_";
            } else if (peek().kind() == Kind.NAME && peek().text().equals("in")) {
                function = "@in";
            } else {
                return left;
            }
            next++;
            int deepest = depth;
            Syntax right = binary(SUMS, () -> binary(PRODUCTS, this::unary));
            left =
                    made(
                            new Syntax.Call(null, function, List.of(left, right)),
                            Math.max(deepest, depth));
        }
    }

    private Syntax binary(Set<String> operators, Rule part) throws SyntaxException {
        Syntax left = part.parse();
        while (peek().kind() == Kind.OPERATOR && operators.contains(peek().text())) {
            String function = "_" + tokens.get(next++).text() + "_";
            int deepest = depth;
            Syntax right = part.parse();
            left =
                    made(
                            new Syntax.Call(null, function, List.of(left, right)),
                            Math.max(deepest, depth));
        }
        return left;
    }

    /** Two signs in a row are none. */
    private Syntax unary() throws SyntaxException {
        String sign = at("!") ? "!" : at("-") ? "-" : "";
        if (sign.isEmpty()) {
            return member();
        }
        int count = 0;
        while (take(sign)) {
            count++;
        }
        Kind kind = peek().kind();
        if (sign.equals("-") && (kind == Kind.INT || kind == Kind.DOUBLE)) {
            // The last one belongs to the number.
            Syntax number = suffixes(number(true));
            return count % 2 == 1 ? number : negated(sign, number);
        }
        Syntax operand = member();
        return count % 2 == 0 ? operand : negated(sign, operand);
    }

    private Syntax negated(String sign, Syntax operand) throws SyntaxException {
        return made(new Syntax.Call(null, sign + "_", List.of(operand)), depth);
    }

    private Syntax member() throws SyntaxException {
        return suffixes(primary());
    }

    private Syntax suffixes(Syntax operand) throws SyntaxException {
        Syntax tree = operand;
        while (true) {
            int deepest = depth;
            if (take(".")) {
                tree = selection(tree, deepest);
            } else if (take("[")) {
                if (at("?")) {
                    throw error(peek(), "unsupported syntax '[?'");
                }
                Syntax index = expression();
                expect("]");
                tree =
                        made(
                                new Syntax.Call(null, "_[_]", List.of(tree, index)),
                                Math.max(deepest, depth));
            } else {
                return tree;
            }
        }
    }

    private Syntax selection(Syntax operand, int deepest) throws SyntaxException {
        Token name = peek();
        if (name.is("?")) {
            throw error(name, "unsupported syntax '.?'");
        }
        if (name.kind() == Kind.QUOTED_NAME) {
            next++;
            return made(new Syntax.Select(operand, name.text(), false), deepest);
        }
        if (name.kind() != Kind.NAME || isLiteral(name.text())) {
            throw unexpected("IDENTIFIER");
        }
        next++;
        if (!take("(")) {
            return made(new Syntax.Select(operand, name.text(), false), deepest);
        }
        List<Syntax> arguments = items(")");
        deepest = Math.max(deepest, depth);
        Set<Integer> loop = LOOPS.get(name.text());
        return loop != null && loop.contains(arguments.size())
                ? made(new Syntax.Comprehension(), 0)
                : made(new Syntax.Call(operand, name.text(), arguments), deepest);
    }

    private static boolean isLiteral(String name) {
        return name.equals("true")
                || name.equals("false")
                || name.equals("null")
                || name.equals("in");
    }

    /** Up to a closing bracket; leaves the depth of the deepest. */
    private List<Syntax> items(String close) throws SyntaxException {
        List<Syntax> items = new ArrayList<>();
        int deepest = 0;
        if (!take(close)) {
            do {
                if (close.equals("]") && !items.isEmpty() && at(close)) {
                    break; // a comma may end a list
                }
                if (at("?")) {
                    throw error(peek(), "unsupported syntax '?'");
                }
                items.add(expression());
                deepest = Math.max(deepest, depth);
            } while (take(","));
            expect(close);
        }
        depth = deepest;
        return List.copyOf(items);
    }

    private Syntax primary() throws SyntaxException {
        Token token = peek();
        switch (token.kind()) {
            case INT, UINT, DOUBLE:
                return number(false);
            case STRING, BYTES:
                next++;
                return made(new Syntax.Literal(token.value()), 0);
            case NAME:
                return named(false);
            default:
                break;
        }
        if (take("(")) {
            Syntax tree = expression();
            expect(")");
            return tree;
        }
        if (take("[")) {
            List<Syntax> items = items("]");
            return made(new Syntax.Listing(items), depth);
        }
        if (take("{")) {
            return mapping();
        }
        if (take(".")) {
            return named(true);
        }
        throw unexpected("an expression");
    }

    private Syntax number(boolean negative) throws SyntaxException {
        Token token = tokens.get(next++);
        String digits = token.text();
        boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
        String sign = negative ? "-" : "";
        try {
            Object value =
                    switch (token.kind()) {
                        case DOUBLE -> Double.parseDouble(sign + digits);
                        case UINT ->
                                new Uint(
                                        hexadecimal
                                                ? Long.parseUnsignedLong(digits.substring(2), 16)
                                                : Long.parseUnsignedLong(digits));
                        default ->
                                hexadecimal
                                        ? Long.parseLong(sign + digits.substring(2), 16)
                                        : Long.parseLong(sign + digits);
                    };
            return made(new Syntax.Literal(value), 0);
        } catch (NumberFormatException e) {
            throw error(
                    token,
                    token.kind() == Kind.UINT ? "invalid uint literal" : "invalid int literal");
        }
    }

    private Syntax named(boolean dotted) throws SyntaxException {
        Token token = peek();
        if (token.kind() != Kind.NAME || token.text().equals("in")) {
            throw unexpected("IDENTIFIER");
        }
        String name = token.text();
        next++;
        if (!dotted && isLiteral(name)) {
            Object value = name.equals("null") ? Null.NULL : (Object) name.equals("true");
            return made(new Syntax.Literal(value), 0);
        }
        String type = messageType(name);
        if (type != null) {
            return message(type);
        }
        if (RESERVED.contains(name)) {
            throw error(token, "reserved identifier: " + name);
        }
        if (!take("(")) {
            return made(new Syntax.Name(name), 0);
        }
        Token first = peek();
        List<Syntax> arguments = items(")");
        return name.equals("has") && arguments.size() == 1
                ? presence(first, arguments.getFirst())
                : made(new Syntax.Call(null, name, arguments), depth);
    }

    private Syntax presence(Token token, Syntax argument) throws SyntaxException {
        if (argument instanceof Syntax.Select(Syntax operand, String field, boolean test)
                && !test) {
            return made(new Syntax.Select(operand, field, true), depth);
        }
        throw error(token, "has() argument must be a field selection");
    }

    /** The name of a message that begins here, which is known by its brace; else null. */
    private @Nullable String messageType(String first) {
        StringBuilder name = new StringBuilder(first);
        int i = next;
        while (tokens.get(i).is(".") && tokens.get(i + 1).kind() == Kind.NAME) {
            name.append('.').append(tokens.get(i + 1).text());
            i += 2;
        }
        if (!tokens.get(i).is("{")) {
            return null;
        }
        next = i + 1;
        return name.toString();
    }

    private Syntax message(String type) throws SyntaxException {
        List<Syntax.Field> fields = new ArrayList<>();
        int deepest = 0;
        while (!at("}")) {
            Token name = peek();
            if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME) {
                throw unexpected("IDENTIFIER");
            }
            next++;
            expect(":");
            fields.add(new Syntax.Field(name.text(), expression()));
            deepest = Math.max(deepest, depth);
            if (!take(",")) {
                break;
            }
        }
        expect("}");
        return made(new Syntax.Message(type, List.copyOf(fields)), deepest);
    }

    private Syntax mapping() throws SyntaxException {
        List<Syntax.Entry> entries = new ArrayList<>();
        int deepest = 0;
        while (!at("}")) {
            Syntax key = expression();
            deepest = Math.max(deepest, depth);
            expect(":");
            entries.add(new Syntax.Entry(key, expression()));
            deepest = Math.max(deepest, depth);
            if (!take(",")) {
                break;
            }
        }
        expect("}");
        return made(new Syntax.Mapping(List.copyOf(entries)), deepest);
    }
}
