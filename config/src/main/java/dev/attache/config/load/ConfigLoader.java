package dev.attache.config.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.SourceMap;
import dev.attache.config.SourcePosition;
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
            return binary(ByteString.copyFrom(bytes), name, prototype, resource);
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (name.endsWith(".pb_text")) {
            return textProto(text, name, prototype, resource);
        }
        return lower.endsWith(".yaml") || lower.endsWith(".yml")
                ? yaml(text, name, prototype, resource)
                : json(text, name, prototype, resource);
    }

    /** Reads YAML text, e.g. that of {@code --config-yaml}. */
    public <T extends Message> Compiled<LoadedConfig<T>> yaml(
            String text, String name, T prototype, String resource) {
        Diagnostics diagnostics = new Diagnostics(resource, new SourceMap());
        try {
            ConfigNode root = YamlReader.read(name, text);
            if (root instanceof ConfigNode.Null || root instanceof ConfigNode.Bool) {
                diagnostics.error("", "Unable to convert YAML as JSON: " + text);
                return diagnostics.result(null);
            }
            return build(root, prototype, diagnostics);
        } catch (SyntaxException e) {
            return syntaxError(diagnostics, e.position(), e.text());
        }
    }

    /** Reads JSON text. */
    public <T extends Message> Compiled<LoadedConfig<T>> json(
            String text, String name, T prototype, String resource) {
        Diagnostics diagnostics = new Diagnostics(resource, new SourceMap());
        try {
            return build(JsonReader.read(name, text), prototype, diagnostics);
        } catch (SyntaxException e) {
            return syntaxError(
                    diagnostics,
                    e.position(),
                    "Unable to parse JSON as proto (INVALID_ARGUMENT: " + e.text() + ")");
        }
    }

    /** Reads the message that a Struct spells in JSON terms, as a TypedStruct does. */
    public <T extends Message> Compiled<T> struct(
            Struct struct, T prototype, String fieldPath, Diagnostics context) {
        SourcePosition position = context.positions().nearest(fieldPath);
        SourcePosition place = position == null ? new SourcePosition("", 0, 0) : position;
        Diagnostics diagnostics = new Diagnostics(context.resource());
        Message.Builder builder = prototype.newBuilderForType();
        builder(prototype, diagnostics)
                .merge(WellKnownTypes.node(struct, place), builder, fieldPath);
        return diagnostics.result(cast(prototype, builder.buildPartial()));
    }

    private <T extends Message> Compiled<LoadedConfig<T>> build(
            ConfigNode root, T prototype, Diagnostics diagnostics) {
        Message.Builder builder = prototype.newBuilderForType();
        diagnostics.positions().put("", root.position());
        builder(prototype, diagnostics).merge(root, builder, "");
        T message = cast(prototype, builder.buildPartial());
        return result(message, diagnostics);
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

    private ProtoBuilder builder(Message prototype, Diagnostics diagnostics) {
        String root = prototype.getDescriptorForType().getFullName();
        return new ProtoBuilder(types, unknownFields, diagnostics, root);
    }

    private <T extends Message> Compiled<LoadedConfig<T>> binary(
            ByteString bytes, String name, T prototype, String resource) {
        Diagnostics diagnostics = new Diagnostics(resource, new SourceMap());
        try {
            Message message = prototype.getParserForType().parseFrom(bytes);
            return result(cast(prototype, message), diagnostics);
        } catch (InvalidProtocolBufferException e) {
            String problem = "Unable to parse file \"%s\" as binary protobuf (type %s): %s";
            String type = prototype.getDescriptorForType().getFullName();
            return syntaxError(
                    diagnostics,
                    new SourcePosition(name, 1, 1),
                    problem.formatted(name, type, e.getMessage()));
        }
    }

    private <T extends Message> Compiled<LoadedConfig<T>> textProto(
            String text, String name, T prototype, String resource) {
        Diagnostics diagnostics = new Diagnostics(resource, new SourceMap());
        Message.Builder builder = prototype.newBuilderForType();
        try {
            TextProtoReader.merge(text, types, builder);
        } catch (TextFormat.ParseException e) {
            String problem = "Unable to parse file \"%s\" as a text protobuf (type %s): %s";
            String type = prototype.getDescriptorForType().getFullName();
            return syntaxError(
                    diagnostics,
                    new SourcePosition(name, Math.max(1, e.getLine()), Math.max(1, e.getColumn())),
                    problem.formatted(name, type, e.getMessage()));
        }
        T message = cast(prototype, builder.buildPartial());
        return diagnostics.result(new LoadedConfig<>(message, diagnostics.positions()));
    }

    private static <R> Compiled<R> syntaxError(
            Diagnostics diagnostics, @Nullable SourcePosition position, String message) {
        if (position != null) {
            diagnostics.positions().put("", position);
        }
        diagnostics.error("", message);
        return diagnostics.result(null);
    }

    @SuppressWarnings("unchecked") // a builder made by the prototype builds the prototype's class
    private static <T extends Message> T cast(T prototype, Message message) {
        return (T) prototype.getClass().cast(message);
    }
}
