package dev.attache.proxy.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import org.junit.jupiter.api.Test;

final class RequiredHeadersTest {
    private final Headers request = new Headers(MessagePart.REQUEST, 64, 8);

    @Test
    void aRequestHasAMethodAndAPath() {
        assertThat(RequiredHeaders.missing(request)).isEqualTo(":method");
        request.add(HeaderName.METHOD, "GET");
        assertThat(RequiredHeaders.missing(request)).isEqualTo(":path");
        request.add(HeaderName.PATH, "/");
        assertThat(RequiredHeaders.missing(request)).isNull();
    }

    @Test
    void aConnectNeedsNoPath() {
        request.add(HeaderName.METHOD, "CONNECT");
        assertThat(RequiredHeaders.missing(request)).isNull();
    }

    @Test
    void theReplyNamesWhatIsMissing() {
        assertThat(RequiredHeaders.reply(":path").details())
                .isEqualTo(
                        "filter_removed_required_request_headers{missing_required_header:_:path}");
    }
}
