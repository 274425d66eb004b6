package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.Compiled;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The bootstraps of all cases, read by the table and by protobuf's own parser, are the same
 * messages. That parser is stricter and knows nothing newer than the classes: what it refuses is
 * not compared.
 */
final class CasesAreReadAlikeTest {
    private static final Path CASES = Path.of("src/test/resources/conformance/cases");

    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    @Test
    void byTheTableAndByProtobuf() throws IOException {
        Map<String, Object> bootstraps = bootstraps();
        JsonFormat.Parser protobuf = JsonFormat.parser().usingTypeRegistry(types(bootstraps));
        int compared = 0;
        for (Map.Entry<String, Object> each : bootstraps.entrySet()) {
            // of which that parser forgets the sign
            String json = Tree.json(each.getValue(), false).replace("-0.0", "0.0");
            if (loader.json(json, "case", Bootstrap.getDefaultInstance(), "case")
                    instanceof Compiled.Ok<LoadedConfig<Bootstrap>>(var read, var warnings)) {
                Bootstrap.Builder other = Bootstrap.newBuilder();
                try {
                    protobuf.merge(json, other);
                } catch (InvalidProtocolBufferException stricter) {
                    continue;
                }
                assertThat(read.message()).as(each.getKey()).isEqualTo(other.build());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(bootstraps.size() * 3 / 4);
    }

    private static Map<String, Object> bootstraps() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(CASES)) {
            files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
        Map<String, Object> bootstraps = new LinkedHashMap<>();
        for (Path file : files) {
            Map<String, Object> spec = Tree.map(Tree.parse(Files.readString(file)));
            Object tree =
                    Tree.replace(new BootstrapWriter(spec).write(), CasesAreReadAlikeTest::filled);
            bootstraps.put(file.toString(), tree);
        }
        return bootstraps;
    }

    /** A path or a port, as the placeholder stands for one or the other. */
    private static String filled(String placeholder) {
        return switch (placeholder.split("\\.", 2)[0]) {
            case "jwks" -> Tokens.keys("secret");
            case "log", "dir", "cert", "key", "ocsp" -> "/a";
            default -> "1234";
        };
    }

    private static JsonFormat.TypeRegistry types(Map<String, Object> bootstraps) {
        Set<String> names = new TreeSet<>();
        bootstraps.values().forEach(tree -> collect(tree, names));
        JsonFormat.TypeRegistry.Builder types = JsonFormat.TypeRegistry.newBuilder();
        for (String name : names) {
            MessageType type = ApiTable.message(name);
            if (type != null && !type.isNewer()) {
                types.add(descriptor(type.className()));
            }
        }
        return types.build();
    }

    private static void collect(Object tree, Set<String> names) {
        if (tree instanceof Map<?, ?> map) {
            if (map.get("@type") instanceof String url) {
                names.add(url.substring(url.lastIndexOf('/') + 1));
            }
            map.values().forEach(value -> collect(value, names));
        } else if (tree instanceof List<?> list) {
            list.forEach(value -> collect(value, names));
        }
    }

    private static Descriptor descriptor(String className) {
        try {
            return (Descriptor) Class.forName(className).getMethod("getDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("the table names a class that is not there", e);
        }
    }
}
