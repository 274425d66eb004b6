package dev.attache.proxy.network.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.FakeWorker;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdHeaderTest {

    private final RequestIdHeader ids = new RequestIdHeader(new FakeWorker());

    private String id() {
        Headers request = new Headers();
        ids.apply(new RequestIds(true, false, false, true, true), request, true);
        return request.getOr(HeaderName.X_REQUEST_ID, "");
    }

    /** RFC 9562 section 5.4: version 4, variant 2, the rest random. */
    @Test
    void isARandomUuid() {
        Set<String> made = new HashSet<>();
        Set<Character> variants = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String id = id();
            assertThat(id)
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(UUID.fromString(id).version()).isEqualTo(4);
            assertThat(UUID.fromString(id).variant()).isEqualTo(2);
            made.add(id);
            variants.add(id.charAt(19));
        }
        assertThat(made).hasSize(1000);
        assertThat(variants).containsExactlyInAnyOrder('8', '9', 'a', 'b');
    }
}
