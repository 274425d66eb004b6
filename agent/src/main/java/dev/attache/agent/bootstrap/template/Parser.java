package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.Token.Kind;
import dev.attache.agent.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the words of a template to its tree: one method for each rule of its grammar, which is why
 * it is longer than other files. One use each.
 */
final class Parser {

    private static final Set<String> KEYWORDS =
            Set.of(
                    "if",
                    "else",
                    "end",
                    "range",
                    "with",
                    "define",
                    "template",
                    "block",
                    "break",
                    "continue");
    private static final int MAX_DEPTH = 500;

    private final String source;
    private final List<Token> tokens;
    private final Set<String> functions;
    private final Map<String, List<Node>> templates;
    private int next;
    private int depth;
    private int loops;

    /** A list, and the word that ended it: empty, {@code end} or {@code else}. */
    private record Body(List<Node> nodes, String end) {}

    /**
     * @param templates where templates go that are defined within
     */
    Parser(String source, Set<String> functions, Map<String, List<Node>> templates) {
        this.source = source;
        this.tokens = new Lexer(source).tokens();
        this.functions = functions;
        this.templates = templates;
    }

    List<Node> parse() {
        Body body = body();
        if (!body.end.isEmpty()) {
            throw new Fault(tokens.get(next - 1).at(), "unexpected {{" + body.end + "}}");
        }
        return body.nodes;
    }

    private Body body() {
        if (++depth > MAX_DEPTH) {
            throw new Fault(peek().at(), "max expression depth exceeded");
        }
        List<Node> nodes = new ArrayList<>();
        while (true) {
            Token token = take();
            if (token.is(Kind.END)) {
                depth--;
                return new Body(nodes, "");
            }
            if (token.is(Kind.TEXT)) {
                nodes.add(new Node.Text(token.text()));
                continue;
            }
            Token word = blanks();
            if (word.word("end") || word.word("else")) {
                next++;
                depth--;
                if (word.word("end")) {
                    close("end");
                }
                return new Body(nodes, word.text());
            }
            statement(word, nodes);
        }
    }

    private void statement(Token word, List<Node> nodes) {
        if (!word.is(Kind.WORD) || !KEYWORDS.contains(word.text())) {
            Pipeline pipeline = pipeline("command");
            close("command");
            nodes.add(new Node.Action(pipeline));
            return;
        }
        next++;
        switch (word.text()) {
            case "if", "with", "range" -> nodes.add(control(word.text()));
            case "define" -> define();
            case "template" -> nodes.add(call(word.at()));
            case "block" -> nodes.add(block(word.at()));
            default -> {
                if (loops == 0) {
                    throw new Fault(word.at(), "{{" + word.text() + "}} outside {{range}}");
                }
                close(word.text());
                nodes.add(new Node.Leap(word.word("break")));
            }
        }
    }

    private Node control(String kind) {
        Pipeline pipeline = pipeline(kind);
        if (pipeline.commands().isEmpty()) {
            throw new Fault(pipeline.at(), "missing value for " + kind);
        }
        close(kind);
        loops += kind.equals("range") ? 1 : 0;
        Body then = body();
        loops -= kind.equals("range") ? 1 : 0;
        List<Node> otherwise = List.of();
        if (then.end.equals("else")) {
            otherwise = otherwise(kind);
        } else if (then.end.isEmpty()) {
            throw new Fault(pipeline.at(), "unexpected EOF: {{" + kind + "}} has no {{end}}");
        }
        return switch (kind) {
            case "if" -> new Node.Condition(pipeline, then.nodes, otherwise);
            case "with" -> new Node.Focus(pipeline, then.nodes, otherwise);
            default -> new Node.Loop(pipeline, then.nodes, otherwise);
        };
    }

    /** {@code else if} and {@code else with} share the end of what they belong to. */
    private List<Node> otherwise(String kind) {
        Token word = blanks();
        if (!kind.equals("range") && word.word(kind)) {
            next++;
            return List.of(control(kind));
        }
        int at = word.at();
        close("else");
        Body body = body();
        if (!body.end.equals("end")) {
            throw new Fault(
                    at, body.end.isEmpty() ? "unexpected EOF" : "expected end; found {{else}}");
        }
        return body.nodes;
    }

    private void define() {
        Token name = name("define clause");
        close("define clause");
        templates.put(name.text(), defined(name));
    }

    private Node block(int at) {
        Token name = name("block clause");
        Pipeline pipeline = pipeline("block clause");
        close("block clause");
        templates.putIfAbsent(name.text(), defined(name));
        return new Node.Call(at, name.text(), pipeline);
    }

    private List<Node> defined(Token name) {
        int outer = loops;
        loops = 0;
        Body body = body();
        loops = outer;
        if (!body.end.equals("end")) {
            String found = body.end.isEmpty() ? "EOF" : "{{else}}";
            throw new Fault(name.at(), "unexpected " + found + ": no {{end}} of " + name.text());
        }
        return body.nodes;
    }

    private Node call(int at) {
        Token name = name("template clause");
        Pipeline pipeline = blanks().is(Kind.RIGHT) ? null : pipeline("template clause");
        close("template clause");
        return new Node.Call(at, name.text(), pipeline);
    }

    private Token name(String context) {
        Token name = blanks();
        if (!name.is(Kind.STRING)) {
            throw unexpected(name, context);
        }
        next++;
        return name;
    }

    private void close(String context) {
        Token right = blanks();
        if (!right.is(Kind.RIGHT)) {
            throw unexpected(right, context);
        }
        next++;
    }

    private Pipeline pipeline(String context) {
        Token first = blanks();
        List<String> variables = new ArrayList<>();
        boolean declares = declarations(variables, context);
        List<Pipeline.Command> commands = new ArrayList<>();
        while (true) {
            Token token = blanks();
            if (token.is(Kind.RIGHT) || token.is(Kind.CLOSE)) {
                break;
            }
            if (!commands.isEmpty()) {
                if (!token.is(Kind.PIPE)) {
                    throw unexpected(token, context);
                }
                next++;
                if (blanks().is(Kind.RIGHT)) {
                    break;
                }
            }
            commands.add(command(context));
        }
        if (commands.isEmpty()) {
            throw new Fault(first.at(), "missing value for " + context);
        }
        return new Pipeline(first.at(), source(first), variables, declares, commands);
    }

    private boolean declarations(List<String> variables, String context) {
        int start = next;
        Token variable = blanks();
        while (variable.is(Kind.VARIABLE)) {
            next++;
            variables.add(variable.text());
            Token sign = blanks();
            if (sign.is(Kind.DECLARE) || sign.is(Kind.ASSIGN)) {
                next++;
                return sign.is(Kind.DECLARE);
            }
            if (!sign.is(Kind.COMMA) || !context.equals("range") || variables.size() > 1) {
                break;
            }
            next++;
            variable = blanks();
        }
        next = start;
        variables.clear();
        return false;
    }

    private Pipeline.Command command(String context) {
        Token first = blanks();
        List<Pipeline.Operand> operands = new ArrayList<>();
        while (true) {
            Token token = blanks();
            if (token.is(Kind.RIGHT) || token.is(Kind.CLOSE) || token.is(Kind.PIPE)) {
                break;
            }
            operands.add(operand(context));
            Token after = peek();
            if (!after.is(Kind.SPACE)
                    && !after.is(Kind.RIGHT)
                    && !after.is(Kind.CLOSE)
                    && !after.is(Kind.PIPE)) {
                throw unexpected(after, "operand");
            }
        }
        if (operands.isEmpty()) {
            throw new Fault(first.at(), "empty command");
        }
        return new Pipeline.Command(first.at(), source(first), operands);
    }

    private Pipeline.Operand operand(String context) {
        Token token = take();
        List<String> fields = new ArrayList<>();
        Pipeline.Operand operand =
                switch (token.kind()) {
                    case DOT -> new Pipeline.Operand.Dot();
                    case VARIABLE -> new Pipeline.Operand.Variable(token.text());
                    case STRING -> new Pipeline.Operand.Constant(token.text());
                    case CHARACTER ->
                            new Pipeline.Operand.Constant((long) token.text().codePointAt(0));
                    case NUMBER -> new Pipeline.Operand.Constant(GoNumbers.parse(token));
                    case WORD -> word(token);
                    case OPEN -> inner(token);
                    case FIELD -> {
                        fields.add(token.text().substring(1));
                        yield new Pipeline.Operand.Dot();
                    }
                    default -> throw unexpected(token, context);
                };
        while (peek().is(Kind.FIELD)) {
            fields.add(take().text().substring(1));
        }
        return fields.isEmpty() ? operand : new Pipeline.Operand.Fields(operand, fields);
    }

    private Pipeline.Operand inner(Token open) {
        if (++depth > MAX_DEPTH) {
            throw new Fault(open.at(), "max expression depth exceeded");
        }
        Pipeline pipeline = pipeline("parenthesized pipeline");
        depth--;
        Token close = blanks();
        if (!close.is(Kind.CLOSE)) {
            throw new Fault(open.at(), "unclosed left paren");
        }
        next++;
        return new Pipeline.Operand.Inner(pipeline);
    }

    private Pipeline.Operand word(Token token) {
        return switch (token.text()) {
            case "true" -> new Pipeline.Operand.Constant(true);
            case "false" -> new Pipeline.Operand.Constant(false);
            case "nil" -> new Pipeline.Operand.Constant(Json.NULL);
            default -> {
                if (!functions.contains(token.text())) {
                    throw new Fault(token.at(), "function \"" + token.text() + "\" not defined");
                }
                yield new Pipeline.Operand.Word(token.text());
            }
        };
    }

    private String source(Token first) {
        int end = peek().at();
        return source.substring(first.at(), Math.max(first.at(), end)).strip();
    }

    private static Fault unexpected(Token token, String context) {
        String shown = token.is(Kind.END) ? "EOF" : "\"" + token.text() + "\"";
        return new Fault(token.at(), "unexpected " + shown + " in " + context);
    }

    private Token blanks() {
        while (peek().is(Kind.SPACE)) {
            next++;
        }
        return peek();
    }

    private Token peek() {
        return tokens.get(Math.min(next, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }
}
