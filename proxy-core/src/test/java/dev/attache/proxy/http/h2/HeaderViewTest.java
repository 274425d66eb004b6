package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of our headers goes into a block of HTTP/2. */
class HeaderViewTest {

    private static List<String> fields(Headers headers) {
        List<String> fields = new ArrayList<>();
        new HeaderView()
                .of(headers)
                .iterator()
                .forEachRemaining(field -> fields.add(field.getKey() + "=" + field.getValue()));
        return fields;
    }

    @Test
    void octetsThatEndLinesElsewhereBecomeBlanks() {
        Headers headers = new Headers();
        headers.add(HeaderName.of("x-a"), "one\r\nx-b: two\0");
        headers.add(HeaderName.of("x-c"), "tab\tand \u00ff stay");
        assertThat(fields(headers))
                .containsExactly("x-a=one  x-b: two ", "x-c=tab\tand \u00ff stay");
    }

    @Test
    void pseudoHeadersComeFirstAndFieldsOfOneHopStay() {
        Headers headers = new Headers();
        headers.add(HeaderName.of("x-a"), "1");
        headers.add(HeaderName.CONNECTION, "close");
        headers.add(HeaderName.PATH, "/");
        assertThat(fields(headers)).containsExactly(":path=/", "x-a=1");
    }
}
