package dev.attache.filters.authorization;

import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.route.RetryPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is asked. Immutable. */
public sealed interface AuthorizationService {

    /** Over gRPC. */
    record OverGrpc(GrpcService service) implements AuthorizationService {
        @Override
        public String described() {
            return "the authorization service at " + service.cluster() + ", over gRPC";
        }
    }

    /**
     * Over HTTP: the request itself, without its body unless that is gathered.
     *
     * @param pathPrefix before the path of the request
     * @param pathOverride in place of it; empty = not
     * @param added to the question
     * @param upstreamSet names of the answer's headers that replace those of the request
     * @param upstreamAdded that are added to it
     * @param clientDenied that the client gets of a refusal; null = all
     * @param clientOk that the client gets of the response
     * @param toMetadata that become dynamic metadata
     */
    record OverHttp(
            String cluster,
            long timeoutMillis,
            String pathPrefix,
            String pathOverride,
            HeaderMutations added,
            @Nullable RetryPolicy retry,
            List<StringMatcher> upstreamSet,
            List<StringMatcher> upstreamAdded,
            @Nullable List<StringMatcher> clientDenied,
            List<StringMatcher> clientOk,
            List<StringMatcher> toMetadata)
            implements AuthorizationService {
        @Override
        public String described() {
            return "the authorization service at " + cluster + ", over HTTP";
        }
    }

    /** For people. */
    String described();
}
