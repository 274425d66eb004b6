package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.bootstrap.template.syntax.Token.Kind;
import dev.attache.agent.document.GoQuotes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what stands within actions: pipelines, and variables of which they know. */
final class PipelineParser {

    /** Deep enough for anybody, and not too deep for a thread's stack. */
    private static final int MAX_DEPTH = 500;

    private final Words words;
    private final Set<String> functions;
    private final List<String> variables = new ArrayList<>(List.of("$"));
    private int depth;

    PipelineParser(Words words, Set<String> functions) {
        this.words = words;
        this.functions = functions;
    }

    int mark() {
        return variables.size();
    }

    void forget(int mark) {
        variables.subList(mark, variables.size()).clear();
    }

    Node.Pipeline pipeline(String context, Kind end) {
        int at = words.peekWord().at();
        List<Node.Variable> set = new ArrayList<>();
        boolean assigns = declarations(context, set);
        List<Node.Command> commands = new ArrayList<>();
        while (true) {
            Token token = words.takeWord();
            if (token.is(end)) {
                check(commands, context);
                return new Node.Pipeline(at, assigns, set, commands);
            }
            switch (token.kind()) {
                case BOOL,
                        CHARACTER,
                        COMPLEX,
                        DOT,
                        FIELD,
                        IDENTIFIER,
                        NUMBER,
                        NIL,
                        RAW_STRING,
                        STRING,
                        VARIABLE,
                        OPEN -> {
                    words.back();
                    commands.add(command());
                }
                default -> throw words.unexpected(token, context);
            }
        }
    }

    /** Whether the variables are there already. */
    private boolean declarations(String context, List<Node.Variable> set) {
        while (words.peekWord().is(Kind.VARIABLE)) {
            Token variable = words.take();
            Token after = words.peek();
            Token next = words.peekWord();
            boolean comma = next.is(Kind.OTHER) && next.text().equals(",");
            if (!comma && !next.is(Kind.ASSIGN) && !next.is(Kind.DECLARE)) {
                if (after.is(Kind.SPACE)) {
                    words.back(variable, after);
                } else {
                    words.back(variable);
                }
                return false;
            }
            words.takeWord();
            set.add(new Node.Variable(variable.at(), names(variable.text())));
            variables.add(variable.text());
            if (!comma) {
                return next.is(Kind.ASSIGN);
            }
            second(context, set.size());
        }
        return false;
    }

    private void second(String context, int variables) {
        if (!context.equals("range") || variables >= 2) {
            throw words.error("too many declarations in " + context);
        }
        Token next = words.peekWord();
        if (!next.is(Kind.VARIABLE) && !next.is(Kind.RIGHT) && !next.is(Kind.CLOSE)) {
            throw words.error("range can only initialize variables");
        }
    }

    private void check(List<Node.Command> commands, String context) {
        if (commands.isEmpty()) {
            throw words.error("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            switch (commands.get(i).operands().getFirst()) {
                case Node.Bool ignored -> throw stage(i);
                case Node.Dot ignored -> throw stage(i);
                case Node.Nil ignored -> throw stage(i);
                case Node.Number ignored -> throw stage(i);
                case Node.Quoted ignored -> throw stage(i);
                default -> {}
            }
        }
    }

    private TemplateSyntaxException stage(int at) {
        return words.error("non executable command in pipeline stage " + (at + 1));
    }

    private Node.Command command() {
        int at = words.peekWord().at();
        List<Node> operands = new ArrayList<>();
        while (true) {
            words.peekWord();
            Node operand = operand();
            if (operand != null) {
                operands.add(operand);
            }
            Token token = words.take();
            if (token.is(Kind.SPACE)) {
                continue;
            }
            if (token.is(Kind.RIGHT) || token.is(Kind.CLOSE)) {
                words.back();
            } else if (!token.is(Kind.PIPE)) {
                throw words.unexpected(token, "operand");
            }
            if (operands.isEmpty()) {
                throw words.error("empty command");
            }
            return new Node.Command(at, operands);
        }
    }

    private @Nullable Node operand() {
        Node node = term();
        if (node == null || !words.peek().is(Kind.FIELD)) {
            return node;
        }
        int at = words.peek().at();
        List<String> fields = new ArrayList<>();
        while (words.peek().is(Kind.FIELD)) {
            fields.add(words.take().text().substring(1));
        }
        return switch (node) {
            case Node.Field field -> new Node.Field(at, joined(field.names(), fields));
            case Node.Variable variable -> new Node.Variable(at, joined(variable.names(), fields));
            case Node.Identifier function -> new Node.Chain(at, function, fields);
            case Node.Pipeline inner -> new Node.Chain(at, inner, fields);
            default -> throw words.error("unexpected . after term " + GoQuotes.quote(node.shown()));
        };
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private @Nullable Node term() {
        Token token = words.takeWord();
        return switch (token.kind()) {
            case IDENTIFIER -> function(token);
            case DOT -> new Node.Dot(token.at());
            case NIL -> new Node.Nil(token.at());
            case VARIABLE -> variable(token);
            case FIELD -> new Node.Field(token.at(), names(token.text().substring(1)));
            case BOOL -> new Node.Bool(token.at(), token.text().equals("true"));
            case CHARACTER, COMPLEX, NUMBER -> number(token);
            case OPEN -> inner();
            case STRING, RAW_STRING -> new Node.Quoted(token.at(), token.text(), text(token));
            default -> {
                words.back();
                yield null;
            }
        };
    }

    private Node function(Token token) {
        if (!functions.contains(token.text())) {
            throw words.error("function " + GoQuotes.quote(token.text()) + " not defined");
        }
        return new Node.Identifier(token.at(), token.text());
    }

    private Node variable(Token token) {
        Node.Variable used = new Node.Variable(token.at(), names(token.text()));
        if (!variables.contains(used.names().getFirst())) {
            throw words.error("undefined variable " + GoQuotes.quote(used.names().getFirst()));
        }
        return used;
    }

    private Node number(Token token) {
        try {
            return GoNumbers.parse(token.at(), token.text());
        } catch (IllegalArgumentException e) {
            throw caused(e);
        }
    }

    /** What a word between quotes says. */
    String text(Token token) {
        try {
            return GoQuotes.unquote(token.text());
        } catch (IllegalArgumentException e) {
            throw caused(e);
        }
    }

    private TemplateSyntaxException caused(IllegalArgumentException why) {
        TemplateSyntaxException wrong = words.error(String.valueOf(why.getMessage()));
        wrong.initCause(why);
        return wrong;
    }

    private Node inner() {
        if (depth >= MAX_DEPTH) {
            throw words.error("max expression depth exceeded");
        }
        depth++;
        Node.Pipeline pipeline = pipeline("parenthesized pipeline", Kind.CLOSE);
        depth--;
        return pipeline;
    }

    private static List<String> names(String dotted) {
        return Arrays.asList(dotted.split("\\.", -1));
    }
}
