package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction.Forward;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.server.review.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Timeouts that another one is always ahead of. Pure. */
final class HiddenTimeouts {

    private static final String ASKED =
            "; a request that sets its own timeouts by x-envoy-… headers aside";

    private HiddenTimeouts() {}

    static void find(UsedTable table, Consumer<Diagnostic> found) {
        List<VirtualHost> hosts = table.table().virtualHosts();
        for (int i = 0; i < hosts.size(); i++) {
            List<Route> routes = hosts.get(i).routes();
            List<Forward> inherit = new ArrayList<>();
            for (int j = 0; j < routes.size(); j++) {
                if (routes.get(j).action() instanceof Forward forward) {
                    var message = table.message().getVirtualHosts(i).getRoutes(j).getRoute();
                    Place place = table.route(i, j).at("route");
                    if (message.hasRetryPolicy()) {
                        perTry(List.of(forward), "the route's timeout of ", place, found);
                    } else {
                        inherit.add(forward);
                    }
                    if (message.hasTimeout()) {
                        stream(forward, table.users(), place, found);
                    }
                }
            }
            if (table.message().getVirtualHosts(i).hasRetryPolicy()) {
                perTry(inherit, "the longest timeout of its routes of ", table.host(i), found);
            }
        }
    }

    /**
     * @param users all that have the policy
     */
    private static void perTry(
            List<Forward> users, String whose, Place place, Consumer<Diagnostic> found) {
        if (users.isEmpty() || !users.stream().allMatch(HiddenTimeouts::isOverFirst)) {
            return;
        }
        long longest = users.stream().mapToLong(Forward::timeoutMillis).max().orElseThrow();
        found.accept(
                place.warning(
                        "retry_policy.per_try_timeout",
                        "never over: "
                                + whose
                                + longest
                                + " ms is not longer than these "
                                + perTryMillis(users.getFirst())
                                + " ms"
                                + ASKED,
                        "make it shorter than timeout (15 s where none is set)"));
    }

    /**
     * Whether every request's whole time is over before that of one attempt. A route with {@code
     * max_stream_duration} has no timeout, and with {@code max_grpc_timeout} requests of gRPC have
     * one of their own.
     */
    private static boolean isOverFirst(Forward forward) {
        long timeout = forward.timeoutMillis();
        return forward.maxStreamDuration() == null
                && forward.maxGrpcTimeoutMillis() < 0
                && timeout > 0
                && perTryMillis(forward) >= timeout;
    }

    private static long perTryMillis(Forward forward) {
        var retry = forward.retry();
        return retry == null ? 0 : retry.perTryTimeoutMillis();
    }

    private static void stream(
            Forward forward,
            List<HttpConnectionManagerSpec> users,
            Place place,
            Consumer<Diagnostic> found) {
        long most = longest(forward, users);
        long timeout = forward.timeoutMillis();
        if (most > 0 && timeout >= most) {
            found.accept(
                    place.warning(
                            "timeout",
                            "never over: streams end after "
                                    + most
                                    + " ms (max_stream_duration), which is not longer than these "
                                    + timeout
                                    + " ms",
                            "make it shorter than max_stream_duration, or take it out"));
        }
    }

    /** How long any stream may last; 0 where that is not limited, or not known. */
    private static long longest(Forward forward, List<HttpConnectionManagerSpec> users) {
        var own = forward.maxStreamDuration();
        if (own != null && own.maxMillis() >= 0) {
            return own.maxMillis();
        }
        long most = 0;
        for (HttpConnectionManagerSpec user : users) {
            long limit = user.timeouts().maxStreamDuration();
            if (limit <= 0) {
                return 0;
            }
            most = Math.max(most, limit);
        }
        return most;
    }
}
