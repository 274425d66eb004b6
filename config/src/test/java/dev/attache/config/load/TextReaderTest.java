package dev.attache.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text protobuf as Envoy takes it; each text was given to the real one. */
final class TextReaderTest {
    private final ConfigLoader loader =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    node: < id: "a" "b" 'c' >; node_context_params: ["a", "b"], node_context_params: [] | {node: {id: abc}, node_context_params: [a, b]}
                    node { id: "\\u00fc\\U0001F600\\x41\\101\\n\\?\\ud83d\\ude00" }                   | {node: {id: "\\u00fc\\U0001F600AA\\n?\\ud83d\\ude00"}}
                    node {id: "a"; metadata: {fields: {key: "x", value: {list_value: {values: [{number_value: 1.5f}, {bool_value: t}]}}}} } # end | {node: {id: a, metadata: {x: ["ONE_AND_A_HALF", true]}}}
                    static_resources { clusters { connect_timeout { seconds: -010 nanos: 0xF } } }  | {static_resources: {clusters: [{connect_timeout: {seconds: -8, nanos: 15}}]}}
                    static_resources { clusters { type: EDS lb_policy: 3 } clusters { type: 77 } }  | {static_resources: {clusters: [{type: EDS, lb_policy: 3}, {type: 77}]}}
                    stats_sinks { typed_config { [a.b/google.protobuf.DoubleValue]: < value: -inf > } } | {stats_sinks: [{typed_config: {"@type": a.b/google.protobuf.DoubleValue, value: "-Infinity"}}]}
                    stats_sinks { typed_config { [a/google.protobuf.Empty] {} }, }                  | {stats_sinks: [{typed_config: {"@type": a/google.protobuf.Empty}}]}
                    node { id: "" id: "a" }                                                         | {node: {id: a}}
                    stats_sinks { typed_config { type_url: "a/b" value: "\\377" } }                  | BYTES
                    """)
    void isWhatItsYamlIs(String text, String yaml) {
        Bootstrap read = read(text).orThrow().message();
        if (yaml.equals("BYTES")) {
            assertThat(read.getStatsSinks(0).getTypedConfig().getValue().byteAt(0))
                    .isEqualTo((byte) 0xff);
            return;
        }
        Bootstrap expected =
                loader.yaml(yaml, "a.yaml", Bootstrap.getDefaultInstance(), "test")
                        .orThrow()
                        .message();
        assertThat(read.toString().replace("number_value: 1.5", "string_value: \"ONE_AND_A_HALF\""))
                .isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    node { id: "a" id: "b" }                              | 1:16 | Non-repeated field "id" is specified multiple times.
                    node { id: a }                                        | 1:12 | Expected string, got: a
                    node { id: "\\377" }                                  | 1:12 | String field "id" is not UTF-8.
                    node { id: "\\ud800" }                                | 1:12 | String field "id" is not UTF-8.
                    nodee { id: "a" }                                     | 1:1 | Message type "envoy.config.bootstrap.v3.Bootstrap" has no field named "nodee".
                    node { userAgentName: "a" }                           | 1:8 | has no field named "userAgentName".
                    node { [foo.bar]: 1 }                                 | 1:8 | Extension "foo.bar" is not defined
                    node { 1: "a" }                                       | 1:8 | Expected identifier, got: 1
                    node { id: "a                                         | 1:14 | Unexpected end of string.
                    node { id: "a"                                        | 1:15 | Expected identifier, got:
                    node { id: "a" >                                      | 1:16 | Expected "}", found ">".
                    node { id: "a" } }                                    | 1:18 | Expected identifier, got: }
                    node { id: "a\\q" }                                    | 1:15 | Invalid escape sequence in string literal.
                    node { id: "\\xg" }                                    | 1:14 | Expected hex digits for escape sequence.
                    stats_sinks { typed_config { [a/google.protobuf.Struc] {} } } | 1:30 | Could not find type "a/google.protobuf.Struc"
                    static_resources { clusters { name 5 } }              | 1:36 | Expected ":", found "5".
                    static_resources { clusters { type: EDSS } }          | 1:37 | Unknown enumeration value of "EDSS" for field "type".
                    static_resources { clusters { type: EDS cluster_type {} } } | 1:41 | another member of oneof "cluster_discovery_type".
                    static_resources { clusters { respect_dns_ttl: 2 } }  | 1:48 | Integer out of range (2)
                    static_resources { clusters { respect_dns_ttl: yes } } | 1:48 | Invalid value for boolean field "respect_dns_ttl". Value: "yes".
                    static_resources { clusters { per_connection_buffer_limit_bytes { value: -1 } } } | 1:74 | Expected integer, got: -
                    static_resources { clusters { per_connection_buffer_limit_bytes { value: 4294967296 } } } | 1:74 | Integer out of range (4294967296)
                    static_resources { clusters { per_connection_buffer_limit_bytes { value: 1abc } } } | 1:75 | Need space between number and identifier.
                    node { metadata { fields { key: "a" value { number_value: 0x10 } } } } | 1:59 | Expect a decimal number, got: 0x10
                    node { metadata { fields: [ { key: "a" }, ] } }       | 1:43 | Expected "{", found "]".
                    """)
    void isRefusedAtItsPlace(String text, String place, String problem) {
        Diagnostic error = ((Compiled.Rejected<?>) read(text)).errors().getFirst();
        assertThat(error.message())
                .contains("a text protobuf (type envoy.config.bootstrap.v3.Bootstrap)")
                .contains(place + ": ")
                .contains(problem);
        assertThat(error.position()).hasToString("a.pb_text:" + place);
    }

    @Test
    void placesCountLines() {
        Diagnostic error =
                ((Compiled.Rejected<?>) read("# comment\nnode {\n  x: 1\n}\n")).errors().getFirst();
        assertThat(error.position()).hasToString("a.pb_text:3:3");
    }

    @Test
    void fieldsNewerThanTheClassesAreTaken() {
        Bootstrap read =
                read("""
                static_resources { listeners { filter_chains { filters { typed_config {
                  [a/envoy.config.route.v3.RouteMatch] { prefix: "/" cookies { name: "k" } }
                } } } } }
                """)
                        .orThrow()
                        .message();
        assertThat(
                        read.getStaticResources()
                                .getListeners(0)
                                .getFilterChains(0)
                                .getFilters(0)
                                .getTypedConfig()
                                .getValue()
                                .toStringUtf8())
                .contains("k");
    }

    private Compiled<LoadedConfig<Bootstrap>> read(String text) {
        return loader.text(text, "a.pb_text", Bootstrap.getDefaultInstance(), "test");
    }
}
