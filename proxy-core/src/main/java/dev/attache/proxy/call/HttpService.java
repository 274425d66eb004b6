package dev.attache.proxy.call;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.format.FormatContext;

/**
 * {@code envoy.config.core.v3.HttpService}: where something is sent over HTTP. Immutable.
 *
 * @param authority of requests
 * @param added to requests
 * @param timeoutMillis 0 = none
 */
public record HttpService(
        String cluster, String authority, String path, HeaderMutations added, long timeoutMillis) {

    /**
     * The head of a request with a body.
     *
     * @param about what values of added headers are made of
     */
    public Headers post(String contentType, FormatContext about) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, path);
        head.add(HeaderName.AUTHORITY, authority);
        head.add(HeaderName.CONTENT_TYPE, contentType);
        added.apply(head, about);
        return head;
    }
}
