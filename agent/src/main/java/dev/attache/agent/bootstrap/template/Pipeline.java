package dev.attache.agent.bootstrap.template;

import java.util.List;

/**
 * Commands of which each gives its value to the next.
 *
 * @param source as it is written, for errors
 * @param variables that are given the value
 * @param declares whether they are new
 */
record Pipeline(
        int at, String source, List<String> variables, boolean declares, List<Command> commands) {

    /** A function with its arguments, or one value. */
    record Command(int at, String source, List<Operand> operands) {}

    /** A value within a command. */
    sealed interface Operand {

        /** {@code .}. */
        record Dot() implements Operand {}

        /** Text, a number, a truth value or nil. */
        record Constant(Object value) implements Operand {}

        /** {@code $name}. */
        record Variable(String name) implements Operand {}

        /** A function by its name. */
        record Word(String name) implements Operand {}

        /** In parentheses. */
        record Inner(Pipeline pipeline) implements Operand {}

        /** Fields of another value. */
        record Fields(Operand of, List<String> names) implements Operand {}
    }
}
