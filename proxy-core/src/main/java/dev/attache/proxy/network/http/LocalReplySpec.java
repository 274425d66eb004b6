package dev.attache.proxy.network.http;

import dev.attache.proxy.accesslog.AccessLogFilter;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.format.BodyFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of answers that the proxy makes itself: {@code local_reply_config}. Immutable.
 *
 * @param appendLocalOverload {@code append_local_overload}: requests refused for overload are told
 *     so in {@code x-envoy-local-overloaded}
 */
public record LocalReplySpec(
        List<Mapper> mappers, @Nullable BodyFormat bodyFormat, boolean appendLocalOverload) {

    public static final LocalReplySpec NONE = new LocalReplySpec(List.of(), null, false);

    public LocalReplySpec {
        mappers = List.copyOf(mappers);
    }

    /**
     * The first mapper whose filter accepts is applied.
     *
     * @param status -1 = as it is
     * @param body null = as it is
     */
    public record Mapper(
            AccessLogFilter filter,
            int status,
            @Nullable String body,
            @Nullable BodyFormat bodyFormat,
            HeaderMutations headers) {}
}
