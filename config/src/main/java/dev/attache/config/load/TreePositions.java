package dev.attache.config.load;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.config.SourceMap;
import dev.attache.config.SourcePosition;
import dev.attache.config.load.tree.ConfigNode;
import dev.attache.config.load.tree.SyntaxException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the places of fields in a YAML or JSON text by going down its tree by a field's path. Holds
 * the text; the tree is read again when memory was wanted in between.
 */
final class TreePositions implements SourceMap {
    /** Reads the text of a file. */
    interface Reader {
        ConfigNode read(String file, String text) throws SyntaxException;
    }

    private final Reader reader;
    private final String file;
    private final String text;
    private final MessageType root;
    private final TypeRegistry types;

    // A lost update means that the text is read once more.
    private volatile SoftReference<ConfigNode> tree;

    /**
     * @param tree as the reader read it
     * @param root the message that the text spells
     */
    TreePositions(
            Reader reader,
            String file,
            String text,
            ConfigNode tree,
            MessageType root,
            TypeRegistry types) {
        this.reader = reader;
        this.file = file;
        this.text = text;
        this.root = root;
        this.types = types;
        this.tree = new SoftReference<>(tree);
    }

    @Override
    public SourcePosition nearest(String fieldPath) {
        ConfigNode node = tree();
        Search search = new Search(fieldPath, node.line(), node.column());
        search.message(node, root, 0);
        return new SourcePosition(file, search.line, search.column);
    }

    private ConfigNode tree() {
        ConfigNode node = tree.get();
        if (node == null) {
            try {
                node = reader.read(file, text);
            } catch (SyntaxException e) {
                throw new IllegalStateException("was read before: " + file, e);
            }
            tree = new SoftReference<>(node);
        }
        return node;
    }

    /** One way down the tree, or several where keys are repeated: the longest counts. */
    private final class Search {
        private final String path;
        private int reached;
        private int line;
        private int column;

        Search(String path, int line, int column) {
            this.path = path;
            this.line = line;
            this.column = column;
        }

        private void note(int at, int foundLine, int foundColumn) {
            if (at > reached) {
                reached = at;
                line = foundLine;
                column = foundColumn;
            }
        }

        /** Looks for what the path names from {@code at} on. */
        void message(ConfigNode node, @Nullable MessageType type, int at) {
            if (!(node instanceof ConfigNode.Mapping mapping)) {
                return;
            }
            if (type == null || WellKnownForms.isAnyJson(type)) {
                entries(mapping, null, at);
            } else if (type.fullName().equals("google.protobuf.Any")) {
                MessageType content = MessageWriter.typeOf(mapping, types);
                if (content != null) {
                    message(MessageWriter.contentOf(mapping, content), content, at);
                }
            } else if (type.name().equals("TypedStruct")) {
                entries(mapping, type, at);
                typedStruct(mapping, at);
            } else {
                entries(mapping, type, at);
            }
        }

        /** The path of what a TypedStruct configures leaves out that it is one. */
        private void typedStruct(ConfigNode.Mapping mapping, int at) {
            ConfigNode url = mapping.get("type_url");
            ConfigNode value = mapping.get("value");
            if (value != null
                    && (url == null ? mapping.get("typeUrl") : url)
                            instanceof ConfigNode.Text name) {
                message(value, types.message(TypeRegistry.nameOf(name.value())), at);
            }
        }

        private void entries(ConfigNode.Mapping mapping, @Nullable MessageType type, int at) {
            for (ConfigNode.Entry entry : mapping.entries()) {
                FieldType field = type == null ? null : type.field(entry.key());
                String name = field == null ? entry.key() : field.name();
                int end = at + name.length();
                if (path.startsWith(name, at)
                        && (end == path.length() || ".[".indexOf(path.charAt(end)) >= 0)) {
                    note(end, entry.line(), entry.column());
                    value(entry.value(), field, end);
                }
            }
        }

        private void value(ConfigNode node, @Nullable FieldType field, int at) {
            if (at == path.length()) {
                return;
            }
            if (path.charAt(at) == '.') {
                message(node, messageOf(field), at + 1);
            } else if (field != null && field.isMap()) {
                key(node, Objects.requireNonNull(field.message().field(2)), at);
            } else {
                item(node, field, at);
            }
        }

        /** An entry of a map: {@code ["key"]}, or without the quotes. */
        private void key(ConfigNode node, FieldType values, int at) {
            if (!(node instanceof ConfigNode.Mapping mapping)) {
                return;
            }
            for (ConfigNode.Entry entry : mapping.entries()) {
                String quoted = "[\"" + entry.key() + "\"]";
                String bare = "[" + entry.key() + "]";
                String step = path.startsWith(quoted, at) ? quoted : bare;
                if (path.startsWith(step, at)) {
                    note(at + step.length(), entry.line(), entry.column());
                    value(entry.value(), values, at + step.length());
                }
            }
        }

        private void item(ConfigNode node, @Nullable FieldType field, int at) {
            int close = path.indexOf(']', at);
            int index = close < 0 ? -1 : index(at + 1, close);
            ConfigNode item = index < 0 ? null : new Items(field).find(node, index);
            if (item != null) {
                note(close + 1, item.line(), item.column());
                value(item, field, close + 1);
            }
        }

        private int index(int from, int to) {
            int index = 0;
            for (int i = from; i < to; i++) {
                char c = path.charAt(i);
                if (c < '0' || c > '9' || to - from > 9) {
                    return -1;
                }
                index = 10 * index + c - '0';
            }
            return from == to ? -1 : index;
        }

        private static @Nullable MessageType messageOf(@Nullable FieldType field) {
            return field == null || field.kind() != FieldType.Kind.MESSAGE ? null : field.message();
        }
    }

    /** Counts the items of a list as the writer does. */
    private static final class Items {
        private final @Nullable FieldType field;
        private int left;

        Items(@Nullable FieldType field) {
            this.field = field;
        }

        @Nullable ConfigNode find(ConfigNode node, int index) {
            left = index;
            return node instanceof ConfigNode.Sequence sequence
                    ? among(sequence.items())
                    : among(List.of(node));
        }

        private @Nullable ConfigNode among(List<ConfigNode> items) {
            for (ConfigNode item : items) {
                if (item instanceof ConfigNode.Sequence nested
                        && field != null
                        && !MessageWriter.isListValue(field)) {
                    ConfigNode found = among(nested.items());
                    if (found != null) {
                        return found;
                    }
                } else if ((field == null || !MessageWriter.isAbsent(field, item)) && left-- == 0) {
                    return item;
                }
            }
            return null;
        }
    }
}
