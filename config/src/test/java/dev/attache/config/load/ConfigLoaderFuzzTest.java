package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.google.protobuf.CodedInputStream;
import dev.attache.config.Compiled;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Text that claims to be a configuration, in every format: read, or refused with a place and a
 * reason. What was read says the same when it is written in another format.
 */
class ConfigLoaderFuzzTest {

    private static final Bootstrap BOOTSTRAP = Bootstrap.getDefaultInstance();

    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    static Stream<String> yaml() {
        return Stream.of(
                "node: {id: a, metadata: {n: 0x10, o: 010, f: 1.5, w: 3000000000, b: yes}}",
                "a: &x [1]\nb: *x\n? !ignore c\n: d",
                "static_resources:\n"
                        + "  clusters:\n"
                        + "  - name: |\n"
                        + "      text\n"
                        + "    connect_timeout: 1.5s",
                "x: \"\\u00fc\\x41\"\n---\nsecond: document",
                "{node: {locality: {zone: ~}}}",
                "[".repeat(300),
                "- \"\\ud800\"",
                "{a: ".repeat(300),
                "admin: {address: {pipe: {path: '@a', mode: -1}}}",
                "watchdog: {miss_timeout: -0.5s, kill_timeout: 315576000001s}",
                "hds_config: {grpc_services: [{google_grpc: {}}]}\nflags_path: !!binary aGk=");
    }

    @MethodSource("yaml")
    @FuzzTest
    void yamlIsReadOrRefused(@NotNull String text) {
        check(loader.yaml(text, "a.yaml", BOOTSTRAP, "bootstrap"));
    }

    static Stream<String> json() {
        return Stream.of(
                "{\"node\":{\"id\":\"a\",\"metadata\":{\"n\":1e400,\"l\":[1,null,true]}}}",
                "{'node':{id:\"\\ud800\"},}",
                "[".repeat(300),
                "{\"static_resources\":{\"clusters\":[{\"name\":\"\\u0000\"}]}}",
                "{\"a\":01}");
    }

    @MethodSource("json")
    @FuzzTest
    void jsonIsReadOrRefused(@NotNull String text) {
        check(loader.json(text, "a.json", BOOTSTRAP, "bootstrap"));
    }

    static Stream<String> texts() {
        return Stream.of(
                "node { id: \"a\" metadata { fields { key: \"k\" value { number_value: inf } } } }",
                "admin { address { pipe { path: \"\\377\" } } }",
                "stats_sinks { typed_config { [type.googleapis.com/google.protobuf.Struct] {} } }",
                "node { user_agent_name: 'x' ".repeat(200));
    }

    @MethodSource("texts")
    @FuzzTest
    void textIsReadOrRefused(@NotNull String text) {
        check(loader.text(text, "a.pb_text", BOOTSTRAP, "bootstrap"));
    }

    private void check(Compiled<LoadedConfig<Bootstrap>> read) {
        switch (read) {
            case Compiled.Rejected<LoadedConfig<Bootstrap>> refused ->
                    assertThat(refused.errors()).isNotEmpty().noneMatch(e -> e.message().isBlank());
            case Compiled.Ok<LoadedConfig<Bootstrap>> ok -> sameOnTheWire(ok.value().message());
        }
    }

    private static void sameOnTheWire(Bootstrap message) {
        try {
            CodedInputStream in = message.toByteString().newCodedInput();
            in.setRecursionLimit(1_000);
            assertThat(Bootstrap.parseFrom(in)).isEqualTo(message);
        } catch (IOException e) {
            throw new AssertionError("what was read cannot be sent", e);
        }
    }
}
