package dev.attache.testkit.filter;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;

/** Fields as tests write them: names and values in turn. */
final class HeaderList {

    private HeaderList() {}

    static Headers of(MessagePart part, String... fields) {
        Headers headers = new Headers(part);
        addTo(headers, fields);
        return headers;
    }

    /** The head of a request, whose authority is {@code test.example} unless the fields say. */
    static Headers request(String method, String path, String... fields) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, method);
        head.add(HeaderName.SCHEME, "http");
        head.add(HeaderName.AUTHORITY, "test.example");
        if (!path.isEmpty()) {
            head.add(HeaderName.PATH, path);
        }
        addTo(head, fields);
        return head;
    }

    /** Adds them; one that begins with a colon replaces what is there. */
    static void addTo(Headers headers, String... fields) {
        if (fields.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "a name without a value: " + fields[fields.length - 1]);
        }
        for (int i = 0; i < fields.length; i += 2) {
            HeaderName name = HeaderName.of(fields[i]);
            if (fields[i].startsWith(":")) {
                headers.set(name, fields[i + 1]);
            } else {
                headers.add(name, fields[i + 1]);
            }
        }
    }
}
