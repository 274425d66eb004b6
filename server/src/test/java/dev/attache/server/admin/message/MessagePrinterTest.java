package dev.attache.server.admin.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.config.Compiled;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.conformance.CaseConfigurations;
import dev.attache.server.admin.message.wire.MessageBytes;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessagePrinterTest {
    /** Its only field became a repeated one after the message classes were made. */
    private static final String CHANGED = "envoy.config.endpoint.v3.LbEndpointCollection";

    private static String print(Message message) {
        return print(MessageBytes.of(message));
    }

    private static String print(MessageBytes message) {
        return JsonTrees.print(MessagePrinter.redacting(JsonTrees.TYPES, Part.of(message)));
    }

    /** Configurations of all kinds look as protobuf prints them. */
    @Test
    void printsWhatProtobufPrints() throws Exception {
        ConfigLoader loader = new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.IGNORE);
        int compared = 0;
        for (Map.Entry<String, String> each : CaseConfigurations.bootstraps().entrySet()) {
            String name = each.getKey();
            Compiled<LoadedConfig<Bootstrap>> read =
                    loader.json(each.getValue(), name, Bootstrap.getDefaultInstance(), name);
            if (read instanceof Compiled.Ok<LoadedConfig<Bootstrap>> ok
                    && !JsonTrees.isNewer(ok.value().message())) {
                JsonTrees.assertSame(ok.value().message(), name);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void printsMessagesOfEveryTypeAsProtobufDoes() throws Exception {
        RandomMessages random = new RandomMessages(8);
        int compared = 0;
        for (String name : ApiTable.messageNames()) {
            MessageType type = ApiTable.message(name);
            if (type == null || type.isNewer() || type.isMapEntry()) {
                continue;
            }
            Optional<Message> prototype = JsonTrees.prototype(type);
            if (prototype.isPresent() && name.contains(".v3.") && !name.equals(CHANGED)) {
                JsonTrees.assertSame(random.of(prototype.get(), 1), name);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(1000);
    }

    @Test
    void looksAsEnvoysPagesDo() {
        Value text = Value.newBuilder().setStringValue("<a>\u00ad\ud83d\ude00").build();
        Node node =
                Node.newBuilder()
                        .setId("n")
                        .setMetadata(
                                Struct.newBuilder()
                                        .putFields("s", text)
                                        .putFields("third", number(1.0 / 3))
                                        .putFields("great", number(1e15))
                                        .putFields("zero", number(-0.0))
                                        .putFields("none", Value.getDefaultInstance()))
                        .addClientFeatures("f")
                        .build();
        assertThat(print(node))
                .isEqualTo(
                        """
                        {
                         "id": "n",
                         "metadata": {
                          "s": "\\u003ca\\u003e\\u00ad\ud83d\ude00",
                          "third": 0.33333333333333331,
                          "great": 1e+15,
                          "zero": -0
                         },
                         "client_features": [
                          "f"
                         ]
                        }
                        """);
        assertThat(print(Node.getDefaultInstance())).isEqualTo("{}\n");
    }

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    @Test
    void printsNewerFieldsByNameAndUnknownOnesNot() {
        RouteMatch match =
                RouteMatch.newBuilder()
                        .setPrefix("/")
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                cookies(),
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addLengthDelimited(
                                                                ByteString.copyFromUtf8("\n\1c"))
                                                        .build())
                                        .addField(
                                                4711,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                        .build();
        assertThat(print(match))
                .isEqualTo(
                        """
                        {
                         "prefix": "/",
                         "cookies": [
                          {
                           "name": "c"
                          }
                         ]
                        }
                        """);
    }

    private static int cookies() {
        var field = ApiTable.of(RouteMatch.class).field("cookies");
        assertThat(field).isNotNull();
        return field == null ? 0 : field.number();
    }

    @Test
    void keepsTheBytesOfAnAnyThatNobodyKnows() {
        Any any =
                Any.newBuilder()
                        .setTypeUrl("x/nope.Nope")
                        .setValue(ByteString.copyFromUtf8("a"))
                        .build();
        assertThat(print(Metadata.newBuilder().putTypedFilterMetadata("k", any).build()))
                .isEqualTo(
                        """
                        {
                         "typed_filter_metadata": {
                          "k": {
                           "@type": "x/nope.Nope",
                           "value": "YQ=="
                          }
                         }
                        }
                        """);
    }

    /** Bytes in any order, with what is there twice: what protobuf's parser makes of them. */
    @Test
    void readsBytesAsProtobufDoes() throws Exception {
        Cluster first =
                Cluster.newBuilder()
                        .setName("a")
                        .setType(Cluster.DiscoveryType.EDS)
                        .setEdsClusterConfig(
                                Cluster.EdsClusterConfig.newBuilder().setServiceName("s"))
                        .setMetadata(
                                Metadata.newBuilder()
                                        .putFilterMetadata("f", Struct.getDefaultInstance()))
                        .build();
        Cluster second =
                Cluster.newBuilder()
                        .setClusterType(Cluster.CustomClusterType.newBuilder().setName("t"))
                        .setName("b")
                        .setMetadata(
                                Metadata.newBuilder()
                                        .putFilterMetadata(
                                                "f",
                                                Struct.newBuilder()
                                                        .putFields("x", number(1))
                                                        .build()))
                        .build();
        ByteString bytes =
                second.toByteString().concat(first.toByteString()).concat(second.toByteString());
        String ours = print(MessageBytes.of(ApiTable.of(Cluster.class), bytes.toByteArray()));
        assertThat(ours).isEqualTo(print(Cluster.parseFrom(bytes)));
        assertThat(ours).contains("\"name\": \"b\"").doesNotContain("EDS");
    }

    /** What is cut off is printed as far as it goes. */
    @Test
    void printsBrokenBytesAsFarAsTheyGo() {
        byte[] bytes = Node.newBuilder().setId("n").setCluster("cluster").build().toByteArray();
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = java.util.Arrays.copyOf(bytes, length);
            assertThat(print(MessageBytes.of(ApiTable.of(Node.class), part))).endsWith("}\n");
        }
    }

    /** A thousand levels need no thousand frames of the thread's stack. */
    @Test
    void printsDeepMessages() {
        ByteString content = Node.newBuilder().setId("deep").build().toByteString();
        String type = "type.googleapis.com/envoy.config.core.v3.Node";
        for (int i = 0; i < 1000; i++) {
            Any any = Any.newBuilder().setTypeUrl(type).setValue(content).build();
            content = any.toByteString();
            type = "type.googleapis.com/google.protobuf.Any";
        }
        String json = print(MessageBytes.of(ApiTable.of(Any.class), content.toByteArray()));
        assertThat(json).contains("\"id\": \"deep\"");
    }

    @Test
    void printsDefaultsWhereTheyAreWanted() {
        String json =
                JsonTrees.print(
                        MessagePrinter.withDefaults(
                                JsonTrees.TYPES,
                                Part.of(MessageBytes.of(Node.newBuilder().setId("n").build()))));
        assertThat(json)
                .contains("\"id\": \"n\"", "\"cluster\": \"\"", "\"client_features\": []")
                .contains("\"dynamic_parameters\": {}")
                .doesNotContain("locality");
    }
}
