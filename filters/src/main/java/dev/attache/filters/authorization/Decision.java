package dev.attache.filters.authorization;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;

/**
 * What came of asking an authorization service. Immutable.
 *
 * @param httpStatus of the answer to the client; 0 = not said
 * @param request what changes in the request that is let through
 * @param requestRemovals names of headers that leave it
 * @param response what changes in the response to it
 * @param reply headers of the answer to the client where it is not let through
 * @param query parameters of the path that are set, in order
 * @param queryRemovals parameters of the path that leave it
 * @param body of the answer to the client; octets
 * @param metadata becomes dynamic metadata
 * @param unknownAction a header came with an action that nobody knows
 */
public record Decision(
        Outcome outcome,
        int httpStatus,
        List<HeaderEdit> request,
        List<String> requestRemovals,
        List<HeaderEdit> response,
        List<HeaderEdit> reply,
        List<QueryValue> query,
        List<String> queryRemovals,
        String body,
        MetadataValue.Struct metadata,
        boolean unknownAction) {

    /** Whether the request goes on. */
    public enum Outcome {
        OK,
        DENIED,
        /** Nobody knows: the service could not be asked, or did not know either. */
        ERROR
    }

    /** One query parameter. */
    public record QueryValue(String key, String value) {}

    /** The service could not be asked. */
    public static final Decision ERROR = plain(Outcome.ERROR, 0);

    static Decision plain(Outcome outcome, int httpStatus) {
        return new Decision(
                outcome,
                httpStatus,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                MetadataValue.EMPTY_STRUCT,
                false);
    }

    /** Whether the request that is let through is another one than before. */
    public boolean changesRequest() {
        return !request.isEmpty()
                || !requestRemovals.isEmpty()
                || !query.isEmpty()
                || !queryRemovals.isEmpty();
    }
}
