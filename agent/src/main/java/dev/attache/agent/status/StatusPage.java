package dev.attache.agent.status;

import java.io.IOException;

/** What answers at a path. On a virtual thread of the request. */
@FunctionalInterface
public interface StatusPage {

    /**
     * Answers one request.
     *
     * @throws IOException when the client has gone
     */
    void answer(StatusRequest request, StatusReply reply) throws IOException;

    /** The same for those on this host only. */
    default StatusPage forThisHost() {
        return (request, reply) -> {
            if (request.fromThisHost()) {
                answer(request, reply);
            } else {
                reply.error(403, "Only requests from localhost are allowed");
            }
        };
    }

    /** The same for POST only. */
    default StatusPage forPost() {
        return (request, reply) -> {
            if (request.method().equals("POST")) {
                answer(request, reply);
            } else {
                reply.error(405, "Method Not Allowed");
            }
        };
    }
}
