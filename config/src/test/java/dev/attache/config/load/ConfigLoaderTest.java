package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.SourceMap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLoaderTest {
    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    @TempDir Path folder;

    /** Scalars as the real Envoy's config_dump showed them for the same node metadata. */
    @Test
    void yamlScalarsMeanWhatTheyMeanToEnvoy() {
        Bootstrap bootstrap =
                yaml(
                        """
                        node:
                          metadata:
                            yes_word: yes
                            on_word: On
                            mixed: oN
                            hex: 0x10
                            octal: 010
                            new_octal: 0o10
                            fraction: 1.5
                            wide: 3000000000
                            quoted: "12"
                            tilde: ~
                            empty:
                            underscore: 1_000
                            block: |
                              12
                            plus: +5
                            exponent: 1e3
                            dup: 1
                            dup: 2
                            1: one
                            true: t
                            tagged: !!int "12"
                            tagged_text: !!str 12
                            tagged_null: !!str ~
                            untyped: ! 12
                            ? !ignore gone
                            : 1
                            merge: {<<: {k: v}}
                        """);
        Map<String, Value> metadata = bootstrap.getNode().getMetadata().getFieldsMap();
        assertThat(metadata.get("yes_word").getBoolValue()).isTrue();
        assertThat(metadata.get("on_word").getBoolValue()).isTrue();
        assertThat(metadata.get("mixed").getStringValue()).isEqualTo("oN");
        assertThat(metadata.get("hex").getNumberValue()).isEqualTo(16);
        assertThat(metadata.get("octal").getNumberValue()).isEqualTo(8);
        assertThat(metadata.get("new_octal").getStringValue()).isEqualTo("0o10");
        assertThat(metadata.get("fraction").getStringValue()).isEqualTo("1.5");
        assertThat(metadata.get("wide").getStringValue()).isEqualTo("3000000000");
        assertThat(metadata.get("quoted").getStringValue()).isEqualTo("12");
        assertThat(metadata.get("tagged").getNumberValue()).isEqualTo(12);
        assertThat(metadata.get("tagged_text").getNumberValue()).isEqualTo(12);
        assertThat(metadata.get("tagged_null").getStringValue()).isEqualTo("~");
        assertThat(metadata.get("untyped").getStringValue()).isEqualTo("12");
        assertThat(metadata.get("tilde").hasNullValue()).isTrue();
        assertThat(metadata.get("empty").hasNullValue()).isTrue();
        assertThat(metadata.get("underscore").getStringValue()).isEqualTo("1_000");
        assertThat(metadata.get("block").getStringValue()).isEqualTo("12\n");
        assertThat(metadata.get("plus").getNumberValue()).isEqualTo(5);
        assertThat(metadata.get("exponent").getStringValue()).isEqualTo("1e3");
        assertThat(metadata.get("dup").getNumberValue()).isEqualTo(2);
        assertThat(metadata).containsKeys("1", "true").doesNotContainKey("gone");
        assertThat(metadata.get("merge").getStructValue().getFieldsMap()).containsOnlyKeys("<<");
    }

    @Test
    void halfACharacterIsNoText() {
        for (String half : List.of("\\ud800", "\\udc00", "\\ud800\\u0041")) {
            String text = "{\"node\":{\"id\":\"" + half + "\"}}";
            assertThat(loader.json(text, "a.json", Bootstrap.getDefaultInstance(), "bootstrap"))
                    .isInstanceOf(Compiled.Rejected.class);
            assertThat(loader.yaml(text, "a.yaml", Bootstrap.getDefaultInstance(), "bootstrap"))
                    .isInstanceOf(Compiled.Rejected.class);
        }
        Bootstrap whole =
                ok(
                        loader.json(
                                "{\"node\":{\"id\":\"\\ud83d\\ude00\"}}",
                                "a.json",
                                Bootstrap.getDefaultInstance(),
                                "bootstrap"));
        assertThat(whole.getNode().getId()).isEqualTo("\ud83d\ude00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{a: ", "[[{a: ", "- ", "? "})
    void nestingHasALimitInEveryFormat(String opening) {
        String deep = "node: {metadata: {x: " + opening.repeat(100_000);
        Bootstrap none = Bootstrap.getDefaultInstance();
        assertThat(loader.json(opening.repeat(100_000), "a.json", none, "bootstrap"))
                .isInstanceOf(Compiled.Rejected.class);
        assertThat(loader.yaml(opening.repeat(100_000), "a.yaml", none, "bootstrap"))
                .isInstanceOf(Compiled.Rejected.class);
        assertThat(loader.yaml(deep, "a.yaml", none, "bootstrap"))
                .isInstanceOf(Compiled.Rejected.class);
    }

    @ParameterizedTest
    @CsvSource({"97, true", "98, false"})
    void aHundredLevelsAreTaken(int levels, boolean taken) {
        Bootstrap none = Bootstrap.getDefaultInstance();
        String open = "{\"node\":{\"metadata\":{\"a\":";
        for (String[] level : new String[][] {{"{\"a\":", "}"}, {"[", "]"}}) {
            String text = open + level[0].repeat(levels) + "1" + level[1].repeat(levels) + "}}}";
            for (var read :
                    List.of(
                            loader.json(text, "a.json", none, "b"),
                            loader.yaml(text, "a.yaml", none, "b"))) {
                assertThat(read instanceof Compiled.Ok).isEqualTo(taken);
            }
        }
        String anchored = "node: {metadata: {a: &x " + "[".repeat(49) + "1" + "]".repeat(49);
        String nested = "[".repeat(levels - 49) + "*x" + "]".repeat(levels - 49);
        var aliased = loader.yaml(anchored + ", b: " + nested + "}}", "a.yaml", none, "b");
        assertThat(aliased instanceof Compiled.Ok).isEqualTo(taken);
    }

    @Test
    void controlCharactersOfJsonTextAreTaken() {
        String text = "{\"node\":{\"id\":\"a\u0001\tb\nc\",\n \"x\":1}}";
        var json = loader.json(text, "a.json", Bootstrap.getDefaultInstance(), "bootstrap");
        Diagnostic error = ((Compiled.Rejected<?>) json).errors().getFirst();
        assertThat(error.position()).hasToString("a.json:3:2");
        String known = text.replace("\n \"x\":1", "");
        assertThat(
                        ok(loader.json(known, "a.json", Bootstrap.getDefaultInstance(), "b"))
                                .getNode()
                                .getId())
                .isEqualTo("a\u0001\tb\nc");
    }

    @Test
    void nestingHasALimitInTextProto() throws Exception {
        String value = "struct_value { fields { key: \"a\" value { ";
        String deep = "node { metadata { fields { key: \"a\" value { " + value.repeat(100_000);
        Path file = Files.writeString(folder.resolve("a.pb_text"), deep);
        assertThat(loader.load(file, Bootstrap.getDefaultInstance(), "bootstrap"))
                .isInstanceOf(Compiled.Rejected.class);
    }

    @Test
    void legacyJsonIsTaken() {
        Bootstrap bootstrap =
                ok(
                        loader.json(
                                """
                                {"node":{"id":"a","id":"b",'cluster':'c',
                                  metadata:{"n":3000000000,"l":[1,null,[2]]}},
                                 "staticResources":{"clusters":{"name":"x",
                                   "connect_timeout":{"seconds":"5"}, "lb_policy":"random",
                                   "dnsLookupFamily":3, "respect_dns_ttl":"true",
                                   "circuit_breakers":{"thresholds":[[{"max_connections":"5",}],null]},
                                   "load_assignment": null,
                                   "cluster_type": {"typed_config": {}},
                                 }}, }
                                """,
                                "a.json",
                                Bootstrap.getDefaultInstance(),
                                "bootstrap"));
        assertThat(bootstrap.getNode().getId()).isEqualTo("b");
        assertThat(bootstrap.getNode().getCluster()).isEqualTo("c");
        Cluster cluster = bootstrap.getStaticResources().getClusters(0);
        assertThat(cluster.getConnectTimeout().getSeconds()).isEqualTo(5);
        assertThat(cluster.getLbPolicy()).isEqualTo(Cluster.LbPolicy.RANDOM);
        assertThat(cluster.getDnsLookupFamilyValue()).isEqualTo(3);
        assertThat(cluster.getRespectDnsTtl()).isTrue();
        assertThat(cluster.getCircuitBreakers().getThresholdsList()).hasSize(1);
        assertThat(cluster.getCircuitBreakers().getThresholds(0).getMaxConnections().getValue())
                .isEqualTo(5);
        assertThat(cluster.hasLoadAssignment()).isFalse();
        assertThat(cluster.getClusterType().hasTypedConfig()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    connect_timeout: "5"                         | connect_timeout | duration must end with a single 's'
                    connect_timeout: 5                           | connect_timeout | unexpected character: '5'; expected '"'
                    per_connection_buffer_limit_bytes: 1.5       | per_connection_buffer_limit_bytes | expected integer, but JSON number had fractional part
                    per_connection_buffer_limit_bytes: -1        | per_connection_buffer_limit_bytes | JSON number out of range for int
                    per_connection_buffer_limit_bytes: 1e99999   | per_connection_buffer_limit_bytes | JSON number out of range for int
                    preconnect_policy: {predictive_preconnect_ratio: "1e400"} | preconnect_policy.predictive_preconnect_ratio | invalid number: '1e400'
                    respect_dns_ttl: 1                           | respect_dns_ttl | expected 'true' or 'false'
                    alt_stat_name: 12                            | alt_stat_name | unexpected character: '1'; expected '"'
                    common_lb_config: []                         | common_lb_config | unexpected character: '['; expected '{'
                    circuit_breakers: {thresholds: 5}            | circuit_breakers.thresholds[0] | unexpected character: '5'; expected '{'
                    eds_cluster_config: ""                       | eds_cluster_config | unexpected character: '"'; expected '{'
                    cluster_type: {typed_config: {a: b}}         | cluster_type.typed_config | in legacy mode, missing @type in Any is only allowed for an empty object
                    cluster_type: {typed_config: {"@type": foo}} | cluster_type.typed_config | @type must contain at least one / and a nonempty host; got: foo
                    cluster_type: {typed_config: {"@type": a/b}} | cluster_type.typed_config | could not find @type 'a/b'
                    lb_policy: BLA                               | lb_policy | unknown enum value: 'BLA'
                    foo: 1                                       | foo | no such field: 'foo'
                    """)
    void badValuesAreReportedAtTheirPath(String yaml, String path, String reason) {
        String text = "static_resources:\n  clusters:\n  - name: x\n    " + yaml + "\n";
        List<Diagnostic> errors = errors(text);
        assertThat(errors).hasSize(1);
        Diagnostic error = errors.getFirst();
        assertThat(error.fieldPath()).isEqualTo("static_resources.clusters[0]." + path);
        assertThat(error.message()).contains(reason);
        assertThat(error.line()).isEqualTo(4);
        assertThat(error.column()).isGreaterThanOrEqualTo(5);
    }

    /** Values of a Struct, of a map and of an Any, of a TypedStruct, items of a list of lists. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    node.metadata.a.b[1].c                                       | 2:26
                    node.metadata.a.x                                            | 2:14
                    node.dynamic_parameters["k"].params["a"]                     | 4:18
                    node.dynamic_parameters[k].params[c]                         | 4:9
                    static_resources.clusters[1].name                            | 7:18
                    static_resources.clusters[2].alt_stat_name                   | 8:5
                    static_resources.clusters[2].cluster_type.typed_config.value | 13:9
                    static_resources.clusters[2].cluster_type.typed_config.stat_prefix | 13:17
                    static_resources.clusters[3].name                            | 6:3
                    none.at.all[0]                                               | 1:1
                    """)
    void placesAreFoundByPath(String path, String place) {
        String text =
                """
                node:
                  metadata: {a: {b: [1, {c: 1}]}}
                  dynamic_parameters:
                    k: {params: {a: 1, b: 2}}
                static_resources:
                  clusters:
                  - [{name: a}, {name: b}, ~]
                  - name: c
                    clusterType:
                      typed_config:
                        "@type": a/xds.type.v3.TypedStruct
                        type_url: a/envoy.config.cluster.v3.Cluster
                        value: {stat_prefix: a}
                """;
        SourceMap positions =
                loader.keepGoing()
                        .yaml(text, "a.yaml", Bootstrap.getDefaultInstance(), "bootstrap")
                        .orThrow()
                        .positions();
        assertThat(positions.nearest(path)).hasToString("a.yaml:" + place);
    }

    @Test
    void oneofsMayBeSetOnce() {
        List<Diagnostic> errors =
                errors(
                        """
                        static_resources:
                          clusters: [{name: x, type: EDS, cluster_type: {name: a}}]
                        """);
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().message()).contains("'cluster_type' has already been set");
    }

    @Test
    void allErrorsAreReportedNotOnlyTheFirst() {
        assertThat(errors("admin: {a: 1}\nnode: {id: 5, b: 2}\n"))
                .extracting(Diagnostic::fieldPath)
                .containsExactly("admin.a", "node.id", "node.b");
    }

    @Test
    void unknownFieldsBecomeWarningsWhereTheyAreAllowed() {
        ConfigLoader lenient = new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.WARN);
        var loaded =
                lenient.yaml(
                        "node: {id: a, b: 2}\n",
                        "x.yaml",
                        Bootstrap.getDefaultInstance(),
                        "bootstrap");
        assertThat(loaded)
                .isInstanceOfSatisfying(
                        Compiled.Ok.class, ok -> assertThat(ok.warnings()).hasSize(1));
    }

    @Test
    void syntaxErrorsCarryTheirPlace() {
        Diagnostic yaml = errors("static_resources:\n  clusters: [\n").getFirst();
        assertThat(yaml.line()).isEqualTo(3);
        var json =
                loader.json("{\n  \"a\": }", "x.json", Bootstrap.getDefaultInstance(), "bootstrap");
        Diagnostic error = ((Compiled.Rejected<?>) json).errors().getFirst();
        assertThat(error.position()).hasToString("x.json:2:8");
    }

    @Test
    void anysAreBuiltFromTheirTypeUrl() throws Exception {
        Bootstrap bootstrap =
                yaml(
                        """
                        static_resources:
                          listeners:
                          - filter_chains:
                            - filters:
                              - name: http
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                  stat_prefix: in
                              - name: w
                                typed_config:
                                  "@type": type.googleapis.com/google.protobuf.StringValue
                                  value: hello
                        """);
        var filters =
                bootstrap.getStaticResources().getListeners(0).getFilterChains(0).getFiltersList();
        assertThat(
                        filters.get(0)
                                .getTypedConfig()
                                .unpack(HttpConnectionManager.class)
                                .getStatPrefix())
                .isEqualTo("in");
        assertThat(
                        filters.get(1)
                                .getTypedConfig()
                                .unpack(com.google.protobuf.StringValue.class)
                                .getValue())
                .isEqualTo("hello");
    }

    @Test
    void theExtensionOfTheFileDecides() throws Exception {
        Bootstrap expected = Bootstrap.newBuilder().build().toBuilder().build();
        Bootstrap withId =
                expected.toBuilder().setNode(expected.getNode().toBuilder().setId("a")).build();
        for (Map.Entry<String, byte[]> file :
                Map.of(
                                "b.pb", withId.toByteArray(),
                                "b.pb_text", "node { id: \"a\" }".getBytes(StandardCharsets.UTF_8),
                                "b.yaml", "node: {id: a}".getBytes(StandardCharsets.UTF_8),
                                "b.YML", "node: {id: a}".getBytes(StandardCharsets.UTF_8),
                                "b.json",
                                        "{\"node\":{\"id\":\"a\"}}"
                                                .getBytes(StandardCharsets.UTF_8),
                                "b.conf",
                                        "{\"node\":{\"id\":\"a\"}}"
                                                .getBytes(StandardCharsets.UTF_8))
                        .entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.write(path, file.getValue());
            assertThat(ok(loader.load(path, Bootstrap.getDefaultInstance(), "bootstrap")))
                    .as(file.getKey())
                    .isEqualTo(withId);
        }
    }

    /** Its class stays behind when the build takes those that code reads. */
    @Test
    void aMessageWithoutAClassIsReadByTheTable() {
        String type = "envoy.extensions.filters.http.aws_lambda.v3.Config";
        Bootstrap bootstrap =
                yaml(
                        """
                        node:
                          id: a
                        static_resources:
                          clusters:
                          - name: a
                            metadata:
                              typed_filter_metadata:
                                a:
                                  "@type": type.googleapis.com/%s
                                  arn: b
                                  payload_passthrough: true
                        """
                                .formatted(type));
        Any content =
                bootstrap
                        .getStaticResources()
                        .getClusters(0)
                        .getMetadata()
                        .getTypedFilterMetadataOrThrow("a");
        assertThat(content.getTypeUrl()).isEqualTo("type.googleapis.com/" + type);
        assertThat(content.getValue().toByteArray()).containsExactly(10, 1, 'b', 16, 1);
        assertThat(new TypeRegistry().message(type)).isNotNull();
        assertThatThrownBy(() ->
                        Class.forName(
                                "io.envoyproxy.envoy.extensions.filters.http.aws_lambda.v3"
                                        + ".Config",
                                false,
                                getClass().getClassLoader()))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void textProtoResolvesExpandedAnys() throws Exception {
        Path path = folder.resolve("b.pb_text");
        Files.writeString(
                path,
                """
                static_resources { listeners { filter_chains { filters { name: "h" typed_config {
                  [type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager] {
                    stat_prefix: "in" } } } } } }
                """);
        Bootstrap bootstrap = ok(loader.load(path, Bootstrap.getDefaultInstance(), "bootstrap"));
        assertThat(
                        bootstrap
                                .getStaticResources()
                                .getListeners(0)
                                .getFilterChains(0)
                                .getFilters(0)
                                .getTypedConfig()
                                .getTypeUrl())
                .endsWith("HttpConnectionManager");
    }

    @Test
    void aMissingFileIsNamed() {
        var result =
                loader.load(
                        folder.resolve("none.yaml"), Bootstrap.getDefaultInstance(), "bootstrap");
        assertThat(((Compiled.Rejected<?>) result).summary()).contains("unable to read file");
    }

    private Bootstrap yaml(String text) {
        return ok(loader.yaml(text, "test.yaml", Bootstrap.getDefaultInstance(), "bootstrap"));
    }

    private List<Diagnostic> errors(String text) {
        var result = loader.yaml(text, "test.yaml", Bootstrap.getDefaultInstance(), "bootstrap");
        return ((Compiled.Rejected<?>) result).errors();
    }

    private static <T extends Message> T ok(Compiled<LoadedConfig<T>> result) {
        return result.orThrow().message();
    }
}
