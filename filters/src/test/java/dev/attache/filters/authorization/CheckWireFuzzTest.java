package dev.attache.filters.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Overlay;
import dev.attache.filters.authorization.Decision.Outcome;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.DeniedHttpResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers of an authorization service: nothing lets a request through but a message that says so,
 * and what it changes are octets that headers can take.
 */
@Tag("wire")
class CheckWireFuzzTest {

    private static HeaderValueOption header(String name, String value) {
        return HeaderValueOption.newBuilder()
                .setHeader(HeaderValue.newBuilder().setKey(name).setValue(value))
                .build();
    }

    static Stream<byte[]> answers() {
        OkHttpResponse.Builder ok =
                OkHttpResponse.newBuilder()
                        .addHeaders(header("x-a", "é\r\n"))
                        .addHeaders(header("", ""))
                        .addHeadersToRemove("x-b")
                        .addResponseHeadersToAdd(header("X C", "1"));
        DeniedHttpResponse.Builder denied =
                DeniedHttpResponse.newBuilder().setBody("€").addHeaders(header(":status", "7"));
        CheckResponse.Builder refusal = CheckResponse.newBuilder().setDeniedResponse(denied);
        refusal.getStatusBuilder().setCode(7);
        return Stream.of(
                CheckResponse.getDefaultInstance().toByteArray(),
                CheckResponse.newBuilder().setOkResponse(ok).build().toByteArray(),
                refusal.build().toByteArray(),
                new byte[] {10, 2, 8});
    }

    @MethodSource("answers")
    @FuzzTest
    void readsAnswers(byte[] bytes) {
        Decision decision = CheckWire.response(bytes);
        CheckResponse said;
        try {
            said = CheckResponse.parseFrom(bytes);
            Overlay.of(said).sentMessage("error_response", DeniedHttpResponse.getDefaultInstance());
        } catch (InvalidProtocolBufferException e) {
            assertThat(decision).isNull();
            return;
        }
        assertThat(decision).isNotNull();
        assertThat(decision.outcome() == Outcome.OK).isEqualTo(said.getStatus().getCode() == 0);
        assertThat(decision.body()).matches(text -> text.chars().allMatch(c -> c < 0x100));
        Headers headers = new Headers();
        headers.add(HeaderName.PATH, "/a?b=c");
        for (List<HeaderEdit> edits :
                List.of(decision.request(), decision.response(), decision.reply())) {
            for (HeaderEdit edit : edits) {
                assertThat(edit.value()).matches(text -> text.chars().allMatch(c -> c < 0x100));
                edit.apply(headers);
            }
        }
        String path = QueryEdit.apply("/a?b=c", decision.query(), decision.queryRemovals());
        assertThat(path).startsWith("/a");
    }
}
