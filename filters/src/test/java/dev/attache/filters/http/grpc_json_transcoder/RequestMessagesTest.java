package dev.attache.filters.http.grpc_json_transcoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Delimiter;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the JSON of a request holds while it becomes messages. */
class RequestMessagesTest {
    private static final Schema SCHEMA = TestSchemas.small();
    private static final MessageType TYPE = Objects.requireNonNull(SCHEMA.messages().get("t.M"));
    private static final String LONG = "x".repeat(100_000);

    private static RequestMessages messages(boolean stream) {
        Schema.Method method = new Schema.Method("t.S", "M", TYPE, TYPE, stream, false, null);
        Call call = new Call(method, List.of(), false, List.of(), false);
        return new RequestMessages(
                ResponseMessagesTest.settings(Delimiter.LIST),
                new Call.Target(call, "*"),
                List.of());
    }

    @Test
    void whatIsHeldGrowsWithWhatHasComeAndGoesWithTheMessage() {
        RequestMessages one = messages(false);
        assertThat(one.read("{\"d\":[", false)).isEmpty();
        for (int i = 0; i < 10_000; i++) {
            assertThat(one.read("1,", false)).isEmpty();
        }
        assertThat(one.held()).isGreaterThan(80_000);
        assertThat(one.read("]}", true)).hasSizeGreaterThan(80_000);
        assertThat(one.held()).isLessThan(1000);
        assertThat(one.error()).isNull();
    }

    @Test
    void ofAStreamEachMessageIsHeldByItself() {
        RequestMessages many = messages(true);
        assertThat(many.read("[{\"l\":[{\"s\":\"" + LONG + "\"}", false)).isEmpty();
        assertThat(many.held()).isGreaterThan(100_000);
        assertThat(many.read("]},{", false)).hasSizeGreaterThan(100_000);
        assertThat(many.read("}]", true)).hasSize(5);
        assertThat(many.error()).isNull();
    }
}
