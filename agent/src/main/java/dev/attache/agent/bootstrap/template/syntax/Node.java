package dev.attache.agent.bootstrap.template.syntax;

import dev.attache.agent.document.GoQuotes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template is made of; printed, it is the template again, as errors show it. */
public sealed interface Node {

    /** Its place in the template. */
    int at();

    /** Prints it. */
    void print(StringBuilder out);

    /** As errors show it. */
    default String shown() {
        StringBuilder out = new StringBuilder();
        print(out);
        return out.toString();
    }

    /** Nodes one after the other. */
    record Sequence(int at, List<Node> nodes) implements Node {
        @Override
        public void print(StringBuilder out) {
            nodes.forEach(node -> node.print(out));
        }

        /** Whether it prints nothing but blanks. */
        boolean isEmpty() {
            return nodes.stream()
                    .allMatch(node -> node instanceof Text text && text.text().isBlank());
        }
    }

    record Text(int at, String text) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(text);
        }
    }

    /** Prints a value, or sets a variable. */
    record Action(int at, Pipeline pipeline) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append("{{");
            pipeline.print(out);
            out.append("}}");
        }
    }

    /**
     * {@code if}, {@code with} or {@code range}.
     *
     * @param word which of them
     */
    record Branch(
            int at, String word, Pipeline pipeline, Sequence then, @Nullable Sequence otherwise)
            implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append("{{").append(word).append(' ');
            pipeline.print(out);
            out.append("}}");
            then.print(out);
            if (otherwise != null) {
                out.append("{{else}}");
                otherwise.print(out);
            }
            out.append("{{end}}");
        }
    }

    /** {@code template}, and where a {@code block} stands. */
    record Call(int at, String name, @Nullable Pipeline pipeline) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append("{{template ").append(GoQuotes.quote(name));
            if (pipeline != null) {
                out.append(' ');
                pipeline.print(out);
            }
            out.append("}}");
        }
    }

    /** A word that stands alone: {@code break}, {@code continue}, {@code end}, {@code else}. */
    record Word(int at, String word) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append("{{").append(word).append("}}");
        }

        boolean is(String other) {
            return word.equals(other);
        }
    }

    /**
     * Commands of which each gives its value to the next.
     *
     * @param assigns whether the variables are there already
     * @param variables that are given the value
     */
    record Pipeline(int at, boolean assigns, List<Variable> variables, List<Command> commands)
            implements Node {
        @Override
        public void print(StringBuilder out) {
            for (Variable variable : variables) {
                out.append(variable == variables.getFirst() ? "" : ", ");
                variable.print(out);
            }
            if (!variables.isEmpty()) {
                out.append(assigns ? " = " : " := ");
            }
            for (Command command : commands) {
                out.append(command == commands.getFirst() ? "" : " | ");
                command.print(out);
            }
        }

        void printAsOperand(StringBuilder out) {
            out.append('(');
            print(out);
            out.append(')');
        }
    }

    /** A function with its arguments, or one value. */
    record Command(int at, List<Node> operands) implements Node {
        @Override
        public void print(StringBuilder out) {
            for (int i = 0; i < operands.size(); i++) {
                out.append(i > 0 ? " " : "");
                if (operands.get(i) instanceof Pipeline inner) {
                    inner.printAsOperand(out);
                } else {
                    operands.get(i).print(out);
                }
            }
        }
    }

    /** A function's name. */
    record Identifier(int at, String name) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(name);
        }
    }

    /** {@code $name}, and fields of it. */
    record Variable(int at, List<String> names) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(String.join(".", names));
        }
    }

    /** {@code .name.name}. */
    record Field(int at, List<String> names) implements Node {
        @Override
        public void print(StringBuilder out) {
            names.forEach(name -> out.append('.').append(name));
        }
    }

    /** Fields of what stands in parentheses, or of what a function gives. */
    record Chain(int at, Node of, List<String> names) implements Node {
        @Override
        public void print(StringBuilder out) {
            if (of instanceof Pipeline inner) {
                inner.printAsOperand(out);
            } else {
                of.print(out);
            }
            names.forEach(name -> out.append('.').append(name));
        }
    }

    /** {@code .}. */
    record Dot(int at) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append('.');
        }
    }

    /** {@code nil}. */
    record Nil(int at) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append("nil");
        }
    }

    record Bool(int at, boolean value) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(value);
        }
    }

    /**
     * A number.
     *
     * @param text as it is written
     * @param whole its value; null where it has a fraction or is too large
     * @param real its value; null where it is a whole number that no type of Go holds
     */
    record Number(int at, String text, @Nullable Long whole, @Nullable Double real)
            implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(text);
        }

        /** Whether it is written as a number with a fraction or an exponent. */
        public boolean isWrittenReal() {
            boolean hex = text.startsWith("0x") || text.startsWith("0X");
            boolean power = text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
            return !text.startsWith("'")
                    && (power || (!hex && text.chars().anyMatch(c -> ".eE".indexOf(c) >= 0)));
        }
    }

    /**
     * A text.
     *
     * @param quoted as it is written
     */
    record Quoted(int at, String quoted, String text) implements Node {
        @Override
        public void print(StringBuilder out) {
            out.append(quoted);
        }
    }
}
