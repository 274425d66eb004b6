package dev.attache.conformance;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.attache.config.Compiled;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import io.envoyproxy.envoy.type.v3.Percent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Messages of Envoy's API as gRPC carries them, for upstreams that are services of it. */
final class GrpcMessages {
    private static final int HEAD = 5;

    private GrpcMessages() {}

    static Message prototype(String type) {
        try {
            String root = type.startsWith("envoy.") ? "io.envoyproxy." : "io.";
            Class<?> of = Class.forName(root + type);
            return (Message) of.getMethod("getDefaultInstance").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no message " + type, e);
        }
    }

    /** A frame of the message that {@code {type, message}} describes. */
    static byte[] frame(Map<String, Object> spec) {
        Message prototype = prototype(Tree.text(spec.get("type"), ""));
        ConfigLoader loader = new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);
        String json = Tree.json(spec.getOrDefault("message", Map.of()), false);
        Compiled<? extends LoadedConfig<? extends Message>> read =
                loader.json(json, "message", prototype, "message");
        if (!(read instanceof Compiled.Ok<? extends LoadedConfig<? extends Message>> ok)) {
            throw new IllegalArgumentException("no such message: " + read);
        }
        byte[] bytes = ok.value().message().toByteArray();
        return ByteBuffer.allocate(HEAD + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** What cases put into an Any. */
    private static final JsonFormat.TypeRegistry WITHIN =
            JsonFormat.TypeRegistry.newBuilder().add(Percent.getDescriptor()).build();

    /** The messages of all frames, as JSON with sorted maps. */
    static byte[] shown(String type, byte[] frames) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(frames);
        while (in.remaining() >= HEAD) {
            in.get();
            byte[] bytes = new byte[in.getInt()];
            in.get(bytes);
            try {
                Message message = prototype(type).getParserForType().parseFrom(bytes);
                out.writeBytes(
                        JsonFormat.printer()
                                .usingTypeRegistry(WITHIN)
                                .sortingMapKeys()
                                .print(message)
                                .getBytes(StandardCharsets.UTF_8));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("no " + type, e);
            }
        }
        return out.toByteArray();
    }
}
