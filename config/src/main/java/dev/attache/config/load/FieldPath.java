package dev.attache.config.load;

import dev.attache.api.FieldType;
import java.util.Arrays;

/**
 * Where a writer is in a message: a stack of steps, of which a text is made only when something is
 * wrong.
 */
final class FieldPath {
    /** Stands in error texts for the step into an Any; field paths leave it out. */
    private static final Object ANY =
            new Object() {
                @Override
                public String toString() {
                    return "<any>";
                }
            };

    private final String root;
    private Object[] steps = new Object[16];

    /** The index at each step of a repeated field; -1 elsewhere. */
    private int[] indexes = new int[16];

    private int depth;

    /**
     * @param root the path of the message that is written; may be empty
     */
    FieldPath(String root) {
        this.root = root;
    }

    void enter(FieldType field) {
        push(field, -1);
    }

    void enterItem(FieldType field, int index) {
        push(field, index);
    }

    /** Into an entry of a map; the step to the map's field is one of its own. */
    void enterKey(String key) {
        push(key, -1);
    }

    void enterAny() {
        push(ANY, -1);
    }

    void leave() {
        depth--;
    }

    private void push(Object step, int index) {
        if (depth == steps.length) {
            steps = Arrays.copyOf(steps, 2 * depth);
            indexes = Arrays.copyOf(indexes, 2 * depth);
        }
        steps[depth] = step;
        indexes[depth++] = index;
    }

    /** As diagnostics show it: {@code filter_chains[0].name}. */
    String text() {
        return text(false);
    }

    /** With the steps into Anys, as Envoy shows it. */
    String withAnys() {
        return text(true);
    }

    /** The path of what is named so at this place. */
    String text(String name) {
        String own = text(false);
        return own.isEmpty() ? name : own + "." + name;
    }

    private String text(boolean anys) {
        StringBuilder text = new StringBuilder(root);
        for (int i = 0; i < depth; i++) {
            if (steps[i] instanceof String key) {
                text.append("[\"").append(key).append("\"]");
            } else if (steps[i] instanceof FieldType field) {
                dot(text).append(field.name());
                if (indexes[i] >= 0) {
                    text.append('[').append(indexes[i]).append(']');
                }
            } else if (anys) {
                dot(text).append(steps[i]);
            }
        }
        return text.toString();
    }

    private static StringBuilder dot(StringBuilder text) {
        return text.isEmpty() ? text : text.append('.');
    }
}
