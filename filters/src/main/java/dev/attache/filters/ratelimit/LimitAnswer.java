package dev.attache.filters.ratelimit;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.LocalReply.Field;
import java.util.List;

/**
 * What a rate limit service says. Immutable.
 *
 * @param statuses of the descriptors, in the order in which they were told
 * @param responseHeaders added to what the client gets
 * @param requestHeaders added to what goes upstream
 * @param body of the answer to what is too much; octets
 * @param metadata for others, may be empty
 */
public record LimitAnswer(
        Outcome outcome,
        List<Status> statuses,
        List<Field> responseHeaders,
        List<Field> requestHeaders,
        String body,
        MetadataValue.Struct metadata) {

    /** The service could not be asked. */
    public static final LimitAnswer ERROR =
            new LimitAnswer(
                    Outcome.ERROR, List.of(), List.of(), List.of(), "", MetadataValue.EMPTY_STRUCT);

    /** Whether it is too much. */
    public enum Outcome {
        OK,
        OVER_LIMIT,
        /** Nobody knows. */
        ERROR
    }

    /**
     * Of one descriptor.
     *
     * @param overLimit whether it is this one that is too much
     * @param hasLimit whether the service has a limit for it; else what follows says nothing
     * @param requests for each window
     * @param windowSeconds 0 = not known
     * @param name of the limit, may be empty; octets
     * @param remaining requests in this window
     * @param resetSeconds until the next one
     */
    public record Status(
            boolean overLimit,
            boolean hasLimit,
            long requests,
            long windowSeconds,
            String name,
            long remaining,
            long resetSeconds) {}

    public LimitAnswer {
        statuses = List.copyOf(statuses);
        responseHeaders = List.copyOf(responseHeaders);
        requestHeaders = List.copyOf(requestHeaders);
    }
}
