package dev.attache.config.load;

import dev.attache.config.SourcePosition;
import java.util.List;

/**
 * A parsed YAML or JSON value with its place in the file: the common ground of both readers, still
 * free of any message type.
 */
sealed interface ConfigNode {
    SourcePosition position();

    /** What an error message calls this node's first character, e.g. {@code '['}. */
    String opening();

    record Null(SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return "null";
        }
    }

    record Bool(boolean value, SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return value ? "true" : "false";
        }
    }

    /** A number as written, so that no digit is lost before the field's type is known. */
    record Number(String text, SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return text;
        }
    }

    record Text(String value, SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return "\"" + value + "\"";
        }
    }

    record Sequence(List<ConfigNode> items, SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return "[";
        }
    }

    /** Entries in order; JSON may repeat a key. */
    record Mapping(List<Entry> entries, SourcePosition position) implements ConfigNode {
        @Override
        public String opening() {
            return "{";
        }
    }

    record Entry(String key, SourcePosition position, ConfigNode value) {}
}
