package dev.attache.agent.bootstrap.template;

import dev.attache.agent.bootstrap.template.syntax.Node;
import dev.attache.agent.document.GoQuotes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A template that is carried out: its variables, and where it is. One thread. */
final class Frame {

    private record Variable(String name, Object value) {}

    private final String parsed;
    private final String source;
    private final String template;
    private final List<Variable> variables = new ArrayList<>();
    private final int depth;
    private @Nullable Node node;

    /**
     * @param parsed the name of all of the source
     * @param template which of the templates in it
     * @param depth how many have called each other
     */
    Frame(String parsed, String source, String template, Object data, int depth) {
        this.parsed = parsed;
        this.source = source;
        this.template = template;
        this.depth = depth;
        variables.add(new Variable("$", data));
    }

    /** Another template, called from here. */
    Frame calling(String name, Object data) {
        return new Frame(parsed, source, name, data, depth + 1);
    }

    int depth() {
        return depth;
    }

    /** What errors are about from now on. */
    void at(Node now) {
        node = now;
    }

    int mark() {
        return variables.size();
    }

    void forget(int mark) {
        variables.subList(mark, variables.size()).clear();
    }

    void declare(String name, Object value) {
        variables.add(new Variable(name, value));
    }

    /** Sets the variable that was declared last, or one before: from 1. */
    void setLast(int back, Object value) {
        int place = variables.size() - back;
        variables.set(place, new Variable(variables.get(place).name, value));
    }

    void set(String name, Object value) {
        variables.set(place(name), new Variable(name, value));
    }

    Object variable(String name) {
        return variables.get(place(name)).value;
    }

    private int place(String name) {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(name)) {
                return i;
            }
        }
        throw fault("undefined variable: " + name);
    }

    /** What is wrong where it is now. */
    ExecutionFault fault(String what) {
        Node now = node;
        if (now == null) {
            return new ExecutionFault("template: " + template + ": " + what);
        }
        String before = source.substring(0, now.at());
        int start = before.lastIndexOf('\n') + 1;
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        int column = before.substring(start).getBytes(StandardCharsets.UTF_8).length;
        return new ExecutionFault(
                "template: %s:%d:%d: executing %s at <%s>: %s"
                        .formatted(
                                parsed, line, column, GoQuotes.quote(template), now.shown(), what));
    }
}
