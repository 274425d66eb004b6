package dev.attache.config.load.tree;

import dev.attache.config.SourcePosition;
import org.jspecify.annotations.Nullable;

/** A file that is not even YAML, JSON or protobuf; never leaves this package. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient @Nullable SourcePosition position;

    public SyntaxException(@Nullable SourcePosition position, String message) {
        super(message);
        this.position = position;
    }

    public @Nullable SourcePosition position() {
        return position;
    }

    public String text() {
        String message = getMessage();
        return message == null ? "unreadable" : message;
    }
}
