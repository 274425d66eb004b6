package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction.Forward;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.server.review.Place;
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
            for (int j = 0; j < routes.size(); j++) {
                if (routes.get(j).action() instanceof Forward forward) {
                    var message = table.message().getVirtualHosts(i).getRoutes(j).getRoute();
                    Place place = table.route(i, j).at("route");
                    perTry(forward, message.hasRetryPolicy() ? place : table.host(i), found);
                    if (message.hasTimeout()) {
                        stream(forward, table.users(), place, found);
                    }
                }
            }
        }
    }

    private static void perTry(Forward forward, Place place, Consumer<Diagnostic> found) {
        var retry = forward.retry();
        long timeout = forward.timeoutMillis();
        if (retry != null && timeout > 0 && retry.perTryTimeoutMillis() >= timeout) {
            found.accept(
                    place.warning(
                            "retry_policy.per_try_timeout",
                            "never over: the route's timeout of "
                                    + timeout
                                    + " ms is not longer than these "
                                    + retry.perTryTimeoutMillis()
                                    + " ms"
                                    + ASKED,
                            "make it shorter than timeout (15 s where none is set)"));
        }
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
