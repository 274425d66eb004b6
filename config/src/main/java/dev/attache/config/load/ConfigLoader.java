package dev.attache.config.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.SourceMap;
import dev.attache.config.SourcePosition;
import dev.attache.config.load.tree.ConfigNode;
import dev.attache.config.load.tree.JsonReader;
import dev.attache.config.load.tree.StructNodes;
import dev.attache.config.load.tree.SyntaxException;
import dev.attache.config.load.tree.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration file into a message. The format follows from the file's extension: {@code
 * .pb} binary, {@code .pb_text} text, {@code .yaml} and {@code .yml} YAML (these two in any case),
 * everything else JSON.
 */
public final class ConfigLoader {
    /** A level of text may be three of messages: an entry of a Struct, its Value, the next. */
    private static final int MAX_MESSAGE_DEPTH = 3 * ConfigNode.MAX_DEPTH + 40;

    /** Where all is that is said of a text that cannot be read. */
    private record OnePlace(SourcePosition position) implements SourceMap {
        @Override
        public SourcePosition nearest(String fieldPath) {
            return position;
        }
    }

    private final TypeRegistry types;
    private final UnknownFieldPolicy unknownFields;
    private final boolean keepsGoing;

    public ConfigLoader(TypeRegistry types, UnknownFieldPolicy unknownFields) {
        this(types, unknownFields, false);
    }

    private ConfigLoader(TypeRegistry types, UnknownFieldPolicy unknownFields, boolean keepsGoing) {
        this.types = types;
        this.unknownFields = unknownFields;
        this.keepsGoing = keepsGoing;
    }

    /**
     * A loader that hands over what it could read, with {@linkplain LoadedConfig#errors() errors}
     * beside, where the text itself has the right form; so that all that is wrong is found at once.
     */
    public ConfigLoader keepGoing() {
        return new ConfigLoader(types, unknownFields, true);
    }

    /**
     * Reads the file; {@code prototype} says which message it holds, {@code resource} how to call
     * it.
     */
    public <T extends Message> Compiled<LoadedConfig<T>> load(
            Path file, T prototype, String resource) {
        String name = file.toString();
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            Diagnostics diagnostics = new Diagnostics(resource);
            diagnostics.error(
                    "", "unable to read file: " + name, "check that it exists and is readable");
            return diagnostics.result(null);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.endsWith(".pb")) {
            return binary(bytes, name, prototype, resource);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (name.endsWith(".pb_text")) {
            return text(text, name, prototype, resource);
        }
        return lower.endsWith(".yaml") || lower.endsWith(".yml")
                ? yaml(text, name, prototype, resource)
                : json(text, name, prototype, resource);
    }

    /** Reads YAML text, e.g. that of {@code --config-yaml}. */
    public <T extends Message> Compiled<LoadedConfig<T>> yaml(
            String text, String name, T prototype, String resource) {
        try {
            ConfigNode root = YamlReader.read(name, text);
            if (root instanceof ConfigNode.Null || root instanceof ConfigNode.Bool) {
                Diagnostics diagnostics =
                        new Diagnostics(
                                resource,
                                new OnePlace(new SourcePosition(name, root.line(), root.column())));
                diagnostics.error("", "Unable to convert YAML as JSON: " + text);
                return diagnostics.result(null);
            }
            return build(YamlReader::read, name, text, root, prototype, resource);
        } catch (SyntaxException e) {
            return syntaxError(resource, e.position(), e.text());
        }
    }

    /** Reads JSON text. */
    public <T extends Message> Compiled<LoadedConfig<T>> json(
            String text, String name, T prototype, String resource) {
        try {
            ConfigNode root = JsonReader.read(name, text);
            return build(JsonReader::read, name, text, root, prototype, resource);
        } catch (SyntaxException e) {
            return syntaxError(
                    resource,
                    e.position(),
                    "Unable to parse JSON as proto (INVALID_ARGUMENT: " + e.text() + ")");
        }
    }

    /** Reads the message that a Struct spells in JSON terms, as a TypedStruct does. */
    public <T extends Message> Compiled<T> struct(
            Struct struct, T prototype, String fieldPath, Diagnostics context) {
        Diagnostics diagnostics = new Diagnostics(context.resource(), context.positions());
        WireBuffer bytes = written(struct, ApiTable.of(prototype), fieldPath, diagnostics);
        return diagnostics.result(parseWritten(bytes, prototype));
    }

    /** As {@link #struct}, of a message that may have no class: its bytes. */
    public Compiled<ByteString> structBytes(
            Struct struct, MessageType type, String fieldPath, Diagnostics context) {
        Diagnostics diagnostics = new Diagnostics(context.resource(), context.positions());
        WireBuffer bytes = written(struct, type, fieldPath, diagnostics);
        return diagnostics.result(ByteString.copyFrom(bytes.copy(0)));
    }

    private WireBuffer written(
            Struct struct, MessageType type, String fieldPath, Diagnostics diagnostics) {
        SourcePosition place = diagnostics.positions().nearest(fieldPath);
        ConfigNode root =
                place == null
                        ? new StructNodes(0, 0).of(struct)
                        : new StructNodes(place.line(), place.column()).of(struct);
        return new MessageWriter(types, unknownFields, diagnostics, type, fieldPath).write(root);
    }

    private <T extends Message> Compiled<LoadedConfig<T>> build(
            TreePositions.Reader reader,
            String name,
            String text,
            ConfigNode root,
            T prototype,
            String resource) {
        MessageType type = ApiTable.of(prototype);
        SourceMap positions = new TreePositions(reader, name, text, root, type, types);
        Diagnostics diagnostics = new Diagnostics(resource, positions);
        WireBuffer bytes =
                new MessageWriter(types, unknownFields, diagnostics, type, "").write(root);
        return result(parseWritten(bytes, prototype), diagnostics);
    }

    private <T extends Message> Compiled<LoadedConfig<T>> result(
            T message, Diagnostics diagnostics) {
        SourceMap positions = diagnostics.positions();
        return keepsGoing
                ? new Compiled.Ok<>(
                        new LoadedConfig<>(message, positions, diagnostics.errors()),
                        diagnostics.warnings())
                : diagnostics.result(new LoadedConfig<>(message, positions));
    }

    private <T extends Message> Compiled<LoadedConfig<T>> binary(
            byte[] bytes, String name, T prototype, String resource) {
        try {
            T message = parse(CodedInputStream.newInstance(bytes), prototype);
            return result(message, new Diagnostics(resource));
        } catch (InvalidProtocolBufferException e) {
            String problem =
                    "Unable to parse file \""
                            + name
                            + "\" as binary protobuf (type "
                            + ApiTable.of(prototype).fullName()
                            + "): "
                            + e.getMessage();
            return syntaxError(resource, new SourcePosition(name, 1, 1), problem);
        }
    }

    /** Reads a text protobuf. */
    <T extends Message> Compiled<LoadedConfig<T>> text(
            String text, String name, T prototype, String resource) {
        MessageType type = ApiTable.of(prototype);
        try {
            WireBuffer bytes = TextReader.read(name, text, type, types);
            return result(parseWritten(bytes, prototype), new Diagnostics(resource));
        } catch (SyntaxException e) {
            String problem =
                    "Unable to parse file \""
                            + name
                            + "\" as a text protobuf (type "
                            + type.fullName()
                            + "): "
                            + e.text();
            return syntaxError(resource, e.position(), problem);
        }
    }

    private static <T extends Message> T parseWritten(WireBuffer bytes, T prototype) {
        try {
            return parse(bytes.reader(), prototype);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("just written: " + ApiTable.of(prototype), e);
        }
    }

    private static <T extends Message> T parse(CodedInputStream in, T prototype)
            throws InvalidProtocolBufferException {
        in.setRecursionLimit(MAX_MESSAGE_DEPTH);
        return cast(prototype, prototype.getParserForType().parsePartialFrom(in));
    }

    private static <R> Compiled<R> syntaxError(
            String resource, @Nullable SourcePosition position, String message) {
        SourceMap place = position == null ? SourceMap.NONE : new OnePlace(position);
        Diagnostics diagnostics = new Diagnostics(resource, place);
        diagnostics.error("", message);
        return diagnostics.result(null);
    }

    @SuppressWarnings("unchecked") // a parser of the prototype makes messages of its class
    private static <T extends Message> T cast(T prototype, Message message) {
        return (T) prototype.getClass().cast(message);
    }
}
