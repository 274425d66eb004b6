package dev.attache.agent.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.document.Json;
import dev.attache.agent.document.Records;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProxyConfigRecordsTest {

    @TempDir Path directory;

    /** What pilot-agent 1.31's own code made of each: fields that are not as by default. */
    static Stream<Map<?, ?>> records() {
        return Records.of(ProxyConfigRecordsTest.class);
    }

    @ParameterizedTest
    @MethodSource("records")
    void isReadAsIstiosAgentReadsIt(Map<?, ?> record) throws IOException {
        Object expected = record.containsKey("refused") ? "refused" : expected(record);
        Object got;
        try {
            got = Json.print(normal(resolve(record).tree()));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
            got = "refused";
        }
        assertThat(got).as(Json.print(record)).isEqualTo(expected);
    }

    private static String expected(Map<?, ?> record) {
        Map<String, Object> fields = new TreeMap<>(ProxyConfig.defaults().tree());
        ((Map<?, ?>) Objects.requireNonNull(record.get("fields")))
                .forEach((name, value) -> fields.put(name.toString(), value));
        if (record.get("without") instanceof List<?> without) {
            without.forEach(fields::remove);
        }
        return Json.print(normal(fields));
    }

    private ProxyConfig resolve(Map<?, ?> record) throws IOException {
        AgentFiles files = new AgentFiles(directory);
        if (record.containsKey("mesh")) {
            Files.writeString(directory.resolve("mesh"), text(record, "mesh", ""));
        }
        Files.createDirectories(files.podAnnotations().getParent());
        Files.writeString(files.podAnnotations(), text(record, "anno", ""));
        int concurrency = record.get("concurrency") instanceof Long number ? number.intValue() : 0;
        return new ProxyConfigSources(
                        new Environment(Map.of("PROXY_CONFIG", text(record, "env", ""))), files)
                .resolve("mesh", text(record, "cluster", "istio-proxy"), concurrency);
    }

    private static String text(Map<?, ?> record, String name, String otherwise) {
        return record.get(name) instanceof String text ? text : otherwise;
    }

    /** In the order of names, with whole numbers as such. */
    private static Object normal(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((name, item) -> sorted.put(name.toString(), normal(item)));
            return sorted;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> normal((Object) item)).toList();
        }
        return value instanceof Double number && number == Math.rint(number)
                ? (Object) number.longValue()
                : value;
    }
}
