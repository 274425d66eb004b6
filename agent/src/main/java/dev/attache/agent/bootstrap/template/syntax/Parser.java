package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.bootstrap.template.syntax.Token.Kind;
import dev.attache.agent.document.GoQuotes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the words of a template, or of one within it, to their tree. One use each. */
public final class Parser {

    /** Of actions within actions; each takes some of the thread's stack. */
    private static final int MAX_DEPTH = 500;

    private final Words words;
    private final Set<String> functions;
    private final Map<String, Node.Sequence> templates;
    private final PipelineParser pipelines;
    private int loops;
    private int depth;

    /** A list and what ended it. */
    private record Body(Node.Sequence nodes, Node.Word end) {}

    private Parser(
            Words words, Set<String> functions, Map<String, Node.Sequence> templates, int depth) {
        this.words = words;
        this.functions = functions;
        this.templates = templates;
        this.pipelines = new PipelineParser(words, functions);
        this.depth = depth;
    }

    /**
     * The trees of a template and those within it, by their names.
     *
     * @param name how errors call it
     * @param functions that there are
     * @throws TemplateSyntaxException with name and line
     */
    public static Map<String, Node.Sequence> parse(
            String name, String text, Set<String> functions) {
        Map<String, Node.Sequence> templates = new HashMap<>();
        Parser parser = new Parser(new Words(name, new Lexer(text)), functions, templates, 0);
        parser.add(name, parser.whole());
        return templates;
    }

    private Node.Sequence whole() {
        int at = words.peek().at();
        List<Node> nodes = new ArrayList<>();
        while (!words.peek().is(Kind.END_OF_TEXT)) {
            if (words.peek().is(Kind.LEFT)) {
                Token left = words.take();
                if (words.takeWord().is(Kind.DEFINE)) {
                    inner().definition();
                    continue;
                }
                words.back(left);
            }
            Node node = textOrAction();
            if (node instanceof Node.Word word && isEnd(word)) {
                throw words.error("unexpected " + node.shown());
            }
            nodes.add(node);
        }
        return new Node.Sequence(at, nodes);
    }

    private Parser inner() {
        return new Parser(words.within(), functions, templates, depth);
    }

    private void add(String name, Node.Sequence nodes) {
        Node.Sequence known = templates.get(name);
        if (known == null || known.isEmpty()) {
            templates.put(name, nodes);
        } else if (!nodes.isEmpty()) {
            throw words.error("template: multiple definition of template " + GoQuotes.quote(name));
        }
    }

    private void definition() {
        String context = "define clause";
        String name = name(words.takeWord(), context);
        words.expect(Kind.RIGHT, context);
        add(name, ended(context));
    }

    private Node.Sequence ended(String context) {
        Body body = body();
        if (!body.end.is("end")) {
            throw words.error("unexpected " + body.end.shown() + " in " + context);
        }
        return body.nodes;
    }

    private static boolean isEnd(Node.Word word) {
        return word.is("end") || word.is("else");
    }

    private Body body() {
        if (++depth > MAX_DEPTH) {
            throw words.error("max depth of actions exceeded");
        }
        int at = words.peekWord().at();
        List<Node> nodes = new ArrayList<>();
        while (!words.peekWord().is(Kind.END_OF_TEXT)) {
            Node node = textOrAction();
            if (node instanceof Node.Word word && isEnd(word)) {
                depth--;
                return new Body(new Node.Sequence(at, nodes), word);
            }
            nodes.add(node);
        }
        throw words.error("unexpected EOF");
    }

    private Node textOrAction() {
        Token token = words.takeWord();
        if (token.is(Kind.TEXT)) {
            return new Node.Text(token.at(), token.text());
        }
        if (!token.is(Kind.LEFT)) {
            throw words.unexpected(token, "input");
        }
        words.action(token.line());
        Node action = action();
        words.action(0);
        return action;
    }

    private Node action() {
        Token token = words.takeWord();
        return switch (token.kind()) {
            case BLOCK -> block();
            case BREAK, CONTINUE -> leap(token);
            case ELSE -> otherwise();
            case END -> new Node.Word(words.expect(Kind.RIGHT, "end").at(), "end");
            case IF, RANGE, WITH -> control(token.text());
            case TEMPLATE -> call();
            default -> {
                words.back();
                int at = words.peek().at();
                yield new Node.Action(at, pipelines.pipeline("command", Kind.RIGHT));
            }
        };
    }

    private Node leap(Token token) {
        String shown = "{{" + token.text() + "}}";
        words.expect(Kind.RIGHT, shown);
        if (loops == 0) {
            throw words.error(shown + " outside {{range}}");
        }
        return new Node.Word(token.at(), token.text());
    }

    /** What follows may be another action without braces of its own. */
    private Node otherwise() {
        Token next = words.peekWord();
        if (next.is(Kind.IF) || next.is(Kind.WITH)) {
            return new Node.Word(next.at(), "else");
        }
        return new Node.Word(words.expect(Kind.RIGHT, "else").at(), "else");
    }

    private Node control(String word) {
        int mark = pipelines.mark();
        Node.Pipeline pipeline = pipelines.pipeline(word, Kind.RIGHT);
        boolean loop = word.equals("range");
        loops += loop ? 1 : 0;
        Body then = body();
        loops -= loop ? 1 : 0;
        Node.Sequence otherwise = then.end.is("else") ? otherwise(word, then.end) : null;
        pipelines.forget(mark);
        return new Node.Branch(pipeline.at(), word, pipeline, then.nodes, otherwise);
    }

    private Node.Sequence otherwise(String word, Node.Word end) {
        Token next = words.peek();
        boolean goesOn =
                (word.equals("if") && next.is(Kind.IF))
                        || (word.equals("with") && next.is(Kind.WITH));
        if (goesOn) {
            words.take();
            if (++depth > MAX_DEPTH) {
                throw words.error("max depth of actions exceeded");
            }
            Node inner = control(word);
            depth--;
            return new Node.Sequence(end.at(), List.of(inner));
        }
        Body otherwise = body();
        if (!otherwise.end.is("end")) {
            throw words.error("expected end; found " + otherwise.end.shown());
        }
        return otherwise.nodes;
    }

    private Node block() {
        String context = "block clause";
        Token token = words.takeWord();
        String name = name(token, context);
        Node.Pipeline pipeline = pipelines.pipeline(context, Kind.RIGHT);
        Parser inner = inner();
        inner.add(name, inner.ended(context));
        return new Node.Call(token.at(), name, pipeline);
    }

    private Node call() {
        String context = "template clause";
        Token token = words.takeWord();
        String name = name(token, context);
        Node.Pipeline pipeline = null;
        if (!words.takeWord().is(Kind.RIGHT)) {
            words.back();
            pipeline = pipelines.pipeline(context, Kind.RIGHT);
        }
        return new Node.Call(token.at(), name, pipeline);
    }

    private String name(Token token, String context) {
        if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
            throw words.unexpected(token, context);
        }
        return pipelines.text(token);
    }
}
