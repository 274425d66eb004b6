package dev.attache.agent.bootstrap.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template is made of. */
sealed interface Node {

    record Text(String text) implements Node {}

    /** Prints a value, or sets a variable. */
    record Action(Pipeline pipeline) implements Node {}

    /** {@code if}. */
    record Condition(Pipeline pipeline, List<Node> then, List<Node> otherwise) implements Node {}

    /** {@code with}. */
    record Focus(Pipeline pipeline, List<Node> then, List<Node> otherwise) implements Node {}

    /** {@code range}. */
    record Loop(Pipeline pipeline, List<Node> body, List<Node> otherwise) implements Node {}

    /** {@code template}, and where a {@code block} stands. */
    record Call(int at, String name, @Nullable Pipeline pipeline) implements Node {}

    /** {@code break} or {@code continue}. */
    record Leap(boolean out) implements Node {}
}
