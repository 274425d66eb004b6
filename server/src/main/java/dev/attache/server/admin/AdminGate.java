package dev.attache.server.admin;

import dev.attache.proxy.matching.StringMatcher;
import dev.attache.server.admin.access.AdminAccess;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import io.netty.channel.Channel;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What stands between a connection and the pages. On the admin thread. */
@FunctionalInterface
interface AdminGate {

    /**
     * Why a request is not answered, or null where it is.
     *
     * @param target path and query as they came
     */
    @Nullable AdminResponse refusal(Channel channel, AdminRequest request, String target);

    /**
     * The admin port's: those who may, and paths that the bootstrap allows. Files of the page for
     * people are for everybody: a browser has no token before it has the page that asks for it.
     *
     * @param mutating whether the page at a path changes something
     */
    static AdminGate of(
            AdminAccess access, Predicate<String> mutating, List<StringMatcher> allowedPaths) {
        return (channel, request, target) -> {
            AdminResponse refusal =
                    WebEndpoints.isFile(request)
                            ? null
                            : access.refusal(channel, request, mutating.test(request.path()));
            if (refusal != null) {
                return refusal;
            }
            String asked = normalised(request, target);
            boolean allowed =
                    allowedPaths.isEmpty()
                            || allowedPaths.stream().anyMatch(path -> path.matches(asked));
            return allowed
                    ? null
                    : AdminResponse.text(403, "request to path " + asked + " not allowed");
        };
    }

    /** With the path by which the page is chosen: a list of paths is not walked around by dots. */
    private static String normalised(AdminRequest request, String target) {
        int query = target.indexOf('?');
        return query < 0 ? request.path() : request.path() + target.substring(query);
    }

    /** The metrics port's: everybody, and two pages. */
    static AdminGate ofMetrics() {
        Set<String> paths = Set.of("/stats/prometheus", "/ready");
        return (channel, request, target) -> {
            if (!paths.contains(request.path())) {
                return AdminResponse.text(
                        404, "here are /stats/prometheus and /ready only (--metrics-address)\n");
            }
            boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
            return reads
                    ? null
                    : AdminResponse.text(
                            405, "Method " + request.method() + " not allowed, GET required.\n");
        };
    }
}
