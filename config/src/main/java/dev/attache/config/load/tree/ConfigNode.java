package dev.attache.config.load.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed YAML or JSON value with its place in the file, line and column counted from one: the
 * common ground of both readers, still free of any message type. What an alias of YAML stands for
 * is the same object at each place.
 */
public sealed interface ConfigNode {
    /** How deep a text may nest, as to Envoy. */
    int MAX_DEPTH = 100;

    int line();

    int column();

    /** What an error message calls this node's first character, e.g. {@code '['}. */
    String opening();

    record Null(int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return "null";
        }
    }

    record Bool(boolean value, int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return value ? "true" : "false";
        }
    }

    /** A number as written, so that no digit is lost before the field's type is known. */
    record Number(String text, int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return text;
        }
    }

    record Text(String value, int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return "\"" + value + "\"";
        }
    }

    record Sequence(List<ConfigNode> items, int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return "[";
        }
    }

    /** Entries in order; JSON may repeat a key. */
    record Mapping(List<Entry> entries, int line, int column) implements ConfigNode {
        @Override
        public String opening() {
            return "{";
        }

        /** The first value under the key, or null. */
        public @Nullable ConfigNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }
    }

    /** A key with its own place, and its value. */
    record Entry(String key, int line, int column, ConfigNode value) {}
}
