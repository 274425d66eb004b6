package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.route.RetryPolicy.RetryOn;
import dev.attache.server.review.Place;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Retry policies, or parts of them, by which nothing is ever tried again. Pure. */
final class IdleRetries {

    private static final String ASKED = "x-envoy-retry-on of a request alone can ask for that";

    private IdleRetries() {}

    static void find(UsedTable table, Consumer<Diagnostic> found) {
        List<VirtualHost> hosts = table.message().getVirtualHostsList();
        for (int i = 0; i < hosts.size(); i++) {
            VirtualHost host = hosts.get(i);
            if (host.hasRetryPolicy()) {
                Place place = table.host(i).at("retry_policy");
                policy(host.getRetryPolicy(), place, found);
                unused(host, place, found);
            }
            for (int j = 0; j < host.getRoutesCount(); j++) {
                Route route = host.getRoutes(j);
                if (route.getRoute().hasRetryPolicy()) {
                    policy(
                            route.getRoute().getRetryPolicy(),
                            table.route(i, j).at("route").at("retry_policy"),
                            found);
                }
            }
        }
    }

    private static void unused(VirtualHost host, Place place, Consumer<Diagnostic> found) {
        boolean used =
                host.hasMatcher()
                        || host.getRoutesList().stream()
                                .anyMatch(r -> r.hasRoute() && !r.getRoute().hasRetryPolicy());
        if (!used) {
            found.accept(
                    place.warning(
                            "",
                            "no route of the virtual host uses this: those that forward have a"
                                    + " policy of their own",
                            "take it out, or those of the routes"));
        }
    }

    private static void policy(RetryPolicy policy, Place place, Consumer<Diagnostic> found) {
        if (policy.getRetryOn().isBlank()) {
            found.accept(
                    place.warning(
                            "retry_on",
                            "no condition is named under which to try again; " + ASKED,
                            "name one, as connect-failure,refused-stream, or take the policy out"));
            return;
        }
        for (String token : policy.getRetryOn().split(",", -1)) {
            if (dev.attache.proxy.route.RetryPolicy.parseOn(token).isEmpty()) {
                found.accept(
                        place.warning(
                                "retry_on",
                                "'" + token.strip() + "' is no condition and has no effect",
                                "take it out, or name one of those that Envoy documents for retry_on"));
            }
        }
        Set<RetryOn> on = dev.attache.proxy.route.RetryPolicy.parseOn(policy.getRetryOn());
        if (policy.getRetriableStatusCodesCount() > 0
                && !on.contains(RetryOn.RETRIABLE_STATUS_CODES)) {
            needs("retriable_status_codes", "retriable-status-codes", place, found);
        }
        if (policy.getRetriableHeadersCount() > 0 && !on.contains(RetryOn.RETRIABLE_HEADERS)) {
            needs("retriable_headers", "retriable-headers", place, found);
        }
    }

    private static void needs(String field, String token, Place place, Consumer<Diagnostic> found) {
        found.accept(
                place.warning(
                        field,
                        "without effect: retry_on does not name " + token + "; " + ASKED,
                        "add " + token + " to retry_on, or take the list out"));
    }
}
