package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import dev.attache.config.Compiled;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What protobuf's own writers write, whatever is set in a message, is read as that message, to the
 * last byte inside of its Anys.
 */
final class ReadersAgreeTest {
    private static final List<Message> PACKED =
            List.of(
                    HttpConnectionManager.getDefaultInstance(),
                    UpstreamTlsContext.getDefaultInstance(),
                    Cluster.getDefaultInstance(),
                    Struct.getDefaultInstance(),
                    StringValue.getDefaultInstance(),
                    BoolValue.getDefaultInstance(),
                    Duration.getDefaultInstance(),
                    Empty.getDefaultInstance());

    private static final List<Message> ROOTS =
            List.of(
                    Bootstrap.getDefaultInstance(),
                    Listener.getDefaultInstance(),
                    Cluster.getDefaultInstance(),
                    RouteConfiguration.getDefaultInstance(),
                    HttpConnectionManager.getDefaultInstance());

    private static final JsonFormat.TypeRegistry TYPES = types();

    private static final com.google.protobuf.TypeRegistry DESCRIPTORS = descriptors();

    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    private static JsonFormat.TypeRegistry types() {
        JsonFormat.TypeRegistry.Builder types = JsonFormat.TypeRegistry.newBuilder();
        PACKED.forEach(message -> types.add(message.getDescriptorForType()));
        return types.build();
    }

    private static com.google.protobuf.TypeRegistry descriptors() {
        var types = com.google.protobuf.TypeRegistry.newBuilder();
        PACKED.forEach(message -> types.add(message.getDescriptorForType()));
        return types.build();
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onWhatProtobufWritesAsJson(int seed) throws IOException {
        Message message = message(seed, true);
        JsonFormat.Printer printer = JsonFormat.printer().usingTypeRegistry(TYPES);
        String camel = printer.print(message);
        String snake = printer.preservingProtoFieldNames().print(message);

        assertSame(loader.json(camel, "a.json", type(message), "test"), message);
        assertSame(loader.json(snake, "a.json", type(message), "test"), message);
    }

    /** JSON is YAML; but fractions in a Struct are text there, as Envoy has it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void onWhatProtobufWritesAsYaml(int seed) throws IOException {
        Message message = message(seed, false);
        String yaml = JsonFormat.printer().usingTypeRegistry(TYPES).print(message);

        assertSame(loader.yaml(yaml, "a.yaml", type(message), "test"), message);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void onWhatProtobufWritesAsText(int seed) {
        Message message = message(seed, true);
        String raw = TextFormat.printer().escapingNonAscii(seed % 2 == 0).printToString(message);
        String expanded =
                TextFormat.printer().usingTypeRegistry(DESCRIPTORS).printToString(message);

        assertSame(loader.text(raw, "a.pb_text", type(message), "test"), message);
        assertSame(loader.text(expanded, "a.pb_text", type(message), "test"), message);
        String line = TextFormat.printer().emittingSingleLine(true).printToString(message);
        assertSame(loader.text(line, "a.pb_text", type(message), "test"), message);
    }

    private static Message message(int seed, boolean numbersInStructs) {
        Message root = ROOTS.get(seed % ROOTS.size());
        return new RandomMessages(seed, PACKED, numbersInStructs).like(root);
    }

    private static Message type(Message message) {
        return message.getDefaultInstanceForType();
    }

    private static void assertSame(Compiled<LoadedConfig<Message>> read, Message message) {
        Message found = read.orThrow().message();
        assertThat(found).isEqualTo(message);
        assertThat(found.toByteString()).isEqualTo(message.toByteString());
    }
}
