package dev.attache.config.load;

import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import dev.attache.config.load.tree.ConfigNode;
import dev.attache.config.load.tree.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text protobuf to the bytes of a message, by the table of the API, as protobuf's parser in C++
 * reads it: comments, strings behind each other, {@code <>} for {@code {}}, lists in brackets, an
 * Any as {@code [type/url] {}}, separators where nobody needs them. A single field stands once.
 * Ends at the first error.
 */
final class TextReader {
    private static final String ANY = "google.protobuf.Any";

    private final TypeRegistry types;
    private final TextTokens tokens;
    private final WireBuffer out = new WireBuffer();
    private final FieldWriter fields = new FieldWriter(out);
    private final TextScalars scalars;
    private int depth;

    private TextReader(TypeRegistry types, TextTokens tokens) {
        this.types = types;
        this.tokens = tokens;
        this.scalars = new TextScalars(tokens, fields);
    }

    /** One message: its fields, and which single ones are there already. */
    private final class Content {
        private final MessageType type;
        private final FieldStretches stretches = new FieldStretches(out, 8);
        private final List<FieldType> set = new ArrayList<>();

        Content(MessageType type) {
            this.type = type;
        }

        /** What is written next is a value of the field, which stands in the text before. */
        void begin(FieldType field, int line, int column) throws SyntaxException {
            if (!field.isRepeated()) {
                if (set.contains(field)) {
                    throw tokens.errorAt(
                            line,
                            column,
                            "Non-repeated field \""
                                    + field.name()
                                    + "\" is specified multiple times.");
                }
                FieldType other = otherOf(field.oneof());
                if (other != null) {
                    throw tokens.errorAt(
                            line,
                            column,
                            "Field \""
                                    + field.name()
                                    + "\" is specified along with field \""
                                    + other.name()
                                    + "\", another member of oneof \""
                                    + Objects.requireNonNull(field.oneof()).name()
                                    + "\".");
                }
                set.add(field);
            }
            stretches.begin(field);
        }

        private @Nullable FieldType otherOf(@Nullable OneofType oneof) {
            if (oneof != null) {
                for (FieldType field : set) {
                    if (field.oneof() == oneof) {
                        return field;
                    }
                }
            }
            return null;
        }

        /** Whether a value is written that says nothing: those of a map's entry are. */
        boolean writesAll(FieldType field) {
            return field.hasPresence() || field.isRepeated() || type.isMapEntry();
        }

        void end() {
            if (type.isMapEntry()) {
                for (FieldType field : type.fields()) {
                    if (!set.contains(field)) {
                        stretches.begin(field);
                        fields.nothing(field);
                    }
                }
            }
            stretches.end();
        }
    }

    /** The bytes of the message that the text spells. */
    static WireBuffer read(String file, String text, MessageType type, TypeRegistry types)
            throws SyntaxException {
        TextReader reader = new TextReader(types, new TextTokens(file, text));
        Content content = reader.new Content(type);
        while (reader.tokens.kind() != TextTokens.Kind.END) {
            reader.field(content);
        }
        content.end();
        return reader.out;
    }

    private void field(Content content) throws SyntaxException {
        int line = tokens.line();
        int column = tokens.column();
        if (tokens.isAt('[')) {
            inBrackets(content, line, column);
        } else {
            FieldType field = named(content.type);
            content.begin(field, line, column);
            boolean message = field.kind() == FieldType.Kind.MESSAGE;
            if (!tokens.take(':') && !message) {
                tokens.expect(':');
            }
            int before = out.size();
            if (field.isRepeated() && tokens.take('[')) {
                list(field, content);
            } else {
                value(field, content);
            }
            if (out.size() == before) {
                content.set.remove(field); // was set to what it has unset
            }
        }
        if (!tokens.take(';')) {
            tokens.take(',');
        }
    }

    private FieldType named(MessageType type) throws SyntaxException {
        int line = tokens.line();
        int column = tokens.column();
        String name = tokens.identifier();
        FieldType field = type.field(name);
        if (field == null || !field.name().equals(name)) {
            throw tokens.errorAt(
                    line,
                    column,
                    "Message type \""
                            + type.fullName()
                            + "\" has no field named \""
                            + name
                            + "\".");
        }
        return field;
    }

    private void list(FieldType field, Content content) throws SyntaxException {
        if (tokens.take(']')) {
            return;
        }
        value(field, content);
        while (!tokens.take(']')) {
            tokens.expect(',');
            value(field, content);
        }
    }

    private void value(FieldType field, Content content) throws SyntaxException {
        if (field.kind() != FieldType.Kind.MESSAGE) {
            scalars.write(field, content.writesAll(field));
            return;
        }
        out.tag(field);
        int start = out.open();
        message(field.message());
        out.close(start);
    }

    /** A message in braces or angle brackets. */
    private void message(MessageType type) throws SyntaxException {
        if (++depth > ConfigNode.MAX_DEPTH) {
            throw tokens.error(
                    "Message is too deep, the parser exceeded the limit of "
                            + ConfigNode.MAX_DEPTH
                            + ".");
        }
        char close = '>';
        if (!tokens.take('<')) {
            tokens.expect('{');
            close = '}';
        }
        Content content = new Content(type);
        while (!tokens.isAt('}') && !tokens.isAt('>')) {
            field(content);
        }
        tokens.expect(close);
        content.end();
        depth--;
    }

    /** An extension, of which nobody knows any, or what an Any holds. */
    private void inBrackets(Content content, int line, int column) throws SyntaxException {
        String name = tokens.bracketed();
        if (!content.type.fullName().equals(ANY)) {
            throw tokens.errorAt(
                    line,
                    column,
                    "Extension \""
                            + name
                            + "\" is not defined or is not an extension of \""
                            + content.type.fullName()
                            + "\".");
        }
        MessageType type = name.indexOf('/') <= 0 ? null : types.message(TypeRegistry.nameOf(name));
        if (type == null) {
            throw tokens.errorAt(
                    line,
                    column,
                    "Could not find type \"" + name + "\" stored in google.protobuf.Any.");
        }
        if (!content.set.isEmpty()) {
            throw tokens.errorAt(line, column, "Non-repeated Any specified multiple times.");
        }
        tokens.take(':');
        FieldType url = Objects.requireNonNull(content.type.field(1));
        FieldType value = Objects.requireNonNull(content.type.field(2));
        content.begin(url, line, column);
        fields.text(url, name, true);
        content.begin(value, line, column);
        int before = out.size();
        out.tag(value);
        int start = out.open();
        message(type);
        if (out.size() == start) {
            out.cut(before);
        } else {
            out.close(start);
        }
    }
}
